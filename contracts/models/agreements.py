"""Contracts, the services in use under them, and how those have changed (S19, S20)."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.dates import add_months, add_terms
from contracts.identifiers import read_service_identifier
from contracts.models.base import NextNumber, currency, currency_is_a_code, money
from contracts.models.billing_accounts import BillingAccount
from contracts.models.products import Product
from contracts.querysets import ContractQuerySet, ServiceChangeQuerySet, SubscriptionQuerySet
from customers.models import Address, Customer, Person
from customers.models.base import (
    RegisterModel,
    SourcedModel,
    ends_after_start,
    refuse_reversed,
    source_is_known,
)
from customers.models.relationships import DateRange


class Contract(SourcedModel):
    """An agreement with a customer from one day on, until it ends or notice is given."""

    class Renewal(models.TextChoices):
        OPEN_ENDED = "open_ended", _("In force until further notice")
        ENDS = "ends", _("Ends on its last day")
        RENEWS = "renews", _("Renews for another term")

    class State(models.TextChoices):
        COMING = "coming", pgettext_lazy("contract", "Begins later")
        IN_FORCE = "in_force", pgettext_lazy("contract", "In force")
        NOTICE_GIVEN = "notice_given", pgettext_lazy("contract", "Notice given")
        ENDED = "ended", pgettext_lazy("contract", "Ended")

    number = models.CharField(
        _("contract number"),
        max_length=32,
        unique=True,
        editable=False,
        db_default=NextNumber(prefix="SO", sequence="contracts_contract_number"),
        help_text=_("Given by the database once; never changed."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="contracts",
        verbose_name=_("customer"),
        help_text=_("With whom."),
    )
    signed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contracts",
        verbose_name=_("signed by"),
        help_text=_("The person who signed for the customer, where known."),
    )
    billing_account = models.ForeignKey(
        BillingAccount,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("billing account"),
        help_text=_("How it is billed."),
    )
    signed_on = models.DateField(_("signed"), help_text=_("The day it was signed."))
    starts_on = models.DateField(_("starts"), help_text=_("The first day."))
    ends_on = models.DateField(
        _("ends"), null=True, blank=True, help_text=_("The last day; empty until further notice.")
    )
    renewal = models.CharField(
        _("renewal"),
        max_length=10,
        choices=Renewal.choices,
        default=Renewal.OPEN_ENDED,
        help_text=_("What happens on the last day."),
    )
    renewal_months = models.PositiveSmallIntegerField(
        _("renewal, months"),
        null=True,
        blank=True,
        help_text=_("For how long it renews; empty if it does not."),
    )
    notice_months = models.PositiveSmallIntegerField(
        _("notice period, months"), default=1, help_text=_("From the notice to the last day.")
    )
    notice_given_on = models.DateField(
        _("notice given"), null=True, blank=True, help_text=_("The day notice was given.")
    )
    currency = currency()

    objects = ContractQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(fields=["starts_on"], name="contract_by_first_day"),
            models.Index(
                fields=["ends_on"],
                condition=models.Q(notice_given_on__isnull=False),
                name="contract_under_notice",
            ),
            models.Index(
                fields=["customer", "-signed_on", "-id"], name="contract_newest_of_customer"
            ),
            models.Index(
                fields=["customer", "-notice_given_on", "-id"],
                condition=models.Q(notice_given_on__isnull=False),
                name="contract_notice_of_customer",
            ),
            models.Index(
                fields=["customer", "-ends_on", "-id"],
                condition=models.Q(ends_on__isnull=False)
                & (~models.Q(renewal="renews") | models.Q(notice_given_on__isnull=False)),
                name="contract_ended_of_customer",
            ),
            models.Index(
                fields=["signed_by", "-signed_on", "-id"],
                condition=models.Q(signed_by__isnull=False),
                name="contract_newest_of_person",
            ),
            models.Index(
                fields=["signed_by", "-notice_given_on", "-id"],
                condition=models.Q(signed_by__isnull=False, notice_given_on__isnull=False),
                name="contract_notice_of_person",
            ),
            models.Index(
                fields=["signed_by", "-ends_on", "-id"],
                condition=models.Q(signed_by__isnull=False)
                & models.Q(ends_on__isnull=False)
                & (~models.Q(renewal="renews") | models.Q(notice_given_on__isnull=False)),
                name="contract_ended_of_person",
            ),
            models.Index(
                fields=["ends_on"],
                condition=models.Q(ends_on__isnull=False),
                name="contract_by_last_day",
            ),
        ]
        constraints = [
            ends_after_start("contract_ends_after_start", "starts_on", "ends_on"),
            models.CheckConstraint(
                name="contract_renewal_fits",
                condition=models.Q(renewal="open_ended", renewal_months__isnull=True)
                | models.Q(renewal="ends", ends_on__isnull=False, renewal_months__isnull=True)
                | models.Q(renewal="renews", ends_on__isnull=False, renewal_months__gte=1),
                violation_error_message=_(
                    "A contract for a term has a last day, and one that renews says for how many "
                    "months."
                ),
            ),
            models.CheckConstraint(
                name="contract_ends_after_notice",
                condition=models.Q(notice_given_on__isnull=True)
                | models.Q(
                    ends_on__isnull=False,
                    ends_on__gte=models.F("notice_given_on"),
                    notice_given_on__gte=models.F("signed_on"),
                ),
                violation_error_message=_(
                    "Notice is given after the signing, and the last day is not before the notice."
                ),
            ),
            models.CheckConstraint(
                name="contract_open_end_comes_by_notice",
                condition=~models.Q(renewal="open_ended")
                | models.Q(ends_on__isnull=True)
                | models.Q(notice_given_on__isnull=False),
                violation_error_message=_(
                    "A contract until further notice gets its last day when notice is given."
                ),
            ),
            currency_is_a_code("contract_currency_is_a_code"),
            source_is_known("contract_source_is_known"),
        ]

    @property
    def state(self) -> "Contract.State":
        """Where the contract stands today."""
        today = timezone.localdate()
        if self.ends_on is not None and self.ends_on < today:
            return self.State.IN_FORCE if self.last_day is None else self.State.ENDED
        if self.notice_given_on is not None:
            return self.State.NOTICE_GIVEN
        return self.State.COMING if self.starts_on > today else self.State.IN_FORCE

    @property
    def last_day(self) -> date | None:
        """The day that the contract ends with; none while it goes on or renews."""
        renews = self.renewal == self.Renewal.RENEWS and self.notice_given_on is None
        return None if renews else self.ends_on

    def last_day_after_notice(self, on: date) -> date:
        """The last day if notice is given on a day: the period of notice has passed by then.

        A contract for a term ends with the term, and one that renews with the term that runs when
        the period has passed.
        """
        earliest = add_months(on, self.notice_months)
        if self.ends_on is None:
            return earliest
        return self.term_end_from(earliest)

    def term_end_from(self, day: date) -> date:
        """The last day of the term that runs on a day; of one that does not renew, its own."""
        if self.ends_on is None:
            raise ValueError("A contract until further notice has no terms.")
        end = self.ends_on
        while end < day and self.renewal_months:
            end = add_terms(end, self.renewal_months)
        return end

    @property
    def display_name(self) -> str:
        """The contract's number."""
        return self.number


