"""What staff choose for themselves."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER, set_language

from accounts.requests import StaffRequest
from accounts.services import set_own_language, set_own_shortcuts


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Speak another language from now on; a signed-in user's choice stays with her account."""
    language = request.POST.get(LANGUAGE_QUERY_PARAMETER, "")
    known = language in dict(settings.LANGUAGES) and check_for_language(language)
    if known and request.user.is_authenticated:
        set_own_language(user=request.user, language=language)
    return set_language(request)


@require_POST
def choose_shortcuts(request: StaffRequest) -> HttpResponse:
    """Switch the shortcuts by single keys on or off, and go on where she was."""
    set_own_shortcuts(user=request.user, are_on=request.POST.get("shortcuts") == "on")
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return redirect(address if is_ours else "start")
