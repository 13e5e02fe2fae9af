"""`/preferences/TOKEN/`: one's own marketing choices, without sign-in and without a name."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from consents.models import MarketingChoice, Wording
from consents.preferences import (
    MAX_AGE,
    NO,
    PREFERENCES,
    YES,
    Chooser,
    answer_of,
    as_holder,
    own_standing,
    save_answers,
)
from consents.public import LANGUAGE, behind_link
from consents.services import prohibit_everything, record_choice
from customers.services import ProcessingRestricted

PAGE = MarketingChoice.Source.PAGE
ONE_CLICK = [("List-Unsubscribe", ["One-Click"])]
_DONE = ("saved", "stopped", "restricted", "wording")


def is_one_click(request: HttpRequest) -> bool:
    """Whether a mail program unsubscribes: exactly the body of RFC 8058, and nothing else."""
    return (
        request.method == "POST"
        and list(request.POST.lists()) == ONE_CLICK
        and not request.FILES
        and LANGUAGE not in request.GET
    )


@behind_link(PREFERENCES, MAX_AGE, companies=True, by_machine=is_one_click)
def preferences(request: HttpRequest, chooser: Chooser, channel: str) -> HttpResponse:
    """Show what was chosen, and change it; the one click stops the link's channel."""
    if is_one_click(request):
        return _unsubscribe(chooser, channel)
    return _page(request, chooser)


def _unsubscribe(chooser: Chooser, channel: str) -> HttpResponse:
    if channel in MarketingChoice.Channel.values:
        record_choice(
            **as_holder(chooser),
            channel=channel,
            choice=MarketingChoice.Choice.PROHIBITED,
            source=PAGE,
            evidence="List-Unsubscribe=One-Click",
        )
    else:
        prohibit_everything(**as_holder(chooser), source=PAGE)
    return HttpResponse(content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, chooser: Chooser) -> HttpResponse:
    language = get_language() or chooser.language
    wording = Wording.objects.to_read_out(language)
    if request.method == "POST":
        done = _change(request, chooser, wording, language)
        return redirect(f"{request.path}?{LANGUAGE}={language}&done={done}")
    done = request.GET.get("done", "")
    shown = _shown(chooser, wording, done if done in _DONE else "")
    return render(request, "consents/preferences.html", shown)


def _shown(chooser: Chooser, wording: Wording | None, done: str) -> dict[str, Any]:
    standing = own_standing(chooser)
    return {
        "channels": [
            (channel, answer_of(standing, channel), standing.of(channel))
            for channel in MarketingChoice.Channel
        ],
        "groups": [*standing.permitted_groups, *standing.refused_groups],
        "is_all_refused": standing.is_all_refused,
        "wording": wording,
        "done": done,
        "yes": YES,
        "no": NO,
    }


def _change(request: HttpRequest, chooser: Chooser, wording: Wording | None, language: str) -> str:
    """Do what was asked; returns what the page then says of it.

    A channel that was left as it was seen is left as it is, whatever happened to it meanwhile.
    """
    if request.POST.get("do") == "stop":
        prohibit_everything(**as_holder(chooser), source=PAGE)
        return "stopped"
    given = {channel: request.POST.get(channel, "") for channel in MarketingChoice.Channel.values}
    answers = {
        channel: answer
        for channel, answer in given.items()
        if answer in (YES, NO) and answer != request.POST.get(f"{channel}-seen", "")
    }
    read = request.POST.get("wording", "")
    has_read = wording is not None and str(wording.public_id) == read
    refusals = {channel: answer for channel, answer in answers.items() if answer == NO}
    if len(refusals) < len(answers) and not has_read:
        save_answers(chooser, refusals, None, language)
        return "wording"
    try:
        with transaction.atomic():
            save_answers(chooser, answers, wording, language)
    except ProcessingRestricted:
        save_answers(chooser, refusals, None, language)
        return "restricted"
    return "saved"
