"""The record of processing of Art. 30(1): internal, for the registrar and the auditor."""

from django.utils.translation import gettext as _

from accounts.models import Processor, SubProcessor
from privacy.description import parts
from privacy.description.blocks import Section, table, text


def sections() -> list[Section]:
    """What the record says, in the language that is active."""
    outside = parts.transfers_now()
    named = [
        (one.name, str(one.get_kind_display()), parts.country(one.country), one.arrangement)
        for one in parts.recipients()
    ]
    processors = parts.processors_now()
    return [
        Section("controller", _("Controller (a)"), [parts.controller()]),
        Section(
            "purposes",
            _("Purposes (b)"),
            [parts.purposes(), parts.interests()],
        ),
        Section(
            "data",
            _("Data subjects and categories of data (c)"),
            [parts.persons(), parts.fields(), parts.sources()],
        ),
        Section(
            "recipients",
            _("Recipients (d)"),
            [
                parts.recipient_kinds(),
                *(
                    [table([_("Recipient"), _("Kind"), _("Country"), _("Ground")], named)]
                    if named
                    else []
                ),
            ],
        ),
        Section(
            "processors",
            _("Processors and their sub-processors (Art. 28)"),
            [_processors(processors)]
            if processors
            else [text(_("Nobody processes data on our behalf."))],
        ),
        Section(
            "transfers",
            _("Transfers to third countries and their safeguards (e)"),
            [
                text(
                    _(
                        "A disclosure outside the EEA is refused without the consent of each "
                        "person and a tool of Chapter V of the GDPR."
                    )
                ),
                *([outside] if outside else []),
            ],
        ),
        Section("retention", _("Time limits for erasure (f)"), [parts.retention()]),
        Section("security", _("Security measures (g)"), [parts.security()]),
    ]


def _processors(processors: list[Processor]) -> dict[str, object]:
    return table(
        [
            _("Processor"),
            _("Service"),
            _("Country"),
            _("Safeguard"),
            _("Contract of"),
            _("Sub-processors"),
        ],
        [
            (
                one.name,
                one.service,
                parts.country(one.country),
                str(one.get_transfer_tool_display()) if one.transfer_tool else "",
                parts.day(one.contract_on),
                ", ".join(_sub_processor(sub) for sub in one.sub_processors.all()),
            )
            for one in processors
        ],
    )


def _sub_processor(sub: SubProcessor) -> str:
    """A sub-processor with its country, and what lets the data go there."""
    tool = f"; {sub.get_transfer_tool_display()}" if sub.transfer_tool else ""
    return f"{sub.name} ({parts.country(sub.country)}{tool})"
