"""Customer surveys that we ask ourselves: our own words, in the languages we serve people in."""

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MOST_QUESTIONS = 5
"""A survey that is answered on one page asks no more."""


def _in_language(record: models.Model, name: str) -> str:
    """The text of a field in the language of the page."""
    language = get_language() or "en"
    return str(getattr(record, f"{name}_{language}", "") or getattr(record, f"{name}_en"))


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Surveys."""

    def open_on(self, day: object) -> "SurveyQuerySet":
        return self.filter(closes_on__gte=day)

    def newest_first(self) -> "SurveyQuerySet":
        return self.order_by("-closes_on", "-id")


class Survey(models.Model):
    """Some questions that persons who consented answer behind a link of their own (S24)."""

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    topic = models.CharField(
        _("topic"),
        max_length=100,
        unique=True,
        help_text=_("What the answers are kept under."),
    )
    title_fi = models.CharField(_("heading in Finnish"), max_length=200)
    title_sv = models.CharField(_("heading in Swedish"), max_length=200)
    title_en = models.CharField(_("heading in English"), max_length=200)
    closes_on = models.DateField(_("closes"), help_text=_("The last day answers are taken."))

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return self.topic

    @property
    def title(self) -> str:
        """The heading in the language of the page."""
        return _in_language(self, "title")

    @property
    def is_open(self) -> bool:
        return self.closes_on >= timezone.localdate()


class SurveyQuestion(models.Model):
    """One question of a survey; an answer is kept with the words it was asked in."""

    class Kind(models.TextChoices):
        SCALE = "scale", _("One to five")
        TEXT = "text", _("In her own words")

    public_id = models.UUIDField(_("public ID"), default=uuid4, unique=True, editable=False)
    survey = models.ForeignKey(
        Survey,
        models.CASCADE,
        related_name="questions",
        verbose_name=_("survey"),
        help_text=_("Of which survey."),
    )
    place = models.PositiveSmallIntegerField(
        _("place"), help_text=_("In which place it is asked, one to five.")
    )
    kind = models.CharField(
        _("kind of answer"), max_length=5, choices=Kind.choices, help_text=_("How it is answered.")
    )
    text_fi = models.CharField(_("question in Finnish"), max_length=300)
    text_sv = models.CharField(_("question in Swedish"), max_length=300)
    text_en = models.CharField(_("question in English"), max_length=300)

    class Meta:
        verbose_name = _("question of a survey")
        verbose_name_plural = _("questions of surveys")
        default_permissions = ("add", "change", "view")
        ordering = ("survey", "place")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "place"],
                name="one_question_per_place",
                violation_error_message=_("The survey has another question in this place."),
            ),
            models.CheckConstraint(
                name="question_has_one_of_five_places",
                condition=models.Q(place__range=(1, MOST_QUESTIONS)),
                violation_error_message=_("A survey has one to five questions."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.place}"

    @property
    def text(self) -> str:
        """The question in the language of the page."""
        return _in_language(self, "text")
