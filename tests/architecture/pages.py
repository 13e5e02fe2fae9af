"""Every address of the site, and who may open it: the table that the page tests go by."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import Role

OUTSIDER = "outsider"
"""A signed-in user without any role."""
STRANGER = "stranger"
"""Nobody who has signed in."""

EVERY_ROLE = frozenset(role.value for role in Role)
SIGNED_IN = EVERY_ROLE | {OUTSIDER}
EVERYBODY = SIGNED_IN | {STRANGER}
CALLERS = frozenset({"agent", "account_manager", "billing", "recording_reviewer", "registrar"})
LOG_READERS = frozenset({"registrar", "auditor"})


@dataclass(frozen=True)
class Page:
    """Who may open an address, by which methods, and whether it is about a person.

    Everybody else is refused: a stranger is led to the sign-in, a user without the right gets 403.
    Where `answers` is given, it is the status that those who may get, for instance a redirect.
    `record` is the kind (`app.model`) of the record that the address names, if it is not the
    person herself; `posts` is given where fewer may post than look.
    """

    who: frozenset[str]
    methods: tuple[str, ...] = ("get",)
    about_a_person: bool = False
    record: str = ""
    posts: frozenset[str] | None = None
    form: dict[str, Any] = field(default_factory=dict)
    answers: frozenset[int] = frozenset({200})


_SIGN_IN = Page(EVERYBODY, ("get", "post"), answers=frozenset({200, 302}))
_OWN_ACCOUNT = Page(SIGNED_IN, ("get", "post"), answers=frozenset({200, 302}))
# Who has nothing to prove herself with once more, as these users here, is refused.
_ONCE_MORE = Page(SIGNED_IN, ("get", "post"), answers=frozenset({200, 302, 403}))
_OWN_KEY = Page(SIGNED_IN, ("get", "post"), answers=frozenset({200, 302, 404}))

# --- the staff's desk -----------------------------------------------------------------------------

_WRITERS = frozenset({"agent", "account_manager", "registrar"})
_NOBODY: frozenset[str] = frozenset()
_REGISTRAR, _ADMIN = frozenset({"registrar"}), frozenset({"admin"})
_CHOICES = _WRITERS | {"marketer"}
_SURVEYORS = frozenset({"marketer", "registrar"})
_DESK = CALLERS | {"marketer", "auditor", "admin"}
_STAFF = frozenset({"admin", "auditor"})


def _desk(
    kind: str,
    who: frozenset[str],
    *,
    adds: frozenset[str],
    changes: frozenset[str] = frozenset(),
    searches: frozenset[str] = CALLERS,
    is_chosen: bool = False,
    steps: tuple[str, ...] = (),
    asks: tuple[str, ...] = (),
    is_personal: bool = True,
    is_shown_only: bool = False,
) -> dict[str, Page]:
    """The pages of one kind of record: its list, its forms, its search, and what is done to it.

    A step that `asks` has a page of its own; it leads back to the record where it cannot be done.
    """
    at = f"admin/{kind.replace('.', '/')}/"
    saved = frozenset({200, 302} if is_shown_only else {200, 409})
    pages = {
        at: Page(who),
        f"{at}<uuid:public_id>/change/": Page(
            who, ("get", "post"), is_personal, kind, changes, answers=saved
        ),
    }
    if adds:
        pages[f"{at}add/"] = Page(adds, ("get", "post"))
    if searches:
        pages[f"{at}search/"] = Page(searches, ("post",), answers=frozenset({302}))
    if is_chosen:
        pages[f"{at}choose/"] = Page(searches, ("post",), form={"term": "virtanen"})
    for step in steps:
        pages[f"{at}<uuid:public_id>/{step}/"] = Page(
            changes, ("post",), record=kind, answers=frozenset({302})
        )
    for step in asks:
        pages[f"{at}<uuid:public_id>/{step}/"] = Page(
            changes, ("get", "post"), is_personal, kind, answers=frozenset({200, 302})
        )
    return pages


DESK: dict[str, Page] = {
    "admin/": Page(_DESK),
    "admin/roles/": Page(_STAFF),
    "admin/purpose/": Page(CALLERS | {"marketer"}, ("get", "post")),
    **_desk("customers.person", CALLERS, adds=_WRITERS, changes=_WRITERS, is_chosen=True),
    **_desk("customers.contactpoint", CALLERS, adds=_WRITERS, changes=_WRITERS),
    **_desk("customers.address", CALLERS, adds=_WRITERS, changes=_WRITERS),
    **_desk("customers.customer", CALLERS, adds=_WRITERS, changes=_WRITERS, is_chosen=True),
    **_desk("customers.contactperson", CALLERS, adds=_WRITERS, changes=_WRITERS, is_chosen=True),
    **_desk("customers.serviceuser", CALLERS, adds=_WRITERS, changes=_WRITERS),
    **_desk(
        "customers.interaction",
        CALLERS,
        adds=frozenset({"agent", "account_manager", "recording_reviewer"}),
        changes=frozenset({"agent", "account_manager", "recording_reviewer"}),
    ),
    **_desk(
        "customers.restriction",
        CALLERS,
        adds=_REGISTRAR,
        changes=_REGISTRAR,
        is_shown_only=True,
    ),
    **_desk("customers.hold", CALLERS, adds=_REGISTRAR, changes=_REGISTRAR, steps=("release",)),
    **_desk("consents.marketingchoice", _CHOICES, adds=_WRITERS, searches=_WRITERS),
    **_desk("consents.collectionnotice", _CHOICES, adds=_WRITERS, searches=_WRITERS),
    **_desk(
        "consents.workduty",
        _CHOICES,
        adds=_WRITERS,
        changes=frozenset({"account_manager", "registrar"}),
        searches=_WRITERS,
        steps=("end",),
        is_shown_only=True,
    ),
    **_desk(
        "consents.consent",
        _WRITERS,
        adds=_NOBODY,
        changes=_REGISTRAR,
        searches=_WRITERS,
        steps=("withdraw",),
        is_shown_only=True,
    ),
    **_desk("consents.supplementaryinformation", _WRITERS, adds=_NOBODY, searches=_WRITERS),
    **_desk(
        "consents.survey",
        _CHOICES,
        adds=_SURVEYORS,
        changes=_SURVEYORS,
        searches=frozenset(),
        is_personal=False,
    ),
    **_desk(
        "consents.surveyquestion",
        _CHOICES,
        adds=_SURVEYORS,
        changes=_SURVEYORS,
        searches=frozenset(),
        is_personal=False,
    ),
    **_desk(
        "consents.wording",
        _CHOICES,
        adds=frozenset({"marketer", "registrar"}),
        searches=frozenset(),
        is_personal=False,
    ),
    **_desk(
        "accounts.user",
        _STAFF,
        adds=_ADMIN,
        changes=_ADMIN,
        searches=_STAFF,
        steps=("disable", "enable", "invite"),
        is_personal=False,
    ),
}

_MANAGER, _BILLING = frozenset({"account_manager"}), frozenset({"billing"})
_BILLED = CALLERS - {"recording_reviewer"}
_COLLECTORS = frozenset({"billing", "registrar"})

CONTRACTS: dict[str, Page] = {
    **_desk(
        "contracts.offer",
        CALLERS,
        adds=_MANAGER,
        changes=_MANAGER,
        asks=("send", "accept", "decline"),
    ),
    **_desk(
        "contracts.order",
        CALLERS,
        adds=_MANAGER,
        changes=_MANAGER,
        asks=("deliver", "hand-out", "take-back", "cancel"),
    ),
    **_desk("contracts.return", CALLERS, adds=_NOBODY),
    **_desk(
        "contracts.contract",
        CALLERS,
        adds=_MANAGER,
        changes=_MANAGER,
        is_chosen=True,
        asks=("give-notice",),
    ),
    **_desk(
        "contracts.subscription",
        CALLERS,
        adds=_MANAGER,
        changes=_MANAGER,
        asks=("alter", "terminate"),
    ),
    **_desk("contracts.servicechange", CALLERS, adds=_NOBODY),
    **_desk("contracts.device", CALLERS, adds=_MANAGER, changes=_MANAGER, asks=("hand-out",)),
    **_desk(
        "contracts.devicehandover",
        CALLERS,
        adds=_NOBODY,
        changes=_MANAGER,
        asks=("take-back",),
        is_shown_only=True,
    ),
    **_desk(
        "contracts.billingaccount",
        _BILLED,
        adds=_BILLING,
        changes=_BILLING,
        searches=_BILLED,
        is_chosen=True,
    ),
    **_desk(
        "contracts.billingcontact",
        _BILLED,
        adds=_BILLING,
        changes=_BILLING,
        searches=_BILLED,
        asks=("end",),
        is_shown_only=True,
    ),
    **_desk("contracts.invoice", _BILLED, adds=_NOBODY, searches=_BILLED, is_chosen=True),
    **_desk(
        "contracts.collectioncase",
        _COLLECTORS,
        adds=_BILLING,
        changes=_BILLING,
        searches=_COLLECTORS,
        asks=("move",),
        is_shown_only=True,
    ),
    **_desk(
        "contracts.product",
        _STAFF,
        adds=_ADMIN,
        changes=_ADMIN,
        searches=_STAFF,
        is_personal=False,
    ),
    **_desk(
        "contracts.vatrate",
        _STAFF,
        adds=_ADMIN,
        changes=_ADMIN,
        searches=frozenset(),
        is_personal=False,
    ),
}

DESK |= CONTRACTS

# --- the caller card ------------------------------------------------------------------------------

_LOGGERS = frozenset({"agent", "account_manager", "recording_reviewer"})
_REFUSED = frozenset({409})
_ASKED_AGAIN = frozenset({200, 422})
_CORRECTION = Page(_WRITERS, ("get", "post"), about_a_person=True, answers=_ASKED_AGAIN)
_ONE_CLICK = Page(_WRITERS, ("post",), about_a_person=True, answers=_REFUSED)
_PERSON = "persons/<uuid:public_id>/"

CARD: dict[str, Page] = {
    _PERSON: Page(CALLERS, about_a_person=True),
    f"{_PERSON}<slug:panel>/": Page(CALLERS, about_a_person=True),
    f"{_PERSON}reveal/": Page(CALLERS, ("post",), about_a_person=True),
    f"{_PERSON}log-contact/": Page(
        _LOGGERS, ("get", "post"), about_a_person=True, answers=_ASKED_AGAIN
    ),
    f"{_PERSON}contacts/<uuid:contact>/close/": Page(
        _LOGGERS, ("post",), about_a_person=True, answers=_REFUSED
    ),
    f"{_PERSON}permissions/choose/": _ONE_CLICK,
    f"{_PERSON}permissions/undo/": _ONE_CLICK,
    f"{_PERSON}consents/give/": Page(
        _REGISTRAR, ("get", "post"), about_a_person=True, answers=_ASKED_AGAIN | _REFUSED
    ),
    f"{_PERSON}consents/<uuid:consent>/withdraw/": Page(
        _REGISTRAR, ("post",), about_a_person=True, answers=frozenset({302})
    ),
    f"{_PERSON}extra/add/": Page(
        _REGISTRAR, ("get", "post"), about_a_person=True, answers=_ASKED_AGAIN
    ),
    f"{_PERSON}name/correct/": _CORRECTION,
    f"{_PERSON}language/correct/": _CORRECTION,
    f"{_PERSON}contact-points/add/": _CORRECTION,
    f"{_PERSON}contact-points/<uuid:point>/correct/": _CORRECTION,
    f"{_PERSON}contact-points/<uuid:point>/end/": _ONE_CLICK,
    f"{_PERSON}contact-points/<uuid:point>/first/": _ONE_CLICK,
    f"{_PERSON}addresses/add/": _CORRECTION,
    f"{_PERSON}addresses/<uuid:address>/correct/": _CORRECTION,
    f"{_PERSON}addresses/<uuid:address>/end/": _ONE_CLICK,
    f"{_PERSON}roles/<uuid:role>/correct/": _CORRECTION,
    f"{_PERSON}roles/<uuid:role>/end/": _CORRECTION,
    "customers/<uuid:public_id>/": Page(CALLERS, about_a_person=True, record="customers.customer"),
    "customers/<uuid:public_id>/<slug:tab>/": Page(
        CALLERS, about_a_person=True, record="customers.customer"
    ),
    "customers/<uuid:public_id>/permissions/choose/": Page(
        _WRITERS, ("post",), about_a_person=True, record="customers.customer", answers=_REFUSED
    ),
}
PARTS = {
    "consent": "consents.consent",
    "contact": "customers.interaction",
    "point": "customers.contactpoint",
    "address": "customers.address",
    "role": "customers.contactperson",
    "task": "privacy.requesttask",
    "attachment": "privacy.requestattachment",
    "letter": "privacy.requestletter",
    "package": "privacy.package",
    "record": "customers.person",
    "restriction": "customers.restriction",
    "notice": "privacy.recipientnotice",
    "run": "privacy.erasurerun",
}
"""What else an address names besides the person: the kind of each record of hers."""

DOCUMENTS: dict[str, Page] = {
    f"documents/{kind}s/<uuid:public_id>/": Page(
        CALLERS, ("get", "head"), about_a_person=True, record=f"contracts.{kind}"
    )
    for kind in ("offer", "order", "contract")
}

_MARKETERS = frozenset({"marketer"})
_LIST_READERS = _MARKETERS | _REGISTRAR
_LIST = "marketing/<uuid:public_id>/"
_FILE = Page(_MARKETERS, ("post",), about_a_person=True, record="consents.marketinglist")

MARKETING: dict[str, Page] = {
    "marketing/": Page(_LIST_READERS),
    "marketing/new/": Page(_MARKETERS, ("get", "post"), answers=frozenset({200, 422})),
    _LIST: Page(_LIST_READERS, about_a_person=True, record="consents.marketinglist"),
    f"{_LIST}choose/": Page(
        _LIST_READERS,
        ("post",),
        about_a_person=True,
        record="consents.marketinglist",
        answers=frozenset({302}),
    ),
    # Who has nothing to prove herself with once more, as these users here, is not asked to.
    f"{_LIST}csv/": _FILE,
    f"{_LIST}xlsx/": _FILE,
}

# --- recordings -----------------------------------------------------------------------------------

_REVIEWERS = frozenset({"recording_reviewer", "registrar"})
_TOLD = _REVIEWERS | {"agent", "account_manager"}
_ASKING = Page(
    _REVIEWERS, ("get", "head", "post"), about_a_person=True, answers=frozenset({200, 422})
)

RECORDINGS: dict[str, Page] = {
    "recordings/": Page(_REVIEWERS, ("get", "head", "post")),
    "recordings/messages/": Page(_REVIEWERS, ("get", "head", "post")),
    "recordings/<uuid:public_id>/": replace(_ASKING, record="recordings.recording"),
    "recordings/messages/<uuid:public_id>/": replace(_ASKING, record="recordings.storedmessage"),
    # Without a link nobody hears anything: what a good one opens stands in tests/recordings.
    "recordings/<uuid:public_id>/media": Page(
        _REVIEWERS,
        ("get", "head"),
        about_a_person=True,
        record="recordings.recording",
        answers=frozenset({403}),
    ),
}

DESK |= {
    **_desk(
        "recordings.recording",
        _TOLD,
        adds=_NOBODY,
        changes=_REVIEWERS,
        searches=_TOLD,
        asks=("hold", "correct", "put-right"),
        is_shown_only=True,
    ),
    **_desk(
        "recordings.storedmessage",
        _TOLD,
        adds=_NOBODY,
        changes=_REVIEWERS,
        searches=_TOLD,
        asks=("hold", "correct"),
        is_shown_only=True,
    ),
    **_desk(
        "recordings.recordinghold",
        _REVIEWERS,
        adds=_NOBODY,
        changes=_REVIEWERS,
        searches=_NOBODY,
        steps=("release",),
    ),
    **_desk("recordings.reassignment", _REVIEWERS, adds=_NOBODY, searches=_NOBODY),
}

# --- the register's own records -------------------------------------------------------------------

_A_VERSION = Page(EVERYBODY, ("get", "head"), answers=frozenset({200, 404}))

REGISTER: dict[str, Page] = {
    "register/": Page(EVERYBODY, ("get", "head")),
    "register/pdf/": Page(EVERYBODY, ("get", "head")),
    "register/report-schema.json": Page(EVERYBODY, ("get", "head")),
    "register/versions/": Page(EVERYBODY, ("get", "head")),
    "register/versions/<int:version>/": _A_VERSION,
    "register/versions/<int:version>/pdf/": _A_VERSION,
    "register/versions/<int:version>/changes/": _A_VERSION,
    "register/publish/": Page(_REGISTRAR, ("get", "post"), answers=frozenset({200, 302})),
    "register/record/": Page(LOG_READERS, ("get", "head")),
    "register/record/pdf/": Page(LOG_READERS, ("get", "head")),
    "breaches/": Page(LOG_READERS, ("get", "head")),
    "breaches/<uuid:public_id>/": Page(LOG_READERS, ("get", "head"), record="privacy.breach"),
}

_RUN = Page(_REGISTRAR, ("post",), record="privacy.erasurerun", answers=frozenset({409}))

RETENTION: dict[str, Page] = {
    "retention/": Page(LOG_READERS),
    # Without a day nothing is counted, without its digest no plan is approved.
    "retention/outlooks/": Page(_REGISTRAR, ("post",), answers=frozenset({422})),
    "retention/outlooks/<uuid:public_id>/": Page(LOG_READERS, record="privacy.retentionoutlook"),
    "retention/runs/<uuid:public_id>/": Page(LOG_READERS, record="privacy.erasurerun"),
    "retention/runs/<uuid:public_id>/approve/": _RUN,
    "retention/runs/<uuid:public_id>/stop/": replace(_RUN, answers=frozenset({302})),
    "retention/statistics/": Page(LOG_READERS),
    "retention/periods/": Page(LOG_READERS),
    "retention/periods/<slug:rule>/": Page(
        _REGISTRAR, ("get", "post"), answers=frozenset({200, 422})
    ),
}

_KEPT_BY_REGISTRAR: dict[str, Any] = {
    "adds": _REGISTRAR,
    "changes": _REGISTRAR,
    "searches": _NOBODY,
    "is_personal": False,
}
DESK |= {
    **_desk("accounts.recipient", LOG_READERS, **_KEPT_BY_REGISTRAR),
    **_desk("accounts.processor", LOG_READERS, **_KEPT_BY_REGISTRAR),
    **_desk("accounts.adequacydecision", LOG_READERS, **_KEPT_BY_REGISTRAR),
    **_desk(
        "accounts.disclosure",
        LOG_READERS,
        **_KEPT_BY_REGISTRAR,
        asks=("name-more",),
        is_shown_only=True,
    ),
    **_desk("privacy.breach", LOG_READERS, **_KEPT_BY_REGISTRAR, asks=("affected", "close")),
}

# --- data-subject requests ------------------------------------------------------------------------

_CASE = "requests/<uuid:public_id>/"
_PACKAGE = f"{_CASE}package/<uuid:package>/"
_OF_CASE = Page(_REGISTRAR, about_a_person=True, record="privacy.subjectrequest")
_STEP = replace(_OF_CASE, methods=("get", "post"), answers=frozenset({200, 409, 422}))
_PUT = replace(_OF_CASE, methods=("post",), answers=frozenset({422}))
_TAKEN_OUT = replace(_OF_CASE, methods=("post",))
_DONE = replace(_OF_CASE, methods=("post",), answers=frozenset({302}))
_STEPS = (
    *("whose", "identify", "ask-identity", "go-on", "start", "extend", "answer"),
    *("refused", "refuse-partly", "refuse", "take-back-refusal", "withdraw", "close"),
    *("correct", "assign"),
)
_DECISIONS = ("complete", "restrict", "objection", "erasure", "staff-names")

# The month shows numbers alone, so it comes before the walk has made any request.
REQUESTS: dict[str, Page] = {
    "requests/month/": Page(_REGISTRAR),
    "requests/new/": Page(_WRITERS, ("get", "post"), answers=_ASKED_AGAIN),
    "requests/person/": Page(_WRITERS, ("post",), form={"term": "virtanen"}),
    "requests/calendar/": Page(_REGISTRAR, ("get", "post"), answers=frozenset({200, 302})),
    # A link that is none: what a good one opens stands in tests/privacy/test_calendar.py.
    "requests/calendar/<str:token>/": Page(EVERYBODY, answers=frozenset({404})),
    _CASE: _OF_CASE,
    **{f"{_CASE}{step}/": _STEP for step in _STEPS},
    f"{_CASE}notes/": _PUT,
    f"{_CASE}tasks/": _PUT,
    f"{_CASE}tasks/<uuid:task>/done/": _DONE,
    f"{_CASE}papers/": _PUT,
    f"{_CASE}papers/<uuid:attachment>/": _TAKEN_OUT,
    f"{_CASE}letters/": _PUT,
    f"{_CASE}letters/<uuid:letter>/": _TAKEN_OUT,
    f"{_CASE}letters/<uuid:letter>/sent/": _DONE,
    f"{_CASE}letters/<uuid:letter>/throw-away/": _DONE,
    f"{_CASE}decisions/rectify/": _OF_CASE,
    f"{_CASE}decisions/rectify/others/": _OF_CASE,
    f"{_CASE}decisions/rectify/others/<slug:model>/": _OF_CASE,
    f"{_CASE}decisions/rectify/<slug:model>/<uuid:record>/<slug:field>/": _STEP,
    **{f"{_CASE}decisions/{one}/": _STEP for one in _DECISIONS},
    f"{_CASE}decisions/lift/<uuid:restriction>/": _DONE,
    f"{_CASE}decisions/recipients/<uuid:notice>/": _STEP,
    f"{_CASE}erasure/": replace(_OF_CASE, methods=("get", "head")),
    f"{_CASE}erasure/plan/": _DONE,
    f"{_CASE}erasure/<uuid:run>/approve/": replace(_DONE, answers=frozenset({404})),
    f"{_CASE}erasure/<uuid:run>/certificate/<slug:language>/": replace(
        _OF_CASE, methods=("get", "head"), answers=frozenset({404})
    ),
    f"{_CASE}package/": _DONE,
    _PACKAGE: replace(_OF_CASE, methods=("get", "head")),
    f"{_PACKAGE}review/": _STEP,
    f"{_PACKAGE}draft/": _STEP,
    f"{_PACKAGE}approve/": replace(_DONE, answers=frozenset({409, 422})),
    # Only what failed begins anew, only what is ready is sent and handed out.
    f"{_PACKAGE}again/": replace(_DONE, answers=frozenset({409})),
    f"{_PACKAGE}sent/": replace(_DONE, answers=frozenset({409})),
    f"{_PACKAGE}discard/": replace(_DONE, answers=frozenset({422})),  # no reason is given
    f"{_PACKAGE}password/": _DONE,
    f"{_PACKAGE}password/written-down/": replace(_DONE, answers=frozenset({409})),
    f"{_PACKAGE}files/<slug:kind>/<int:volume>/": replace(_DONE, answers=frozenset({404})),
    "requests/": Page(_REGISTRAR),
}

PAGES: dict[str, Page] = {
    "": Page(SIGNED_IN, answers=frozenset({200, 302})),
    "lookup/": Page(CALLERS, ("get", "post"), form={"q": "virtanen"}),
    "lookup/recent/": Page(CALLERS),
    **CARD,
    **DOCUMENTS,
    **MARKETING,
    **RECORDINGS,
    **REQUESTS,
    "audit/": Page(LOG_READERS),
    **REGISTER,
    **RETENTION,
    # A token that is none: what a good one opens stands in tests/consents/test_preferences.py.
    "preferences/<str:token>/": Page(EVERYBODY, ("get", "post"), answers=frozenset({404})),
    "survey/<str:token>/": Page(EVERYBODY, ("get", "post"), answers=frozenset({404})),
    **DESK,
    "health/live": Page(EVERYBODY),
    "health/ready": Page(EVERYBODY),
    "accounts/login/": _SIGN_IN,
    "accounts/logout/": Page(EVERYBODY, ("get", "post"), answers=frozenset({200, 302})),
    "accounts/inactive/": Page(EVERYBODY, answers=frozenset({200, 302})),
    "accounts/password/reset/": _SIGN_IN,
    "accounts/password/reset/done/": Page(EVERYBODY, answers=frozenset({200, 302})),
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": _SIGN_IN,
    "accounts/password/reset/key/done/": Page(EVERYBODY, answers=frozenset({200, 302})),
    "accounts/reauthenticate/": _ONCE_MORE,
    "accounts/password/change/": _OWN_ACCOUNT,
    "accounts/password/set/": _OWN_ACCOUNT,
    "accounts/language/": Page(EVERYBODY, ("post",), answers=frozenset({302})),
    "accounts/shortcuts/": Page(SIGNED_IN, ("post",), answers=frozenset({302})),
    "accounts/2fa/": Page(SIGNED_IN),
    "accounts/2fa/authenticate/": Page(EVERYBODY, ("get", "post"), answers=frozenset({200, 302})),
    "accounts/2fa/reauthenticate/": _ONCE_MORE,
    "accounts/2fa/totp/activate/": _OWN_ACCOUNT,
    "accounts/2fa/totp/deactivate/": _OWN_KEY,
    "accounts/2fa/recovery-codes/": Page(SIGNED_IN, answers=frozenset({200, 302, 404})),
    "accounts/2fa/recovery-codes/generate/": _OWN_KEY,
    "accounts/2fa/recovery-codes/download/": _OWN_KEY,
    "accounts/2fa/webauthn/": Page(SIGNED_IN, answers=frozenset({200, 302})),
    "accounts/2fa/webauthn/add/": _OWN_ACCOUNT,
    "accounts/2fa/webauthn/reauthenticate/": _ONCE_MORE,
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": _OWN_KEY,
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": _OWN_KEY,
}


def routes() -> Iterator[str]:
    """Every route of the URLconf, as `request.resolver_match.route` names it."""
    yield from _walk("", get_resolver("praecom_registry.urls").url_patterns)


def _walk(prefix: str, patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _walk(route, pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield route


def address(route: str, **values: Any) -> str:
    """The address of a route, with its parts filled in."""
    filled = (
        route.replace("<int:pk>", "1")
        .replace("<int:version>", "1")
        .replace(
            "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
            "password/reset/key/1-x-y/",
        )
    )
    filled = filled.replace("<str:token>", "none")
    filled = filled.replace("<slug:model>", "person").replace("<slug:field>", "last_name")
    filled = filled.replace("<slug:language>", "fi")
    filled = filled.replace("<slug:rule>", "customers-contactperson-ended_on")
    filled = filled.replace("<slug:kind>", "data").replace("<int:volume>", "1")
    filled = filled.replace("<slug:panel>", "contact").replace("<slug:tab>", "contracts")
    for name, value in values.items():
        filled = filled.replace(f"<uuid:{name}>", str(value))
    return f"/{filled}"
