"""The descriptions in every language as they would be published now, and their fingerprint."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.utils.translation import override

from privacy.description import notice, record

NOTICE, RECORD = "notice", "record"

Contents = dict[str, dict[str, list[dict[str, Any]]]]


def contents_now() -> Contents:
    """Both descriptions by language; nothing in them depends on the time of day."""
    return {
        name: {language: _in(language, module) for language, _label in settings.LANGUAGES}
        for name, module in ((NOTICE, notice), (RECORD, record))
    }


def _in(language: str, module: Any) -> list[dict[str, Any]]:
    with override(language):
        return [section.as_json() for section in module.sections()]


def fingerprint_of(contents: Contents) -> str:
    """SHA-256 of contents: the same for the same words, whatever the order they are kept in."""
    written = json.dumps(contents, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
