"""The register description for the people in the register (GDPR Arts. 13-14), in plain words."""

from django.utils.translation import gettext as _

from accounts.models import Recipient
from datamap.controller import CONTROLLER
from privacy.description import parts
from privacy.description.blocks import Section, bullets, table, text
from privacy.description.sayings import NO_MARKETING, RIGHTS, TAKING_BACK, complaint


def sections() -> list[Section]:
    """What the description says, in the language that is active."""
    return [
        Section(
            "controller",
            _("Whose register this is"),
            [
                parts.controller(),
                text(
                    _(
                        "This description tells how we handle the personal data of our customers. "
                        "It follows Articles 13 and 14 of the EU General Data Protection "
                        "Regulation (2016/679, GDPR) and the Data Protection Act (1050/2018)."
                    )
                ),
            ],
        ),
        Section("persons", _("Whose data we hold"), [parts.persons()]),
        Section(
            "purposes",
            _("What we use the data for, and on what ground"),
            [
                text(_("The ground is in general your customer relationship with us.")),
                parts.purposes(),
            ],
        ),
        Section(
            "interests",
            _("Our legitimate interests"),
            [
                text(
                    _(
                        "Some uses rest on our legitimate interest. We have weighed each of them "
                        "against your interests and rights. You can object to them."
                    )
                ),
                parts.interests(),
            ],
        ),
        Section("data", _("What data we hold"), [parts.categories()]),
        _recordings(),
        _sources(),
        _recipients(),
        _transfers(),
        Section(
            "retention",
            _("How long we keep the data"),
            [
                text(
                    _(
                        "When your relationship with us ends, we erase at once what we no longer "
                        "need. The rest is kept for the times below. Data is kept longer only "
                        "while a dispute, a claim or a duty by law needs it."
                    )
                ),
                parts.retention(),
            ],
        ),
        Section("security", _("How we protect the data"), [parts.security()]),
        *_rights(),
    ]


def _recordings() -> Section:
    return Section(
        "recordings",
        _("Recording of service calls"),
        [
            text(
                _(
                    "Calls and video calls to our Service Desk may be recorded, and e-mails and "
                    "instant messages are stored. We tell you before the recording starts."
                ),
                _(
                    "We use recordings to check service events and to solve problems. Only people "
                    "named for it may open them. They are destroyed when they are no longer "
                    "needed."
                ),
            )
        ],
    )


def _sources() -> Section:
    return Section(
        "sources",
        _("Where the data comes from"),
        [
            text(
                _(
                    "Most of the data comes from yourself: when a service is registered and when "
                    "you use it. If you act for a company, the company may have given us your "
                    "data. With each record we note where it came from:"
                )
            ),
            parts.sources(),
            text(
                _(
                    "Derived information is worked out from the register itself. We also check "
                    "the lists of people who have refused calls and addressed post."
                )
            ),
            text(
                _(
                    "We need your name, a way to reach you and the data of the service to make "
                    "and fulfil a contract. You may leave out everything else; without that data "
                    "we cannot provide the service."
                )
            ),
        ],
    )


def _recipients() -> Section:
    group = [one for one in parts.recipients() if one.kind == Recipient.Kind.GROUP]
    processors = parts.processors_now()
    blocks = [
        text(
            _(
                "We disclose data only as the law allows or demands, and keep a record of each "
                "disclosure: to whom, when, what and on which ground. You can ask us who has "
                "received your data."
            )
        ),
        parts.recipient_kinds(),
        text(
            _(
                "Companies of our group may use the register, each on the ground that is noted "
                "here. A look at your data by their staff counts as a disclosure to them."
            )
        ),
    ]
    if group:
        blocks.append(
            table(
                [_("Group company"), _("Country"), _("Ground")],
                [(one.name, parts.country(one.country), one.arrangement) for one in group],
            )
        )
    blocks.append(
        text(
            _(
                "Subcontractors may handle data on our behalf, under a contract and by our "
                "instructions only. They may not use it for purposes of their own."
            )
        )
    )
    if processors:
        blocks.append(
            table(
                [_("Service"), _("Country")],
                dict.fromkeys((one.service, parts.country(one.country)) for one in processors),
            )
        )
    return Section("recipients", _("Who receives the data"), blocks)


def _transfers() -> Section:
    outside = parts.transfers_now()
    return Section(
        "transfers",
        _("Transfers outside the EU and the EEA"),
        [
            text(
                _(
                    "We do not disclose your data outside the European Union and the European "
                    "Economic Area without your consent. Even with it, the data goes only where "
                    "the European Commission has found the protection adequate, or where another "
                    "safeguard of Chapter V of the GDPR protects it, such as the Commission's "
                    "standard contractual clauses. You can get a copy of the safeguard from us."
                )
            ),
            *([outside] if outside else []),
        ],
    )


def _rights() -> list[Section]:
    return [
        Section(
            "rights",
            _("Your rights"),
            [
                bullets(str(right) for right in RIGHTS),
                text(
                    _(
                        "You may make a request in any way you like: by phone, e-mail, letter or "
                        "in person. No way is preferred, and no form or signature is needed."
                    ),
                    _("You need not give reasons, and you need not mention this register."),
                    _("A request is free of charge."),
                ),
                text(
                    _(
                        "We answer without undue delay, and within one month at the latest. If "
                        "the matter is complex, we may need up to two months more; we then tell "
                        "you why within the first month. If we are not sure who you are, we ask "
                        "only for what is needed to make sure of it."
                    )
                ),
                text(
                    _("Call us: %(phone)s.") % {"phone": CONTROLLER.phone},
                    _("Write to us: %(address)s.")
                    % {
                        "address": f"{CONTROLLER.name}, {CONTROLLER.street}, "
                        f"{CONTROLLER.postal_code} {CONTROLLER.city}"
                    },
                ),
            ],
        ),
        Section(
            "marketing",
            _("Your right to refuse direct marketing"),
            [text(str(NO_MARKETING))],
        ),
        Section(
            "consent",
            _("Taking back a consent"),
            [text(str(TAKING_BACK))],
        ),
        Section(
            "decisions",
            _("Automated decisions"),
            [
                text(
                    _(
                        "No decision that has legal or similarly significant effects on you is "
                        "made by a computer alone."
                    )
                )
            ],
        ),
        Section(
            "complaint",
            _("Your right to complain"),
            [text(complaint())],
        ),
    ]
