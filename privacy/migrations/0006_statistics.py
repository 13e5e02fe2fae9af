"""What of a request stays is kept with its plan; statistics that outlive what they count."""

import django.utils.timezone
from django.db import migrations, models

CREATE_KEPT = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON privacy_statistic
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON privacy_statistic
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
DROP_KEPT = """
DROP TRIGGER no_truncate ON privacy_statistic;
DROP TRIGGER append_only ON privacy_statistic;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0005_affected_by_subject"),
    ]

    operations = [
        migrations.AddField(
            model_name="erasurerun",
            name="stays",
            field=models.JSONField(
                default=list,
                help_text="Of a request: how many records stay, until when and why.",
                verbose_name="stays",
            ),
        ),
        migrations.CreateModel(
            name="Statistic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.", verbose_name="month")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("services_opened", "Services opened"),
                            ("services_ended", "Services ended"),
                            ("contracts", "Contracts signed"),
                            ("invoices", "Invoices"),
                        ],
                        help_text="What was counted.",
                        max_length=20,
                        verbose_name="measure",
                    ),
                ),
                (
                    "product_group",
                    models.CharField(
                        blank=True,
                        help_text=(
                            "Empty where it is of no product; “other” for small groups together."
                        ),
                        max_length=20,
                        verbose_name="product group",
                    ),
                ),
                (
                    "region",
                    models.CharField(
                        help_text=(
                            "The first two digits of the postal code; “other” for the rest"
                            " together."
                        ),
                        max_length=5,
                        verbose_name="region",
                    ),
                ),
                (
                    "customers",
                    models.PositiveIntegerField(
                        help_text="How many customers it is about.", verbose_name="customers"
                    ),
                ),
                (
                    "records",
                    models.PositiveIntegerField(
                        help_text="How many there were.", verbose_name="number"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="In euros; empty where nothing is added up.",
                        max_digits=15,
                        null=True,
                        verbose_name="sum without VAT",
                    ),
                ),
                (
                    "counted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was counted.",
                        verbose_name="counted",
                    ),
                ),
            ],
            options={
                "verbose_name": "statistic",
                "verbose_name_plural": "statistics",
                "ordering": ("-month", "measure", "product_group", "region"),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "measure", "product_group", "region"),
                        name="statistic_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("customers__gte", 5), ("records__gte", models.F("customers"))
                        ),
                        name="statistic_names_no_few",
                        violation_error_message="A group has at least five customers.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="statistic_of_a_month"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE_KEPT, DROP_KEPT),
    ]
