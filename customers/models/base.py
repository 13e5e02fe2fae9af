"""What the register's records have in common: a public ID, a source, and when they changed."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.gate import RecordedModel


class Language(models.TextChoices):
    """The languages in which people are served and written to."""

    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")


class Source(models.TextChoices):
    """Where a record came from (S26)."""

    REGISTRATION = "registration", _("Service registration")
    SERVICE_USE = "service_use", _("Service use")
    WEB_FORM = "web_form", _("Web form")
    PHONE_CALL = "phone_call", _("Phone call")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    COMPANY = "company", _("Told by the company")
    STAFF = "staff", _("Staff member")
    IMPORT = "import", _("Import")


class RegisterModel(RecordedModel):
    """The base of the register's own records: their public ID and the times the database keeps."""

    public_id = models.UUIDField(
        _("public ID"),
        default=uuid4,
        unique=True,
        editable=False,
        help_text=_("The only identifier that addresses show."),
    )
    created_at = models.DateTimeField(
        _("created"),
        default=timezone.now,
        db_default=Now(),
        editable=False,
        help_text=_("When the record was made."),
    )
    changed_at = models.DateTimeField(
        _("changed"),
        default=timezone.now,
        db_default=Now(),
        editable=False,
        help_text=_("When the record last changed; kept by the database."),
    )

    class Meta(RecordedModel.Meta):
        abstract = True


class SourcedModel(RegisterModel):
    """A record whose source must be known (S26; a source unknown blocks marketing, domain §3)."""

    source = models.CharField(
        _("data source"),
        max_length=20,
        choices=Source.choices,
        help_text=_("Where the data came from."),
    )
    source_wording = models.CharField(
        _("source as written"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_("The source in the words of an imported file or of the person who noted it."),
    )

    class Meta(RegisterModel.Meta):
        abstract = True


def source_is_known(name: str) -> models.CheckConstraint:
    """The constraint that a source is given and is one of ours (S26)."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(source__in=Source.values),
        violation_error_message=_("Say where the data came from."),
    )


def ends_after_start(name: str, start: str, end: str) -> models.CheckConstraint:
    """The constraint that a period does not end before it starts (S19)."""
    return models.CheckConstraint(
        name=name,
        condition=models.Q(**{f"{end}__isnull": True})
        | models.Q(**{f"{start}__isnull": True})
        | models.Q(**{f"{end}__gte": models.F(start)}),
        violation_error_message=_("The end must not be before the start."),
    )


def is_over(last_day: date | None) -> bool:
    """Whether the last day of something has passed; one that was announced lies ahead."""
    return last_day is not None and last_day < timezone.localdate()


def refuse_reversed(record: Any, start: str, end: str) -> None:
    """Refuse a reversed period: the database would not even compare it with others."""
    first, last = getattr(record, start), getattr(record, end)
    if first and last and last < first:
        raise ValidationError({end: _("The end must not be before the start.")})
