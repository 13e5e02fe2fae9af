"""What a file that somebody sent is, told from its content, never from its name.

Only kinds that a person sends with a letter: PDF, JPEG, PNG and plain text. A file that goes on
behind its end, or is two things at once, is none of them.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_BYTES = 10 * 2**20
"""As large as an attachment may be."""

ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/plain": ".txt",
}
"""How the name of a file of each media type ends."""

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 100_000
_BEHIND_PDF = 64
"""After a PDF's last mark come line ends, and sometimes blanks."""
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z])")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<(?:!doctype|\?xml|html|svg|script)", re.IGNORECASE)


def media_type_of(content: bytes) -> str:
    """The media type of a file; raises ValidationError with a sentence where it will not do."""
    if not content:
        raise ValidationError(_("The file is empty."), code="empty")
    if len(content) > MOST_BYTES:
        raise ValidationError(too_large(), code="too_large")
    for media_type, is_whole in _KINDS.items():
        if is_whole(content):
            return media_type
    raise ValidationError(
        _("This is no whole PDF, JPEG or PNG file and no plain text."), code="kind"
    )


def too_large() -> str:
    """The sentence for a file that is too large."""
    return _("A file may be %(size)d MB at most.") % {"size": MOST_BYTES // 2**20}


def _is_pdf(content: bytes) -> bool:
    if not content.startswith(b"%PDF-"):
        return False
    before, mark, behind = content.rpartition(b"%%EOF")
    if not mark or len(behind) > _BEHIND_PDF or behind.strip(b"\0\r\n\t "):
        return False
    return _ACTIVE_PDF.search(before) is None


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and content.endswith(b"\xff\xd9")


def _is_png(content: bytes) -> bool:
    if not content.startswith(_PNG):
        return False
    at = len(_PNG)
    for _number in range(_MOST_CHUNKS):
        head = content[at : at + 8]
        if len(head) < 8:
            return False
        at += 12 + int.from_bytes(head[:4])
        if head[4:] == b"IEND":
            return at == len(content)
    return False


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not (text.startswith("%PDF-") or _NOT_TEXT.search(text) or _MARKUP.match(text))


_KINDS = {
    "application/pdf": _is_pdf,
    "image/jpeg": _is_jpeg,
    "image/png": _is_png,
    "text/plain": _is_text,
}
