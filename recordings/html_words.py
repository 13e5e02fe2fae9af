"""The words of a page of HTML that anybody may have sent, in time that grows with its length alone.

Each step goes on where the one before ended, as browsers read: what stands between `<` and `>` is a
tag, a quoted value in it ends it not, and a remark or a script without its end hides the rest.
Python's own parser reads some pages anew from each of their tags.
"""

import re
from html import unescape

_HIDDEN = ("script", "style", "title", "template")
_LINES = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table"})

_SPACE = re.compile(r"\s+")
_NAME = re.compile(r"[A-Za-z][^\s/>]{0,30}")
_VALUE_OR_END = re.compile(r"=\s*[\"']|>")
_END_OF = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII) for name in _HIDDEN}


def words_of(html: str) -> str:
    """What a page says, without its marks: a line for each of its blocks."""
    found: list[str] = []
    here = 0
    while (start := html.find("<", here)) >= 0:
        found.append(_said(html[here:start]))
        here = _read_mark(html, start, found)
    found.append(_said(html[here:]))
    lines = (line.strip() for line in "".join(found).splitlines())
    return "\n".join(line for line in lines if line)


def _said(text: str) -> str:
    return _SPACE.sub(" ", unescape(text))


def _read_mark(html: str, start: int, found: list[str]) -> int:
    """Where the text goes on behind the mark that begins at `start`; notes what it says of it."""
    if html.startswith("<!--", start):
        return _behind(html, "-->", start + 2)
    if html.startswith(("<!", "<?"), start):
        return _behind(html, ">", start)
    name = _NAME.match(html, start + 1)
    if name is None and not html.startswith("</", start):
        found.append("<")  # a sign that stands for itself
        return start + 1
    end = _end_of_tag(html, start)
    if name is None:
        return end
    tag = name[0].lower()
    if tag in _LINES:
        found.append("\n")
    if tag in _HIDDEN:
        close = _END_OF[tag].search(html, end)
        return len(html) if close is None else close.start()
    return end


def _end_of_tag(html: str, start: int) -> int:
    """Behind the `>` that ends a tag; without one it goes on to the end."""
    here = start
    while mark := _VALUE_OR_END.search(html, here):
        if mark[0] == ">":
            return mark.end()
        here = _behind(html, mark[0][-1], mark.end())
    return len(html)


def _behind(html: str, sign: str, here: int) -> int:
    """Behind the next such sign; without one, the end."""
    found = html.find(sign, here)
    return len(html) if found < 0 else found + len(sign)
