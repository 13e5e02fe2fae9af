"""Proving once more who one is, before what must not be done at a screen left open."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


def prove_again(request: HttpRequest, back: str) -> HttpResponse | None:
    """The way to prove it, which leads back to an address of ours; None for who just has."""
    if did_recently_reauthenticate(request):
        return None
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")
