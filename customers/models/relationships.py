"""Customer relationships and the roles that persons have in them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.base import (
    Language,
    SourcedModel,
    ends_after_start,
    is_over,
    refuse_reversed,
    source_is_known,
)
from customers.models.persons import Person
from customers.querysets import ContactPersonQuerySet, CustomerQuerySet, ServiceUserQuerySet


class DateRange(models.Func):
    """The period from one day to another, the last one included; an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Customer(SourcedModel):
    """The customer relationship, of a company or of a person.

    A sole trader is a natural person: she is the owner, and the data subject (domain §3).
    """

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company customer")
        PERSON = "person", _("Private customer")

    class LegalForm(models.TextChoices):
        OY = "oy", _("Limited company (Oy)")
        AB = "ab", _("Limited company (Ab)")
        KY = "ky", _("Limited partnership (Ky)")
        AY = "ay", _("General partnership (Ay)")
        TMI = "tmi", _("Sole trader (Tmi)")
        RY = "ry", _("Association (ry)")
        OTHER = "other", _("Other legal form")

    number = models.CharField(
        _("customer number"), max_length=32, unique=True, help_text=_("Given once; never changed.")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, help_text=_("A company or a person.")
    )
    legal_form = models.CharField(
        _("legal form"),
        max_length=10,
        choices=LegalForm.choices,
        blank=True,
        help_text=_("Of a company; a sole trader counts as a natural person."),
    )
    company_name = models.CharField(
        _("company name"), max_length=200, blank=True, help_text=_("Empty for a private customer.")
    )
    business_id = models.CharField(
        _("business ID"), max_length=9, blank=True, help_text=_("With hyphen, as in 2108420-7.")
    )
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("owner"),
        help_text=_("The private customer herself, or the sole trader where known."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.FINNISH,
        help_text=_("The language of letters and invoices."),
    )
    since = models.DateField(
        _("customer since"), null=True, blank=True, help_text=_("The first day as a customer.")
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("The last day as a customer.")
    )

    objects = CustomerQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(
                fields=["ended_on"],
                condition=models.Q(ended_on__isnull=False),
                name="customer_ended",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="customer_has_a_number",
                condition=~models.Q(number=""),
                violation_error_message=_("A customer has a customer number."),
            ),
            models.CheckConstraint(
                name="customer_is_a_company_or_a_person",
                condition=models.Q(kind="company") & ~models.Q(company_name="")
                | models.Q(kind="person", company_name="", business_id="", owner__isnull=False),
                violation_error_message=_(
                    "A company has a name; a private customer has an owner and no business ID."
                ),
            ),
            models.CheckConstraint(
                name="customer_legal_form_fits",
                condition=models.Q(
                    kind="company",
                    legal_form__in=["oy", "ab", "ky", "ay", "tmi", "ry", "other"],
                )
                | models.Q(kind="person", legal_form=""),
                violation_error_message=_("A company has a legal form, a private customer none."),
            ),
            models.CheckConstraint(
                name="customer_owner_is_natural",
                condition=models.Q(owner__isnull=True)
                | models.Q(kind="person")
                | models.Q(legal_form="tmi"),
                violation_error_message=_("Only a sole trader or a private customer has an owner."),
            ),
            models.CheckConstraint(
                name="customer_business_id_is_valid",
                condition=models.Q(business_id="")
                | models.Q(
                    models.Func(
                        models.F("business_id"),
                        function="business_id_is_valid",
                        output_field=models.BooleanField(),
                    )
                ),
                violation_error_message=_("The business ID's check digit is wrong."),
            ),
            models.CheckConstraint(
                name="customer_language_is_known",
                condition=models.Q(language__in=Language.values),
                violation_error_message=_("The language is Finnish, Swedish or English."),
            ),
            ends_after_start("customer_ends_after_start", "since", "ended_on"),
            source_is_known("customer_source_is_known"),
        ]

    @property
    def has_ended(self) -> bool:
        """Whether the last day of it has passed."""
        return is_over(self.ended_on)

    @property
    def is_natural(self) -> bool:
        """Whether what is known of the customer is known of a natural person."""
        return self.kind == self.Kind.PERSON or self.is_sole_trader

    @property
    def is_sole_trader(self) -> bool:
        """Whether the company is a natural person in the eyes of data protection."""
        return self.legal_form == self.LegalForm.TMI

    @property
    def display_name(self) -> str:
        """The customer as her papers name it: a company's name, and the number."""
        return f"{self.company_name} ({self.number})" if self.company_name else self.number


class ContactPerson(SourcedModel):
    """A person's role for a company, for a time; an ended one stays as history (S18)."""

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="contact_roles",
        verbose_name=_("person"),
        help_text=_("Who it is."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        related_name="contact_persons",
        verbose_name=_("customer"),
        help_text=_("The company she speaks for."),
    )
    task = models.CharField(
        _("task"), max_length=100, blank=True, help_text=_("What she is contacted about.")
    )
    position = models.CharField(
        _("position"), max_length=100, blank=True, help_text=_("Her position in the company.")
    )
    started_on = models.DateField(
        _("started"), null=True, blank=True, help_text=_("The first day; empty if not known.")
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = ContactPersonQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        constraints = [
            ExclusionConstraint(
                name="contact_person_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("customer", RangeOperators.EQUAL),
                    ("task", RangeOperators.EQUAL),
                    (
                        DateRange("started_on", "ended_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("She already has this task in the company at that time."),
            ),
            ends_after_start("contact_person_ends_after_start", "started_on", "ended_on"),
            source_is_known("contact_person_source_is_known"),
        ]

    def clean(self) -> None:
        """Refuse a reversed period before it is compared with others."""
        refuse_reversed(self, "started_on", "ended_on")

    @property
    def has_ended(self) -> bool:
        """Whether the last day of it has passed."""
        return is_over(self.ended_on)


class ServiceUser(SourcedModel):
    """A person's user ID, given by a customer or held without one (S13, S17)."""

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="user_roles",
        verbose_name=_("person"),
        help_text=_("Who uses the services."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_users",
        verbose_name=_("customer"),
        help_text=_("Whose services she uses; a user need not be anybody's."),
    )
    user_id = models.CharField(
        _("user ID"), max_length=64, unique=True, help_text=_("Given once; never changed.")
    )
    started_on = models.DateField(
        _("started"), null=True, blank=True, help_text=_("The first day; empty if not known.")
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text=_("The last day; empty while it lasts.")
    )

    objects = ServiceUserQuerySet.as_manager()

    class Meta(SourcedModel.Meta):
        verbose_name = _("service user")
        verbose_name_plural = _("service users")
        constraints = [
            models.CheckConstraint(
                name="service_user_has_an_id",
                condition=~models.Q(user_id=""),
                violation_error_message=_("A service user has a user ID."),
            ),
            ends_after_start("service_user_ends_after_start", "started_on", "ended_on"),
            source_is_known("service_user_source_is_known"),
        ]

    @property
    def has_ended(self) -> bool:
        """Whether the last day of it has passed."""
        return is_over(self.ended_on)
