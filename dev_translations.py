"""Keep the catalogues of translations in step with the texts in the code.

`update()` collects every text for people from the Python files of the applications, from the
templates and from `locale/packages.pot`, and rewrites `locale/{fi,sv}/LC_MESSAGES/django.po`: a
translation that is still used stays, one that is not goes, a new text comes in empty, and nothing
is guessed. The files hold neither dates nor line numbers, so that a change of text is all that a
diff shows. Babel does the work of GNU gettext, which need not be installed.

There is no English catalogue: the texts in the code are the English ones. Django falls back from
English to nothing but the text itself, with its plural, whatever the default language is.

`locale/packages.pot` lists the texts of installed packages that people meet here and that a
package does not speak in Finnish or Swedish, or not as we say it: our catalogue goes before theirs.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent
LANGUAGES = {"fi": "Finnish", "sv": "Swedish"}
NOT_THE_SITE = {"tests", "benchmarks"}

_ARGUMENTS = {
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
}
_IN_TEMPLATES: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_HEADER = """\
# The register in {name}. `python3 dev.py translate` adds what is new and drops what is not used.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""

Found = tuple[str | tuple[str, ...], str | None]
"""A text, or its singular and plural, with its context."""


def catalogue_path(language: str, root: Path = ROOT) -> Path:
    """Where the translations into a language lie."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def update(root: Path = ROOT) -> dict[str, Catalog]:
    """Bring every catalogue up to date with the code; returns what they now hold."""
    texts = collect(root)
    merged = {}
    for language in LANGUAGES:
        path = catalogue_path(language, root)
        merged[language] = merge(texts, read(path, language))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(merged[language]), encoding="utf-8")
    return merged


def collect(root: Path = ROOT) -> Catalog:
    """Every text that people may see, with the files that say it."""
    texts = Catalog()
    for path in python_files(root):
        _add(texts, path.relative_to(root), python_texts(path.read_text(encoding="utf-8")))
    for path in template_files(root):
        _add(texts, path.relative_to(root), template_texts(path.read_text(encoding="utf-8")))
    for message in read(root / "locale" / "packages.pot"):
        if message.id:
            texts.add(message.id, locations=message.locations, context=message.context)
    return texts


def python_files(root: Path) -> Iterator[Path]:
    """The code of the applications; a migration only repeats what the models say."""
    for package in sorted(root.glob("*/__init__.py")):
        if package.parent.name not in NOT_THE_SITE:
            files = package.parent.rglob("*.py")
            yield from sorted(path for path in files if "migrations" not in path.parts)


def template_files(root: Path) -> Iterator[Path]:
    """All templates: pages and mails."""
    return (path for path in sorted((root / "templates").rglob("*")) if path.is_file())


def python_texts(source: str) -> Iterator[Found]:
    """The texts of a Python file, under whatever names it imports gettext.

    From the syntax tree, since Babel looks into f-strings on some versions of Python only.
    """
    tree = ast.parse(source)
    arguments = dict(_ARGUMENTS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                if name.asname and name.name in _ARGUMENTS:
                    arguments[name.asname] = _ARGUMENTS[name.name]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            wanted = arguments.get(ast.unparse(node.func).rpartition(".")[2], ())
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            given = dict(zip(wanted, words, strict=False))
            if wanted and len(given) == len(wanted):
                text, plural = str(given["text"]), given.get("plural")
                context = given.get("context")
                yield (
                    (text, str(plural)) if plural is not None else text,
                    str(context) if context is not None else None,
                )


def template_texts(source: str) -> Iterator[Found]:
    """The texts of a template: Django turns its tags into calls of gettext."""
    calls = templatize(source)
    unindented = "\n".join(line.strip() for line in calls.splitlines())  # or it is no Python
    file = io.BytesIO(unindented.encode())
    options = {"encoding": "utf-8"}
    for _, text, _, context in extract("python", file, _IN_TEMPLATES, options=options):
        yield text, context


def _add(texts: Catalog, path: Path, found: Iterator[Found]) -> None:
    for text, context in found:
        texts.add(text, locations=[(path.as_posix(), 0)], context=context)


def merge(texts: Catalog, translated: Catalog) -> Catalog:
    """A catalogue of the texts, with those translations that are of one of them."""
    merged = Catalog(locale=translated.locale)
    for message in texts:
        if message.id:
            old = translated.get(message.id, message.context)
            kept = old.string if old and not old.fuzzy and old.id == message.id else ""
            merged.add(message.id, kept, locations=message.locations, context=message.context)
    return merged


def read(path: Path, language: str | None = None) -> Catalog:
    """A catalogue from its file; an empty one where there is no file."""
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8", abort_invalid=True)


def written(catalogue: Catalog) -> str:
    """A catalogue as the text of its file: in alphabetical order, each text on one line."""
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    language = str(catalogue.locale)
    header = _HEADER.format(
        name=LANGUAGES[language], language=language, plural=catalogue.plural_forms
    )
    return f"{header}\n{body.getvalue().decode().strip()}\n"


def untranslated(catalogue: Catalog) -> list[Message]:
    """The texts without a translation, or without one of its plurals."""
    return [message for message in catalogue if message.id and not all(strings(message))]


def strings(message: Message) -> tuple[str, ...]:
    """The translation of a text: one string, or one for each plural form."""
    if message.string is None:
        return ("",)
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def main() -> int:
    """Update the catalogues and say what is left to translate."""
    for language, catalogue in update().items():
        missing = untranslated(catalogue)
        print(f"{language}: {len(catalogue)} texts, {len(missing)} without a translation")
        for message in missing:
            print(f"  {message.id[0] if message.pluralizable else message.id}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
