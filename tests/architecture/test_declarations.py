"""Every model and every field is declared, and the checks notice when one is not."""

from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection, models

from audit.gate import RecordedModel
from audit.models import LogEntry
from customers.models import Address
from datamap.checks import check_declaration, check_declarations
from datamap.declarations import Field, PersonalData, Registry, VaultData, registry
from datamap.vocabulary import Category, LawfulBasis, Purpose
from tests.database import owner_connection


def ids_of(errors: list[Any]) -> set[str]:
    return {error.id for error in errors}


@pytest.mark.django_db
def test_the_register_is_declared_completely() -> None:
    assert [e for e in run_checks() if e.id and e.id.startswith(("datamap.", "audit."))] == []


def test_every_category_of_the_description_that_is_held_has_a_purpose() -> None:
    for declaration in registry:
        for name, field in declaration.fields.items():
            assert field.uses or declaration.uses, f"{declaration.model._meta.label}.{name}"


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry that a test may spoil."""
    spoiled = Registry()
    spoiled._declared = dict(registry._declared)
    spoiled._impersonal = dict(registry._impersonal)
    monkeypatch.setattr("datamap.checks.registry", spoiled)
    return spoiled


def redeclare(changed: Registry, **values: Any) -> None:
    old = registry[Address]
    new = {
        "model": Address,
        "subjects": old.subjects,
        "fields": old.fields,
        "not_personal": old.not_personal,
        "uses": old.uses,
        "retention": old.retention,
        **values,
    }
    changed._declared[Address] = PersonalData(**new)


def test_an_undeclared_model_is_an_error(changed: Registry) -> None:
    del changed._declared[Address]
    assert "datamap.E001" in ids_of(check_declarations(None))


def test_an_undeclared_field_is_an_error(changed: Registry) -> None:
    fields = {k: v for k, v in registry[Address].fields.items() if k != "street"}
    redeclare(changed, fields=fields)
    assert "datamap.E002" in ids_of(check_declarations(None))


def test_a_declared_field_that_does_not_exist_is_an_error(changed: Registry) -> None:
    redeclare(changed, not_personal=[*registry[Address].not_personal, "shoe_size"])
    assert "datamap.E003" in ids_of(check_declarations(None))


def test_a_path_that_leads_elsewhere_is_an_error(changed: Registry) -> None:
    redeclare(changed, subjects=["city"])
    assert "datamap.E005" in ids_of(check_declarations(None))


def test_a_field_without_a_use_is_an_error(changed: Registry) -> None:
    redeclare(changed, uses=())
    assert "datamap.E008" in ids_of(check_declarations(None))


def test_a_file_without_an_erasure_step_is_an_error(changed: Registry) -> None:
    class Photograph(RecordedModel):
        file = models.FileField()

        class Meta(RecordedModel.Meta):
            app_label = "tests"

    try:
        declaration = PersonalData(
            model=Photograph,
            subjects=[],
            fields={"file": Field(Category.SUPPLEMENTARY)},
            not_personal=["id"],
        )
        assert "datamap.E007" in ids_of(list(check_declaration(declaration)))
    finally:
        del apps.all_models["tests"]


@pytest.mark.parametrize(
    "label",
    ["recordings.Recording", "recordings.StoredMessage", "privacy.RequestLetter",
     "privacy.Package"],
)  # fmt: skip
def test_a_file_in_the_vault_without_an_erasure_step_is_an_error(label: str) -> None:
    declaration = registry[apps.get_model(label)]
    for vault in (declaration.vault, None):
        without = replace(declaration, erases_files=False, vault=vault)
        assert "datamap.E007" in ids_of(list(check_declaration(without)))


def test_whatever_names_a_file_in_the_vault_needs_an_erasure_step() -> None:
    vault = VaultData("street", erase=str, expire=str, kept=lambda rows, *more: rows)
    declaration = replace(registry[Address], vault=vault)

    assert "datamap.E007" in ids_of(list(check_declaration(declaration)))
    assert not list(check_declaration(replace(declaration, erases_files=True)))


def test_a_legitimate_interest_needs_its_balancing() -> None:
    from django.core.exceptions import ImproperlyConfigured

    from datamap.declarations import Use

    with pytest.raises(ImproperlyConfigured, match="balancing"):
        Use(Purpose.RESEARCH, LawfulBasis.LEGITIMATE_INTEREST)


@pytest.mark.django_db
@pytest.mark.postgres_versions
def test_the_log_table_is_what_its_model_says() -> None:
    with owner_connection() as owner:
        in_database = {
            name: nullable == "YES"
            for name, nullable in owner.execute(
                "SELECT column_name, is_nullable FROM information_schema.columns"
                " WHERE table_name = 'audit_logentry'"
            )
        }
        kinds = dict(
            owner.execute(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                " WHERE attrelid = 'audit_logentry'::regclass AND attnum > 0"
            ).fetchall()
        )
    in_model = {field.column: field.null for field in LogEntry._meta.concrete_fields}
    assert in_database == in_model
    assert kinds == {
        f.column: str(f.db_type(connection)).replace("varchar", "character varying")
        for f in LogEntry._meta.concrete_fields
    }
