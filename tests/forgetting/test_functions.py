"""Only the engine gets past what keeps rows as they are, and a request's plan needs two persons."""

import psycopg
import pytest
from django.db import IntegrityError
from django.utils import timezone

from privacy.models import ErasureRun, RetentionPeriod
from tests.builders import a_user
from tests.database import site_connection

pytestmark = pytest.mark.django_db(transaction=True)

_OF_ITS_OWN = """
CREATE FUNCTION pg_temp.audit_erase(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM privacy_retentionperiod WHERE id = ANY (keys);
END $$
"""


def test_a_function_of_the_sites_own_is_not_taken_for_the_engine() -> None:
    period = RetentionPeriod.objects.create(
        model="customers.person",
        after="created_at",
        months=12,
        reason="Riidat tulevat vuoden sisällä",
        brings_forward=0,
        decided_by=a_user(),
    )

    with site_connection() as site:
        site.execute(_OF_ITS_OWN)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            site.execute("SELECT pg_temp.audit_erase(%s)", [[period.pk]])

    assert RetentionPeriod.objects.filter(pk=period.pk).exists()


@pytest.mark.parametrize("approved", [False, True])
def test_a_request_is_carried_out_only_when_two_have_agreed(approved: bool) -> None:
    run = ErasureRun(
        kind=ErasureRun.Kind.REQUEST,
        status=ErasureRun.Status.RUNNING,
        as_of=timezone.localdate(),
        planned_by=a_user("first"),
        approved_by=a_user("second") if approved else None,
    )
    if approved:
        run.save()
        assert run.pk
    else:
        with pytest.raises(IntegrityError, match="erasure_two_persons"):
            run.save()
