"""What staff choose for themselves."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER, set_language

from accounts.services import set_own_language


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Speak another language from now on; a signed-in user's choice stays with her account."""
    language = request.POST.get(LANGUAGE_QUERY_PARAMETER, "")
    known = language in dict(settings.LANGUAGES) and check_for_language(language)
    if known and request.user.is_authenticated:
        set_own_language(user=request.user, language=language)
    return set_language(request)
