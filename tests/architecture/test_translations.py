"""Everything that people read is in Finnish and Swedish, and the code says nothing past gettext."""

import ast
import gettext as gnu_gettext
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from django.apps import AppConfig, apps
from django.db import models
from django.template.base import Lexer, TokenType
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise

from dev_translations import (
    LANGUAGES,
    ROOT,
    catalogue_path,
    collect,
    python_files,
    read,
    strings,
    template_files,
    untranslated,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
ATTRIBUTE = re.compile(r'\b(?:href|(?:data|hx)-[\w-]+)="[^"]*"')  # a template of attributes only
WORD = re.compile(r"[^\W\d_]{2,}")

# What is the same in every language.
NAMES = {"Praecom", "Oy", "PDF", "SHA", "FI", "SV", "EN"}
NOT_PROSE = {"script", "style", "kbd", "code"}
READ_OUT = ("alt", "aria-description", "aria-label", "data-announce", "placeholder", "title")
TOLD_TO_PEOPLE = {
    *("empty_label", "help", "help_text", "label", "verbose_name", "verbose_name_plural"),
    *("violation_error_message",),
}
TELLS_PEOPLE = {
    *("CommandError", "ValidationError", "add_error"),
    *("messages.error", "messages.info", "messages.success", "messages.warning"),
}


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return collect()


def messages_of(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def translated(language: str) -> list[Message]:
    return [m for m in read(catalogue_path(language), language) if m.id and all(strings(m))]


def keys_of(catalogue: Catalog) -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in messages_of(catalogue)}


def forms_of(message: Message) -> tuple[str, ...]:
    """The text itself, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


# --- the catalogues ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_the_texts_of_the_code_and_no_others(
    language: str, texts: Catalog
) -> None:
    catalogue = read(catalogue_path(language), language)
    assert keys_of(texts) - keys_of(catalogue) == set(), "python3 dev.py translate adds them"
    assert keys_of(catalogue) - keys_of(texts) == set(), "python3 dev.py translate drops them"
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    catalogue = read(catalogue_path(language), language)
    assert [message.id for message in untranslated(catalogue)] == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


def same_placeholders(message: Message) -> bool:
    """Whether every form names what the text or its plural names, and is spaced like it."""
    allowed = [sorted(PLACEHOLDER.findall(form)) for form in forms_of(message)]
    text = forms_of(message)[0]
    return all(
        sorted(PLACEHOLDER.findall(string)) in allowed
        and (string[:1].isspace(), string[-1:].isspace())
        == (text[:1].isspace(), text[-1:].isspace())
        for string in strings(message)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    assert [m.id for m in translated(language) if not same_placeholders(m)] == []


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("%(n)s rows", "%(m)s riviä"),
        ("%(n)s rows", "riviä"),
        ("%(n)d rows", "%(n)s riviä"),
        ("Key {number}", "Avain {numero}"),
        ("Password: ", "Salasana:"),
        (("%(n)s row", "%(n)s rows"), ("%(n)s rivi", "riviä")),
    ],
)
def test_a_wrong_placeholder_is_noticed(
    text: str | tuple[str, str], translation: str | tuple[str, str]
) -> None:
    assert not same_placeholders(Message(text, translation))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_compiles_and_knows_its_plurals(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, read(catalogue_path(language), language))
    compiled.seek(0)
    catalogue = gnu_gettext.GNUTranslations(compiled)
    assert catalogue.ngettext("%(persons)s person", "%(persons)s persons", 1) in (
        "%(persons)s henkilö",
        "%(persons)s person",
    )
    assert catalogue.ngettext("%(persons)s person", "%(persons)s persons", 2) in (
        "%(persons)s henkilöä",
        "%(persons)s personer",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_read_our_catalogue_before_those_of_packages(language: str) -> None:
    read_by_people: list[tuple[Message, str]] = []
    with translation.override(language):
        for message in translated(language):
            text, *plural = forms_of(message)
            if plural and message.context:
                said = translation.npgettext(message.context, text, plural[0], 2)
            elif plural:
                said = translation.ngettext(text, plural[0], 2)
            elif message.context:
                said = translation.pgettext(message.context, text)
            else:
                said = translation.gettext(text)
            read_by_people.append((message, said))
    assert [m.id for m, said in read_by_people if said != strings(m)[-1]] == []


def test_english_is_what_the_code_says_although_the_default_is_finnish(texts: Catalog) -> None:
    with translation.override("en"):
        assert [
            message.id
            for message in messages_of(texts)
            if translation.gettext(forms_of(message)[0]) != forms_of(message)[0]
        ] == []
        assert translation.ngettext("%(persons)s person", "%(persons)s persons", 2) == (
            "%(persons)s persons"
        )


def test_the_texts_taken_from_packages_are_still_theirs() -> None:
    theirs: set[object] = set()
    for config in apps.get_app_configs():
        folder = Path(config.path) / "locale"
        for language in ("fi", "de"):
            theirs |= {m.id for m in read(folder / language / "LC_MESSAGES" / "django.po") if m.id}
    ours = {m.id for m in messages_of(read(ROOT / "locale" / "packages.pot"))}
    assert ours - theirs == set()


# --- the models ----------------------------------------------------------------------------------


def our_apps() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]


def our_fields() -> Iterator["models.Field[Any, Any]"]:
    for config in our_apps():
        for model in config.get_models():
            for field in (*model._meta.fields, *model._meta.many_to_many):
                if not field.primary_key:
                    yield field


def test_every_field_of_a_model_has_a_name_that_is_translated() -> None:
    assert [str(f) for f in our_fields() if not isinstance(f.verbose_name, Promise)] == []


def test_every_model_has_names_that_are_translated() -> None:
    named = {
        model._meta.label: (model._meta.verbose_name, model._meta.verbose_name_plural)
        for config in our_apps()
        for model in config.get_models()
    }
    assert [
        label
        for label, names in named.items()
        if not all(isinstance(name, Promise) for name in names)
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_field_that_a_package_brings_is_translated_too(language: str) -> None:
    same_in_both = {m.id for m in read(catalogue_path(language), language) if m.id in strings(m)}
    english: dict[str, str] = {}
    with translation.override("en"):
        english = {str(field): str(field.verbose_name) for field in our_fields()}
    with translation.override(language):
        assert [
            str(field)
            for field in our_fields()
            if str(field.verbose_name) == english[str(field)]
            and english[str(field)] not in same_in_both
        ] == []


# --- templates -----------------------------------------------------------------------------------


class Prose(HTMLParser):
    """Collects the words of a page that are neither code nor marked as of another language."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.skipped or tag in NOT_PROSE or ("lang" in given and tag != "html"):
            if tag not in {"br", "hr", "img", "input", "link", "meta"}:
                self.skipped.append(tag)
            return
        for name, value in given.items():
            says = name in READ_OUT or name.startswith("data-say-")
            if says or ((tag, name) == ("input", "value") and given.get("type") == "submit"):
                self.handle_data(value)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            prose = ATTRIBUTE.sub(" ", data)
            self.words += [word for word in WORD.findall(prose) if word not in NAMES]


def bare_words(template: str) -> list[str]:
    """The words of a template that no translation tag and no variable says."""
    page: list[str] = []
    inside = ""
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in {"blocktranslate", "blocktrans", "comment"}:
                inside = f"end{name}"
            elif name == "block" and token.contents.endswith("_class"):
                inside = "endblock"
            elif name == inside:
                inside = ""
        elif token.token_type == TokenType.TEXT and not inside:
            page.append(token.contents)
        page.append(" ")
    prose = Prose()
    prose.feed("".join(page))
    prose.close()
    return prose.words


def test_templates_say_nothing_past_the_translation_tags() -> None:
    found = {
        str(path.relative_to(ROOT)): words
        for path in template_files(ROOT)
        if (words := bare_words(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        "{{ name }} called",
        '<a title="Open the card">→</a>',
        '<input placeholder="Name">',
        '<button aria-label="{{ name }} closes">×</button>',
        '<img alt="A person">',
        '<body data-say-failed="It failed">',
        '<input type="submit" value="Send">',
        '{% translate "Hello" %} world',
        "{% blocktranslate %}Hello{% endblocktranslate %} world",
        '<html lang="fi"><p>Hello</p></html>',
        "Plain text of a mail {{ link }}",
    ],
)
def test_a_bare_word_in_a_template_is_noticed(template: str) -> None:
    assert bare_words(template)


@pytest.mark.parametrize(
    "template",
    [
        '<p class="lead">{% translate "Hello" %}, {{ name }} – 12 %</p>',
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
        '<a href="{% url "start" %}" title="{% translate "Start" %}">Praecom</a>',
        '<button lang="sv" title="På svenska">SV</button>',
        '<button name="choice" value="permitted">{% translate "Permits" %}</button>',
        'hx-get="{{ to }}" hx-swap="outerHTML"',
        "{# a note #}{% comment %}another{% endcomment %}<kbd>Enter</kbd><script>let x</script>",
    ],
)
def test_a_translated_template_is_let_alone(template: str) -> None:
    assert bare_words(template) == []


# --- Python --------------------------------------------------------------------------------------


def bare_texts(source: str) -> list[str]:
    """The plain strings that a Python file hands to people: labels, help and complaints."""
    found: list[ast.expr] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in TOLD_TO_PEOPLE:
            found.append(node.value)
        if isinstance(node, ast.Call):
            told = re.search(r"(?:messages\.)?\w+$", ast.unparse(node.func))
            if told and told[0] in TELLS_PEOPLE:
                found += node.args
    return [
        ast.unparse(value)
        for value in found
        if (isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value)
        or isinstance(value, ast.JoinedStr)
    ]


def test_python_says_nothing_past_gettext() -> None:
    found = {
        str(path.relative_to(ROOT)): texts
        for path in python_files(ROOT)
        if (texts := bare_texts(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "models.CharField(help_text='Of the holder.')",
        "raise CommandError('There is none.')",
        "raise CommandError(f'There is no {name}.')",
        "messages.error(request, 'It did not work.')",
        "form.add_error('until', 'The end is before the beginning.')",
    ],
)
def test_a_bare_text_in_python_is_noticed(source: str) -> None:
    assert bare_texts(source)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("fi", "7.4.2026", "7.4.2026 9.05"),
        ("sv", "7.4.2026", "7.4.2026 9.05"),
        ("en", "07/04/2026", "07/04/2026 09:05"),
    ],
)
def test_days_are_written_as_each_language_is_in_finland(
    language: str, day: str, moment: str
) -> None:
    at = datetime(2026, 4, 7, 9, 5, tzinfo=UTC)
    with translation.override(language):
        assert date_format(at, "SHORT_DATE_FORMAT") == day
        assert date_format(at, "SHORT_DATETIME_FORMAT") == moment
