"""What the source must not contain, and which way it may import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = [
    "accounts",
    "audit",
    "caller_lookup",
    "consents",
    "contracts",
    "customers",
    "datamap",
    "praecom_registry",
    "privacy",
    "recordings",
]

# Where SQL of our own or Django's plain query set is the point, and why.
ALLOWED = {
    r"\.cursor\(|psycopg\.Cursor\(|connection\.connection\b": {
        "audit/log.py",  # writes the log
        "audit/sql.py",  # the one place where SQL of our own reads
        "audit/grants.py",  # the owner's grants
        "audit/gate.py",  # the second net itself
        "praecom_registry/closing.py",  # tells one connection from the next
        "praecom_registry/health.py",  # asks for partitions, no data
    },
    r"\.raw\(": set(),
    r"(?<![\w.])QuerySet\(\w": {
        "audit/subjects.py",  # resolves whom a row names
        "audit/changes.py",  # the old row before a save
    },
    r"\bkeys_sql\(|\brun_sql\(|\bcopy_rows\(|\b(?:recorded|sealed)_sql\(": {
        "accounts/group_lookups.py",
        "audit/sets.py",
        "audit/sql.py",
        "audit/tasks.py",
        "audit/volume.py",
        "caller_lookup/recent.py",
        "consents/timeline.py",
        "contracts/shown/figures.py",
        "contracts/summaries.py",
        "contracts/timeline/__init__.py",
        "customers/lookup.py",
        "customers/lookup_search.py",
        "consents/decided_sets.py",
        "consents/decision.py",
        "consents/list_rows.py",
        "consents/reach.py",
        "consents/services/disclosing.py",
        "consents/services/erasing.py",
        "consents/services/lists.py",
        "consents/services/prohibitions.py",
        "customers/key_upkeep.py",
        "customers/timeline.py",
        "privacy/package_tasks.py",
        "privacy/report/third_persons.py",
        "recordings/timeline.py",
        "privacy/calendar.py",
        "privacy/breaches.py",
        "privacy/description/publishing.py",
        "privacy/forgetting/batches.py",
        "privacy/forgetting/executing.py",
        "privacy/forgetting/log_months.py",
        "privacy/forgetting/planning.py",
        "privacy/forgetting/replaying.py",
        "privacy/forgetting/runs.py",
        "privacy/forgetting/setting_periods.py",
        "privacy/forgetting/staying.py",
        "privacy/statistics.py",
        "praecom_registry/importing/importer.py",
        "praecom_registry/importing/recording.py",
        "praecom_registry/importing/staging.py",
        "praecom_registry/importing/customers/importer.py",
        "praecom_registry/importing/customers/matching.py",
        "praecom_registry/importing/customers/merging.py",
        "praecom_registry/importing/customers/recording.py",
        "praecom_registry/importing/invoices/importer.py",
        "praecom_registry/importing/invoices/matching.py",
        "praecom_registry/importing/invoices/merging.py",
        "praecom_registry/importing/invoices/recording.py",
        "praecom_registry/importing/robinson/importer.py",
        "praecom_registry/importing/surveys/importer.py",
        "praecom_registry/demo/loader.py",
        "praecom_registry/demo/recording.py",
    },
}


def sources() -> list[Path]:
    return [
        path
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    ]


@pytest.mark.parametrize("pattern", ALLOWED)
def test_the_gate_is_not_gone_round(pattern: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }
    assert users <= ALLOWED[pattern]


def test_imports_go_down_only() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    "pattern",
    [
        r"<script(?![^>]*\bsrc=)",
        r"\sstyle=\"",
        r"<style\b",
        r"\son[a-z]+=\"",
        r"\|safe\b",
        r"javascript:",
    ],
)
def test_templates_keep_to_the_content_security_policy(pattern: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []
