"""Direct-marketing permissions and prohibitions (S8, S21), as events that nobody rewrites."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from audit.gate import RecordedModel, RecordedQuerySet
from contracts.models import Product
from customers.models import Customer, Person
from datamap.days import day_of

DIRECT_MARKETING = "direct-marketing"
"""The name of the wording that a person permits direct marketing with."""

CALL_REQUEST = "call-request"
"""The name of the wording by which a person expressly asks to be called (Act 917/2014 §201)."""


class Language(models.TextChoices):
    """The languages wordings are shown in."""

    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")


class WordingQuerySet(models.QuerySet["Wording"]):
    """Our own texts."""

    def of_permissions(self) -> "WordingQuerySet":
        """The texts on which marketing is permitted, the newest first."""
        found = self.filter(name__in=[DIRECT_MARKETING, CALL_REQUEST])
        return found.order_by("-name", "-version", "language")

    def to_read_out(self, language: str) -> "Wording | None":
        """The newest text of a permission in a language, which an agent reads to the caller."""
        return self.filter(name=DIRECT_MARKETING, language=language).order_by("-version").first()


class Wording(models.Model):
    """The exact text a person agreed to or was told, in one language; never changed once used."""

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    name = models.SlugField(_("name"), max_length=60, help_text=_("What the text is used for."))
    version = models.PositiveIntegerField(_("version"), help_text=_("Counted from one."))
    language = models.CharField(
        pgettext_lazy("of a text", "language"), max_length=2, choices=Language.choices
    )
    text = models.TextField(_("text"), help_text=_("As it was shown, word for word."))
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version", "language"],
                name="one_wording_per_version_and_language",
                violation_error_message=_("This version of the wording exists already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version} {self.language}"


class MarketingChoiceQuerySet(RecordedQuerySet["MarketingChoice"]):
    """Events; the newest one of a channel is the state."""

    def visible_to(self, user: User) -> "MarketingChoiceQuerySet":
        return self if user.has_perm("consents.view_marketingchoice") else self.none()

    def newest_first(self) -> "MarketingChoiceQuerySet":
        return self.order_by("-at", "-id")

    def latest_per_channel(self) -> "MarketingChoiceQuerySet":
        """For each person or company, channel and product group the event that counts now."""
        holder = ("person", "customer", "channel", "product_group")
        return self.order_by(*holder, "-at", "-id").distinct(*holder)


def superseded_on() -> Any:
    """The day of the next event for the same holder, channel and product group; null if none."""
    return day_of(Coalesce(_followed_at("person"), _followed_at("customer")))


def is_permission_in_force() -> Q:
    """Of which choices of persons it is true that they permit, and that none came after them."""
    return Q(choice="permitted") & Q(~Exists(_later("person")))


def _followed_at(holder: str) -> Any:
    rows = _later(holder).order_by("at", "id")
    return Subquery(models.QuerySet.values(rows, "at")[:1], output_field=models.DateTimeField())


def _later(holder: str) -> Any:
    same = {name: OuterRef(name) for name in (holder, "channel", "product_group")}
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), id__gt=OuterRef("pk"))
    return MarketingChoice.objects.filter(later, **same)


class MarketingChoice(RecordedModel):
    """A person, or a company for itself, permitted, prohibited or withdrew marketing on a channel.

    Append-only in the database for everybody: the current state is derived, and a mistake is
    put right by another event (S21, GDPR Art. 7(1)).
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        PHONE = "phone", _("Phone")
        POST = "post", _("Post")
        ROBOCALL = "robocall", _("Automated call")
        MESSAGE = "message", _("Instant message")

    class Choice(models.TextChoices):
        PERMITTED = "permitted", _("Permitted")
        PROHIBITED = "prohibited", _("Prohibited")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Source(models.TextChoices):
        PAGE = "page", _("Web page")
        CALL = "call", _("Phone call")
        LETTER = "letter", _("Letter")
        FORM = "form", _("Form")
        IMPORT = "import", _("Import")

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="marketing_choices",
        verbose_name=_("person"),
        help_text=_("Whose choice it is; empty for a company's own."),
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="marketing_choices",
        verbose_name=_("company"),
        help_text=_("The company that chose for its own addresses; empty for a person's choice."),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    product_group = models.CharField(
        _("product group"),
        max_length=40,
        blank=True,
        choices=Product.Group.choices,
        help_text=_("Empty means all products."),
    )
    choice = models.CharField(_("choice"), max_length=10, choices=Choice.choices)
    wording = models.ForeignKey(
        Wording,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="choices",
        verbose_name=_("wording"),
        help_text=_("The text that was shown; empty where none is known, as in an import."),
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    evidence = models.CharField(
        _("evidence"), max_length=200, blank=True, help_text=_("Where the proof is kept.")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)

    objects = MarketingChoiceQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("marketing choice")
        verbose_name_plural = _("marketing choices")
        default_permissions = ("add", "view")
        indexes = [
            models.Index(
                fields=["person", "channel", "product_group", "-at", "-id"],
                name="choice_newest_per_channel",
            ),
            models.Index(fields=["person", "-at", "-id"], name="choice_newest_of_person"),
            models.Index(
                fields=["customer", "channel", "product_group", "-at", "-id"],
                condition=models.Q(customer__isnull=False),
                name="choice_newest_of_company",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="choice_has_one_holder",
                condition=models.Q(person__isnull=False, customer__isnull=True)
                | models.Q(person__isnull=True, customer__isnull=False),
                violation_error_message=_("A choice is a person's or a company's."),
            ),
            models.CheckConstraint(
                name="choice_is_known",
                condition=models.Q(choice__in=["permitted", "prohibited", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="choice_channel_is_known",
                condition=models.Q(
                    channel__in=["email", "sms", "phone", "post", "robocall", "message"]
                ),
            ),
        ]

    @property
    def product_group_name(self) -> str:
        """The product group in the language of the page; nothing where the choice is about all."""
        names = dict(Product.Group.choices)
        return str(names.get(self.product_group, self.product_group))
