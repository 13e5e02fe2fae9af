"""How tests read the documents that customers get."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader

ZERO_WIDTH = "\u200b"


def reader_of(response: Any) -> PdfReader:
    """The PDF of an answer."""
    return PdfReader(BytesIO(response.content))


def text_of(response: Any) -> str:
    """The text of an answer, also where it is a PDF; words are whole again."""
    if response.streaming:
        file: str = response.getvalue().decode()
        return file
    if response.headers.get("Content-Type") != "application/pdf":
        text: str = response.content.decode()
        return text
    pages = [page.extract_text() for page in reader_of(response).pages]
    return "\n".join(pages).replace(ZERO_WIDTH, "")
