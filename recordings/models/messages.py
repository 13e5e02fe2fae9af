"""Messages to and from the Service Desk that are stored: e-mail, chat, text messages (S9, S22)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.gate import RecordedModel
from customers.models import Person
from recordings.models.kept import KeptInVault, by_due_day, kept_constraints
from recordings.querysets import MessageConcernsQuerySet, StoredMessageQuerySet


class StoredMessage(KeptInVault):
    """A message; its subject, text and attachments lie in the vault as they came."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")
        SMS = "sms", _("Text message")

    kind = models.CharField(
        _("kind"), max_length=5, choices=Kind.choices, help_text=_("What kind of message it is.")
    )
    sender = models.CharField(
        _("sender"), max_length=254, blank=True, help_text=_("The address or number it came from.")
    )
    recipients = models.JSONField(
        _("recipients"), default=list, help_text=_("The addresses or numbers it went to.")
    )
    sent_at = models.DateTimeField(_("sent"), help_text=_("When it was sent."))
    attachments = models.PositiveSmallIntegerField(
        _("attachments"), default=0, help_text=_("How many files came with it.")
    )

    objects = StoredMessageQuerySet.as_manager()

    class Meta(KeptInVault.Meta):
        verbose_name = _("stored message")
        verbose_name_plural = _("stored messages")
        default_permissions = ("change", "view")
        permissions = [("read_storedmessage", "Can read a stored message, with a reason")]
        indexes = [
            models.Index(fields=["-sent_at"], name="message_newest"),
            by_due_day("message_due"),
        ]
        constraints = [
            *kept_constraints("message"),
            models.CheckConstraint(
                name="message_kind_is_known",
                condition=models.Q(kind__in=["email", "chat", "sms"]),
                violation_error_message=_("A message is an e-mail, a chat or a text message."),
            ),
        ]


class MessageConcerns(RecordedModel):
    """A person whom a message concerns."""

    message = models.ForeignKey(
        StoredMessage,
        models.PROTECT,
        db_index=False,
        related_name="concerns",
        verbose_name=_("message"),
        help_text=_("Which message."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="messages",
        verbose_name=_("person"),
        help_text=_("Whom it concerns."),
    )

    objects = MessageConcernsQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("person in a message")
        verbose_name_plural = _("persons in messages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="message_concerns_once"),
        ]
