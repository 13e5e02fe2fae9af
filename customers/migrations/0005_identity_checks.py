"""The identity checklist of a contact, open matters found at once, and covered contact details."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_near_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "question",
                    models.CharField(
                        choices=[
                            ("name", "Name"),
                            ("identifier", "Customer number or user ID"),
                            ("email", "E-mail address on record"),
                            ("address", "Address on record"),
                            ("call_back", "Call back to a registered number"),
                            ("strong_login", "Strong identification"),
                        ],
                        help_text="What was asked.",
                        max_length=15,
                        verbose_name="question",
                    ),
                ),
                (
                    "matched",
                    models.BooleanField(
                        help_text="Whether the answer was what the register says.",
                        verbose_name="matched",
                    ),
                ),
                (
                    "checked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When it was asked.",
                        verbose_name="checked",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        help_text="The staff member who asked.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        help_text="The contact at which it was asked.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_checks",
                        to="customers.interaction",
                        verbose_name="contact event",
                    ),
                ),
            ],
            options={
                "verbose_name": "identity check",
                "verbose_name_plural": "identity checks",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("interaction", "question"),
                        name="one_answer_per_question_and_contact",
                        violation_error_message="This question has its answer in this contact already.",
                    ),
                    models.CheckConstraint(
                        name="identity_check_question_is_known",
                        condition=models.Q(
                            (
                                "question__in",
                                [
                                    "name",
                                    "identifier",
                                    "email",
                                    "address",
                                    "call_back",
                                    "strong_login",
                                ],
                            )
                        ),
                        violation_error_message="This question is not one of the checklist.",
                    ),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="person",
            options={
                "base_manager_name": "objects",
                "permissions": [
                    ("look_up_person", "Can look up persons"),
                    (
                        "see_contact_details_uncovered",
                        "Can see contact details without uncovering them",
                    ),
                ],
                "verbose_name": "person",
                "verbose_name_plural": "persons",
            },
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["person", "-happened_at"],
                name="interaction_open_of_person",
            ),
        ),
    ]
