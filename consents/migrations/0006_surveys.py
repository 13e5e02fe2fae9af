"""Surveys, and what is collected with a consent is of the person who gave it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from consents import database_functions as made


class Migration(migrations.Migration):
    dependencies = [
        ("consents", "0005_kept_by_the_database"),
    ]

    operations = [
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public ID"
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        help_text="What the answers are kept under.",
                        max_length=100,
                        unique=True,
                        verbose_name="topic",
                    ),
                ),
                ("title_fi", models.CharField(max_length=200, verbose_name="heading in Finnish")),
                ("title_sv", models.CharField(max_length=200, verbose_name="heading in Swedish")),
                ("title_en", models.CharField(max_length=200, verbose_name="heading in English")),
                (
                    "closes_on",
                    models.DateField(
                        help_text="The last day answers are taken.", verbose_name="closes"
                    ),
                ),
            ],
            options={
                "verbose_name": "survey",
                "verbose_name_plural": "surveys",
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="SurveyQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public ID"
                    ),
                ),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        help_text="In which place it is asked, one to five.", verbose_name="place"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("scale", "One to five"), ("text", "In her own words")],
                        help_text="How it is answered.",
                        max_length=5,
                        verbose_name="kind of answer",
                    ),
                ),
                ("text_fi", models.CharField(max_length=300, verbose_name="question in Finnish")),
                ("text_sv", models.CharField(max_length=300, verbose_name="question in Swedish")),
                ("text_en", models.CharField(max_length=300, verbose_name="question in English")),
                (
                    "survey",
                    models.ForeignKey(
                        help_text="Of which survey.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="consents.survey",
                        verbose_name="survey",
                    ),
                ),
            ],
            options={
                "verbose_name": "question of a survey",
                "verbose_name_plural": "questions of surveys",
                "ordering": ("survey", "place"),
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survey", "place"),
                        name="one_question_per_place",
                        violation_error_message="The survey has another question in this place.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__range", (1, 5))),
                        name="question_has_one_of_five_places",
                        violation_error_message="A survey has one to five questions.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(made.CREATE_INTAKE, made.DROP_INTAKE),
    ]
