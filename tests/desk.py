"""How tests use the staff's desk: a form as its page shows it, filled in and sent."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    """The fields of the desk's form with the values that the browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._inside = False
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "desk-form" in given.get("class", "")
        name = given.get("name", "")
        if not self._inside or given.get("form") == "":
            return
        if tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.values.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self.values[name] = given.get("value", "")
        elif tag == "select":
            self._select = name
            self.values[name] = ""
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            self.values[name] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data.lstrip("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "form":
            self._inside = False


def form_on(client: Client, url: str) -> dict[str, Any]:
    """What the form on a page would send as it stands."""
    return form_in(client.get(url))


def form_in(response: Any) -> dict[str, Any]:
    """What the form in an answer would send as it stands."""
    fields = _Fields()
    fields.feed(response.content.decode())
    return fields.values


def text_of(response: Any) -> str:
    """What a reader sees of the page, on one line."""
    body = response.content.decode().partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())
