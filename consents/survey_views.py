"""`/survey/TOKEN/`: questions to a person who consents, without sign-in and without her name."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consents.models import Consent, Survey, SurveyQuestion, Wording
from consents.public import LANGUAGE, behind_link, nothing_here
from consents.services import withdraw_consent
from consents.surveys import (
    LONGEST_ANSWER,
    MAX_AGE,
    SCALE,
    SURVEY,
    Purpose,
    consent_of,
    consent_wording,
    has_answered,
    save_answers,
    survey_of,
)
from customers.free_text import refuse_identity_codes
from customers.models import Person
from customers.services import ProcessingRestricted

_DONE = ("answered", "withdrawn")


class SurveyForm(forms.Form):
    """The questions, and the box of the consent, which nobody has ticked for her."""

    def __init__(self, data: Any, questions: list[SurveyQuestion], wording: Wording | None) -> None:
        super().__init__(data, label_suffix="", auto_id="survey_%s")
        self.questions = {f"q{question.place}": question for question in questions}
        for name, question in self.questions.items():
            self.fields[name] = _field_of(question)
        if wording is not None:
            self.fields["consent"] = forms.BooleanField(
                label=wording.text,
                error_messages={"required": _("We keep your answers only if you consent.")},
            )
            self.fields["wording"] = forms.UUIDField(
                widget=forms.HiddenInput, initial=wording.public_id
            )
        self._wording = wording

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        refuse_identity_codes(**{name: data.get(name, "") for name in self.questions})
        if not self.errors and not self.answers():
            raise ValidationError(_("Answer at least one question."))
        if self._wording is not None and data.get("wording") not in (
            None,
            self._wording.public_id,
        ):
            raise ValidationError(_("The text of the consent has changed: read it once more."))
        return data

    def answers(self) -> dict[SurveyQuestion, str]:
        """What she answered; a question that she left out is none."""
        data = self.cleaned_data
        return {question: data[name] for name, question in self.questions.items() if data.get(name)}


def _field_of(question: SurveyQuestion) -> forms.Field:
    if question.kind == SurveyQuestion.Kind.SCALE:
        return forms.ChoiceField(
            label=question.text,
            choices=[(one, one) for one in SCALE],
            required=False,
            widget=forms.RadioSelect,
        )
    return forms.CharField(
        label=question.text,
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@behind_link(SURVEY, MAX_AGE)
def survey(request: HttpRequest, person: Person, about: str) -> HttpResponse:
    """Ask, and keep what she answers with her consent; withdrawing it is as easy."""
    asked = survey_of(about)
    if asked is None:
        return nothing_here(request)
    language = get_language() or person.language
    consent = consent_of(person)
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        if consent is not None:
            withdraw_consent(consent=consent)
        return _led_back(request, language, "withdrawn")
    answered = consent is not None and has_answered(consent, asked)
    wording = None if consent is not None else consent_wording(Purpose.SURVEY, language)
    may_answer = not answered and (consent is not None or wording is not None)
    form = SurveyForm(request.POST or None, list(asked.questions.all()), wording)
    is_restricted = False
    if request.method == "POST" and may_answer and form.is_valid():
        try:
            save_answers(person=person, survey=asked, wording=wording, answers=form.answers())
        except ProcessingRestricted:
            is_restricted = True
        else:
            return _led_back(request, language, "answered")
    done = request.GET.get("done", "")
    context = {
        **_shown(asked, consent, form),
        "answered": answered,
        "may_answer": may_answer,
        "is_restricted": is_restricted,
        "done": done if done in _DONE else "",
    }
    status = 422 if form.is_bound and may_answer and not form.is_valid() else 200
    return render(request, "consents/survey.html", context, status=status)


def _shown(survey: Survey, consent: Consent | None, form: SurveyForm) -> dict[str, Any]:
    return {
        "survey": survey,
        "consent": consent,
        "form": form,
        "questions": [form[name] for name in form.questions],
        "is_scale": {
            name
            for name, question in form.questions.items()
            if question.kind == SurveyQuestion.Kind.SCALE
        },
    }


def _led_back(request: HttpRequest, language: str, done: str) -> HttpResponse:
    return redirect(f"{request.path}?{LANGUAGE}={language}&done={done}")
