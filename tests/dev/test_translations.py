"""`dev_translations.py`: which texts it finds, and what it does to the catalogues."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from dev_translations import (
    catalogue_path,
    collect,
    main,
    merge,
    python_texts,
    read,
    template_texts,
    untranslated,
    update,
    written,
)

CODE = """
from django.utils.translation import gettext as _now, gettext_lazy as _, ngettext, pgettext_lazy
from elsewhere import gettext as other

A = _("Phone number")
B = _now("in " "two parts")
C = ngettext("%(n)d day", "%(n)d days", 2)
D = pgettext_lazy("verb", "Open")
E = _(variable)
F = other("not ours")
G = gettext_noop("marked only")
H = f"<{_('inside')}>"
I = translation.gettext("through its module")
"""

TEMPLATE = """
{% load i18n %}
  <p title="{% translate "Title" %}">{{ day|default:_("never") }}</p>
      {% translate "Open" context "verb" %}
   not a text ( of ours
 {% blocktranslate trimmed with name=person.name %}
     Hello
     {{ name }}
 {% endblocktranslate %}
{% blocktranslate count n=days|length %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one application, one template and one text of a package."""
    for package in ("shop", "tests"):
        (tmp_path / package / "migrations").mkdir(parents=True)
        (tmp_path / package / "__init__.py").touch()
    shop = "from django.utils.translation import gettext as _\n_('Customer')\n"
    (tmp_path / "shop" / "models.py").write_text(shop)
    (tmp_path / "shop" / "migrations" / "0001.py").write_text(shop.replace("Customer", "Old"))
    (tmp_path / "tests" / "test_shop.py").write_text(shop.replace("Customer", "Only a test"))
    (tmp_path / "templates" / "shop").mkdir(parents=True)
    (tmp_path / "templates" / "shop" / "mail.txt").write_text('{% translate "Customer" %}')
    (tmp_path / "locale").mkdir()
    packages = '#: allauth/account\nmsgid "Sign In"\nmsgstr ""\n'
    (tmp_path / "locale" / "packages.pot").write_text(packages)
    return tmp_path


def a_catalogue(**translations: str) -> Catalog:
    catalogue = Catalog(locale="fi")
    for text, translation in translations.items():
        catalogue.add(text, translation)
    return catalogue


def test_texts_are_found_under_every_name_that_a_file_gives_to_gettext() -> None:
    assert set(python_texts(CODE)) == {
        ("Phone number", None),
        ("in two parts", None),
        (("%(n)d day", "%(n)d days"), None),
        ("Open", "verb"),
        ("marked only", None),
        ("inside", None),
        ("through its module", None),
    }


def test_texts_of_templates_are_found_whatever_stands_around_them() -> None:
    assert list(template_texts(TEMPLATE)) == [
        ("Title", None),
        ("never", None),
        ("Open", "verb"),
        ("Hello %(name)s", None),
        (("%(n)s day", "%(n)s days"), None),
    ]


def test_code_templates_and_packages_are_searched_but_not_tests_or_migrations(
    project: Path,
) -> None:
    found = {message.id: message.locations for message in collect(project) if message.id}
    assert [path for path, _line in found["Customer"]] == [
        "shop/models.py",
        "templates/shop/mail.txt",
    ]
    assert set(found) == {"Customer", "Sign In"}


def test_a_used_translation_stays_and_an_unused_one_goes() -> None:
    merged = merge(a_catalogue(Customer=""), a_catalogue(Customer="Asiakas", Client="Asiakas"))
    assert {m.id: m.string for m in merged if m.id} == {"Customer": "Asiakas"}


def test_nothing_is_guessed_for_a_text_that_changed_a_little() -> None:
    merged = merge(a_catalogue(Customers=""), a_catalogue(Customer="Asiakas"))
    assert [message.id for message in untranslated(merged)] == ["Customers"]


def test_a_text_that_got_a_plural_is_translated_anew() -> None:
    texts = Catalog()
    texts.add(("day", "days"))
    merged = merge(texts, a_catalogue(day="päivä"))
    assert len(untranslated(merged)) == 1


def test_one_empty_plural_counts_as_untranslated() -> None:
    catalogue = Catalog(locale="fi")
    catalogue.add(("day", "days"), ("päivä", ""))
    assert len(untranslated(catalogue)) == 1


def test_a_second_update_changes_nothing(project: Path) -> None:
    update(project)
    path = catalogue_path("sv", project)
    translated = path.read_text().replace('"Customer"\nmsgstr ""', '"Customer"\nmsgstr "Kund"')
    path.write_text(translated)
    update(project)
    assert path.read_text() == translated
    assert 'msgstr "Kund"' in translated


def test_a_file_holds_no_dates_and_no_line_numbers_but_knows_its_plurals(project: Path) -> None:
    update(project)
    text = catalogue_path("fi", project).read_text()
    assert "-Date" not in text
    assert "#: shop/models.py templates/shop/mail.txt\n" in text
    assert "nplurals=2; plural=(n != 1);" in text


def test_a_written_catalogue_reads_as_it_was(tmp_path: Path) -> None:
    catalogue = Catalog(locale="fi")
    catalogue.add('"Quoted"\nand %(more)s', "”Lainattu”\nja %(more)s")
    catalogue.add(("day", "days"), ("päivä", "päivää"), context="age")
    path = tmp_path / "django.po"
    path.write_text(written(catalogue), encoding="utf-8")
    again = read(path, "fi")
    assert {(m.id, m.context): m.string for m in again if m.id} == {
        (m.id, m.context): m.string for m in catalogue if m.id
    }


def test_what_is_left_to_translate_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dev_translations.update", lambda: update(project))
    assert main() == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "fi: 2 texts, 2 without a translation",
        "  Customer",
        "  Sign In",
    ]
