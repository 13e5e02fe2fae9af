"""How customers are billed, whom to write to, and what is in collection."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import BillingAccount, BillingContact, CollectionCase
from contracts.services.errors import refuse_future
from contracts.services.saving import kept, refuse_elsewhere, saved, to_change
from customers.models import Person


@transaction.atomic
def save_billing_account(*, account: BillingAccount) -> BillingAccount:
    """Save a billing account as it was filled in, new or corrected."""
    if account.customer_id is not None:
        refuse_elsewhere("address", account.address, account.customer, None)
    return saved(account)


@transaction.atomic
def add_billing_contact(
    *, account: BillingAccount, person: Person, public_id: UUID | None = None
) -> BillingContact:
    """Let a person be written to about the invoices of an account from today.

    `public_id` is the one that its form was issued, so that the form makes one contact.
    """
    account = to_change(account)
    if account.has_ended:
        raise ValidationError(_("The billing account is closed."))
    issued = {"public_id": public_id} if public_id else {}
    return kept(BillingContact(billing_account=account, person=person, **issued))


@transaction.atomic
def end_billing_contact(*, contact: BillingContact, on: date) -> BillingContact:
    """Let a day be the last on which a person is written to about invoices."""
    contact = to_change(contact)
    if contact.ended_on is not None:
        raise ValidationError(_("She is not a contact of this billing account any more."))
    contact.ended_on = on
    return kept(contact)


@transaction.atomic
def open_collection(*, case: CollectionCase) -> CollectionCase:
    """Take an unpaid invoice to collection once it has fallen due."""
    refuse_future(opened_on=case.opened_on)
    if case.invoice_id is not None:
        invoice = to_change(case.invoice)
        if invoice.open_amount <= 0:
            raise ValidationError({"invoice": _("Nothing of this invoice is unpaid.")})
        if case.opened_on <= invoice.due_on:
            raise ValidationError({"opened_on": _("The invoice had not fallen due by then.")})
    return kept(case)


@transaction.atomic
def move_collection(
    *, case: CollectionCase, stage: str, on: date, agency: str = ""
) -> CollectionCase:
    """Move a case to another stage; paid, withdrawn or time-barred it is closed on that day."""
    refuse_future(on=on)
    case = to_change(case)
    if case.closed_on is not None:
        raise ValidationError(_("This case is closed."))
    case.stage = stage
    case.agency = agency or case.agency
    if stage in CollectionCase.CLOSING:
        case.closed_on = on
    return kept(case)
