"""The descriptions as tagged PDF, in the language that they are written in."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.documents.letters import typeset
from datamap.controller import CONTROLLER
from privacy.description.contents import NOTICE
from privacy.description.publishing import Shown, shown
from privacy.models import RegisterDescription

_TEMPLATE = Path(__file__).with_name("description.typ")
_KEPT = 24
"""Of published versions, which never change: three languages of a few of them."""


def pdf_of(what: Shown, name: str, language: str) -> bytes:
    """One of the descriptions as a PDF; what strangers ask for is compiled once."""
    if what.version is None or name != NOTICE:
        return _compiled(what, name, language)
    return _published(what.version, what.fingerprint, language)


@lru_cache(maxsize=_KEPT)
def _published(version: int, fingerprint: str, language: str) -> bytes:
    found = RegisterDescription.objects.get(version=version, fingerprint=fingerprint)
    return _compiled(shown(found), NOTICE, language)


def _compiled(what: Shown, name: str, language: str) -> bytes:
    with override(language):
        document = {
            "language": language,
            "title": title_of(name),
            "subtitle": edition_of(what),
            "sections": what.contents[name][language],
        }
    return typeset(_TEMPLATE, document, language)


def title_of(name: str) -> str:
    """The heading of a description."""
    if name == NOTICE:
        return _("Register description: %(register)s") % {"register": CONTROLLER.register_name}
    return _("Record of processing activities: %(register)s") % {
        "register": CONTROLLER.register_name
    }


def edition_of(what: Shown) -> str:
    """Which version it is, and of when."""
    if what.version is None or what.published_at is None:
        return _("As of %(day)s") % {"day": _day(timezone.localdate())}
    return _("Version %(version)s, %(day)s") % {
        "version": what.version,
        "day": _day(timezone.localtime(what.published_at)),
    }


def _day(value: Any) -> str:
    return date_format(value, "SHORT_DATE_FORMAT")
