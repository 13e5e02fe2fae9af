"""Files in the vault: what is needed to open one, and when its key and its bytes went."""

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recordings.keys import WrappedKey, unwrap, wrap
from recordings.querysets import SealedFileQuerySet


class SealedFile(models.Model):
    """One file in the vault; without its wrapped key nobody can open it any more.

    Destroying takes the key first, in the transaction that decides it, and the bytes afterwards:
    whatever happens in between, nothing can be played.
    """

    file_id = models.UUIDField(
        _("file"), default=uuid4, unique=True, editable=False, help_text=_("Its name in the vault.")
    )
    size = models.PositiveBigIntegerField(_("size, bytes"), help_text=_("In clear."))
    digest = models.BinaryField(
        _("SHA-256"),
        max_length=32,
        help_text=_("Of the file in clear; empty once it is destroyed."),
    )
    key_version = models.PositiveIntegerField(
        _("key version"), help_text=_("Which key-encryption key wraps the file's key.")
    )
    wrapped_key = models.BinaryField(
        _("wrapped key"), null=True, help_text=_("Empty once it is destroyed.")
    )
    sealed_at = models.DateTimeField(
        _("sealed"), default=timezone.now, help_text=_("When it was put into the vault.")
    )
    removed_at = models.DateTimeField(
        _("removed"), null=True, help_text=_("When the bytes were removed.")
    )

    is_vault_file = True
    """What leads to one of these needs a step that erases it (datamap.E007)."""

    objects = SealedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed file")
        verbose_name_plural = _("sealed files")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(wrapped_key__isnull=True, removed_at__isnull=True),
                name="sealed_file_to_be_removed",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """Its SHA-256, by which whoever holds the file can tell it; nothing once destroyed."""
        return f"SHA-256 {bytes(self.digest).hex()}" if self.digest else ""

    @property
    def name(self) -> str:
        """Its name in the store: nothing but a random number."""
        return self.file_id.hex

    @property
    def key(self) -> WrappedKey | None:
        """The wrapped key, or none once it is destroyed."""
        if self.wrapped_key is None:
            return None
        return WrappedKey(self.key_version, bytes(self.wrapped_key))

    def forget_key(self) -> None:
        """Destroy the key, and the hash by which somebody could prove a guess at the content."""
        self.wrapped_key, self.digest = None, b""
        self.save(update_fields=["wrapped_key", "digest"])

    def wrap_anew(self) -> None:
        """Wrap the key with the current key-encryption key; saving it is the caller's."""
        key = self.key
        if key is not None:
            anew = wrap(unwrap(key, self.file_id), self.file_id)
            self.key_version, self.wrapped_key = anew.version, anew.wrapped