class Subscription(SourcedModel):
    """A service in use under a contract: for whom, where, by which number or line."""

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="subscriptions",
        verbose_name=_("customer"),
        help_text=_("Whose contract it is under."),
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        related_name="subscriptions",
        verbose_name=_("contract"),
        help_text=_("The contract that it is under."),
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Which service."),
    )
    user = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="subscriptions",
        verbose_name=_("user"),
        help_text=_("Who uses it, where it is one person's."),
    )
    address = models.ForeignKey(
        Address,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("address of use"),
        help_text=_("Where it is used, where it has a place."),
    )
    identifier = models.CharField(
        _("service identifier"),
        max_length=64,
        blank=True,
        help_text=_("The subscriber number with its country code, or the name of the line."),
    )
    unit_price = money(
        _("price a month"), _("What a month costs, without VAT."), default=0, db_default=0
    )
    currency = currency()
    opened_on = models.DateField(_("opened"), help_text=_("The first day."))
    terminated_on = models.DateField(
        _("terminated"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("service in use")
        verbose_name_plural = _("services in use")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(terminated_on__isnull=False),
                name="subscription_terminated",
            ),
            models.Index(
                fields=["customer", "-opened_on", "-id"], name="subscription_newest_of_cust"
            ),
            models.Index(
                fields=["customer", "-terminated_on", "-id"],
                condition=models.Q(terminated_on__isnull=False),
                name="subscription_ended_of_cust",
            ),
            models.Index(
                fields=["user", "-opened_on", "-id"],
                condition=models.Q(user__isnull=False),
                name="subscription_newest_of_person",
            ),
            models.Index(
                fields=["user", "-terminated_on", "-id"],
                condition=models.Q(user__isnull=False, terminated_on__isnull=False),
                name="subscription_ended_of_person",
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="subscription_identifier_once_at_a_time",
                expressions=[
                    ("identifier", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "opened_on", "terminated_on", RangeBoundary(inclusive_upper=True)
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~models.Q(identifier=""),
                violation_error_message=_(
                    "This service identifier is in use at that time: terminate the other one first."
                ),
            ),
            ends_after_start("subscription_ends_after_start", "opened_on", "terminated_on"),
            models.CheckConstraint(
                name="subscription_price_is_not_negative",
                condition=models.Q(unit_price__gte=0),
                violation_error_message=_("A price is not negative."),
            ),
            currency_is_a_code("subscription_currency_is_a_code"),
            source_is_known("subscription_source_is_known"),
        ]

    def clean(self) -> None:
        """Bring the identifier to its one form, and refuse a reversed period, before either is
        compared with others.
        """
        try:
            self.identifier = read_service_identifier(self.identifier)
        except ValidationError as error:
            raise ValidationError({"identifier": error}) from None
        refuse_reversed(self, "opened_on", "terminated_on")


def _changes(kind: str) -> models.Q:
    """The condition that a change of this kind changes that, and nothing else."""
    old, new = f"old_{kind}", f"new_{kind}"
    others = {"product", "user", "address"} - {kind}
    differ = (
        models.Q(**{f"{old}__isnull": True, f"{new}__isnull": False})
        | models.Q(**{f"{old}__isnull": False, f"{new}__isnull": True})
        | models.Q(**{f"{old}__isnull": False, f"{new}__isnull": False})
        & ~models.Q(**{old: models.F(new)})
    )
    nothing_else = {
        f"{when}_{other}__isnull": True for other in sorted(others) for when in ("old", "new")
    }
    return models.Q(kind=kind, **nothing_else) & differ


class ServiceChange(RegisterModel):
    """A change of a service in use: what it was and what it became, from which day on."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Service")
        USER = "user", _("User")
        ADDRESS = "address", _("Address of use")

    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        db_index=False,
        related_name="service_changes",
        verbose_name=_("customer"),
        help_text=_("Whose service it is."),
    )
    subscription = models.ForeignKey(
        Subscription,
        models.PROTECT,
        db_index=False,
        related_name="changes",
        verbose_name=_("service in use"),
        help_text=_("What was changed."),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("What about it was changed.")
    )
    changed_on = models.DateField(_("day of the change"), help_text=_("The first day as changed."))
    old_product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("service before"),
        help_text=_("Which service it was."),
    )
    new_product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("service after"),
        help_text=_("Which service it became."),
    )
    old_user = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("user before"),
        help_text=_("Who used it."),
    )
    new_user = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("user after"),
        help_text=_("Who uses it from then on."),
    )
    old_address = models.ForeignKey(
        Address,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("address before"),
        help_text=_("Where it was used."),
    )
    new_address = models.ForeignKey(
        Address,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("address after"),
        help_text=_("Where it is used from then on."),
    )

    objects = ServiceChangeQuerySet.as_manager()

    class Meta(RegisterModel.Meta):
        verbose_name = _("service change")
        verbose_name_plural = _("service changes")
        default_permissions = ("add", "change", "view")
        indexes = [
            models.Index(
                fields=["customer", "-changed_on", "-id"], name="service_change_newest_of_cust"
            ),
            models.Index(
                fields=["subscription", "-changed_on", "-id"], name="service_change_newest_of_subs"
            ),
            models.Index(
                fields=["old_user", "-changed_on", "-id"],
                condition=models.Q(old_user__isnull=False),
                name="service_change_newest_of_old",
            ),
            models.Index(
                fields=["new_user", "-changed_on", "-id"],
                condition=models.Q(new_user__isnull=False),
                name="service_change_newest_of_new",
            ),
            models.Index(
                fields=["old_address"],
                condition=models.Q(old_address__isnull=False),
                name="service_change_by_old_address",
            ),
            models.Index(
                fields=["new_address"],
                condition=models.Q(new_address__isnull=False),
                name="service_change_by_new_address",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="service_change_changes_something",
                condition=_changes("product")
                & models.Q(old_product__isnull=False, new_product__isnull=False)
                | _changes("user")
                | _changes("address"),
                violation_error_message=_("Nothing changes by this."),
            ),
        ]
