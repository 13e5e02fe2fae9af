"""Marketing lists are asked for and made by a job: how far each is. Those there are, are made."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_disclosures"),
        ("consents", "0006_surveys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="marketinglist",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Being made"),
                    ("made", "Made"),
                    ("nobody", "Nobody may be reached"),
                    ("failed", "Could not be made"),
                ],
                default="made",
                help_text="How far it is.",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="marketinglist",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Being made"),
                    ("made", "Made"),
                    ("nobody", "Nobody may be reached"),
                    ("failed", "Could not be made"),
                ],
                default="asked",
                help_text="How far it is.",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="marketinglist",
            name="allowed",
            field=models.PositiveIntegerField(
                default=0, help_text="How many were allowed.", verbose_name="on the list"
            ),
        ),
        migrations.AlterField(
            model_name="marketinglist",
            name="disclosure",
            field=models.OneToOneField(
                blank=True,
                help_text="The record of the disclosure that the list is, once it is made.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="marketing_list",
                to="accounts.disclosure",
                verbose_name="disclosure",
            ),
        ),
        migrations.AddConstraint(
            model_name="marketinglist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("disclosure__isnull", False), ("state", "made")),
                    models.Q(
                        models.Q(("state", "made"), _negated=True),
                        ("allowed", 0),
                        ("disclosure__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="list_is_made_with_its_disclosure",
                violation_error_message="A list that is made is a disclosure, and no other.",
            ),
        ),
    ]
