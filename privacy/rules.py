"""What the database refuses in a request, in a sentence for the registrar (ADR 12)."""

from django.utils.translation import gettext_lazy as _

from contracts.rules import Rules

SENTENCES = {
    "request_begins_as_received": _("A request begins as received."),
    "request_receipt_stays": _("The number and the day of receipt of a request stay."),
    "request_closed_stays": _("The request is closed: it stays as it is."),
    "request_file_is_closed": _("The request is closed: nothing is added to it."),
    "request_state_follows": _("This step is not possible in the state of the request."),
    "request_identified_person_stays": _(
        "She has been identified as this person: open another request for somebody else."
    ),
    "request_answers_the_identified": _(
        "Nobody is given data before it is sure who she is: note how she was identified."
    ),
    "request_is_extended_once": _("The time has been extended already."),
    "request_letter_stays_sent": _("The letter went out: it stays as it went."),
    "package_review_is_over": _("The review is over: what was decided stays."),
    "package_finds_are_decided": _("There are finds to be decided first."),
    "breach_closed_stays": _("The breach is closed: it stays as it is."),
    "breach_open_stays": _("A breach is closed before it can go."),
    "package_approval_stays": _("What was approved stays as it was approved."),
}

said = Rules("privacy", SENTENCES).said
