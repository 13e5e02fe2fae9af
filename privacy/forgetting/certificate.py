"""The certificate of an erasure: what went, what stays and why, without naming whom it was about.

It looks as our letters do, and can go out with the answer as its annex.
"""

from django.utils.formats import date_format, number_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from accounts.models import User
from contracts.documents.letters import Column, Letter, Section, compiled
from privacy.forgetting.request_words import Line, beyond_reach, going, staying
from privacy.models import ErasureRun


def pdf_of(run: ErasureRun, language: str) -> bytes:
    """The certificate as a tagged PDF in a language; raises DocumentNotMade."""
    return compiled(certificate_of(run, language))


def certificate_of(run: ErasureRun, language: str) -> Letter:
    """What the certificate of a run says, that was carried out."""
    with override(language):
        return Letter(
            language=language,
            title=_("Certificate of erasure"),
            recipient=[],
            facts=[
                (pgettext("of a document", "Date"), _day_of(run)),
                (_("Request"), run.request_number),
                (_("Planned by"), _name(run.planned_by)),
                (_("Approved by"), _name(run.approved_by)),
            ],
            opening=[
                _("On %(day)s we erased from our customer register what is listed here.")
                % {"day": _day_of(run)},
                _(
                    "Our backups are overwritten in time; should one have to be used, the same is"
                    " erased again."
                ),
            ],
            sections=[
                Section(
                    _("What was erased"),
                    [_kind(), _number(), Column(_("What was done"))],
                    [
                        [one.kind, _grouped(one.records), one.outcome]
                        for one in going(run.plan, is_done=True)
                    ],
                    empty=_("Nothing was erased."),
                ),
                Section(
                    _("What stays"),
                    [_kind(), _number(), Column(pgettext("kept", "Until")), Column(_("Why"))],
                    [
                        [
                            one.kind,
                            _grouped(one.records),
                            _until(one),
                            one.because,
                        ]
                        for one in staying(run.stays)
                    ],
                    empty=_("Nothing stays."),
                ),
                Section(
                    _("Beyond our reach"),
                    [_kind(), _number()],
                    [[one.kind, _grouped(one.records)] for one in beyond_reach(run.stays)],
                    empty=_("Nothing was sent or given to anybody, as far as the register knows."),
                ),
            ],
        )


def _kind() -> Column:
    return Column(_("Kind of records"))


def _number() -> Column:
    return Column(pgettext("of records", "Number"), at_end=True)


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def _until(line: Line) -> str:
    return "–" if line.until is None else date_format(line.until, "SHORT_DATE_FORMAT")


def _day_of(run: ErasureRun) -> str:
    return date_format(localdate(run.ended_at), "SHORT_DATE_FORMAT")


def _name(member: User | None) -> str:
    return "–" if member is None else member.display_name or member.username
