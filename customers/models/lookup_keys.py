"""The key table: one row per thing that a caller can be found by, kept by the database alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.gate import RecordedModel
from customers.models.persons import Person
from customers.models.relationships import Customer
from customers.querysets import LookupKeyQuerySet


class LookupKey(RecordedModel):
    """A normalised key of a person or a company, copied from its source by triggers.

    The site's role can only read it. There is no constraint behind the foreign keys: the
    triggers on the sources remove a row's keys together with the row.
    """

    kind = models.SmallIntegerField(_("kind"), help_text=_("The number of its kind of key."))
    key = models.TextField(
        _("key"), db_collation="C", help_text=_("The folded words, digits, address or ID.")
    )
    person = models.ForeignKey(
        Person,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("person"),
        help_text=_("Who is found by it."),
    )
    customer = models.ForeignKey(
        Customer,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("customer"),
        help_text=_("Which customer is found by it."),
    )
    source_id = models.BigIntegerField(_("source"), help_text=_("The row it was copied from."))

    objects = LookupKeyQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        verbose_name = _("lookup key")
        verbose_name_plural = _("lookup keys")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["key"],
                include=["kind", "person", "customer", "source_id"],
                name="lookup_by_key",
            ),
            models.Index(fields=["kind", "source_id"], name="lookup_by_source"),
            # By whom she is found is told to her (Art. 15), whatever the size of the register.
            models.Index(
                fields=["person"],
                name="lookup_by_person",
                condition=models.Q(person__isnull=False),
            ),
            models.Index(
                fields=["customer"],
                name="lookup_by_customer",
                condition=models.Q(customer__isnull=False),
            ),
        ]
