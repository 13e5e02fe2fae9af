"""What leads to a record that goes is found by an index, so that erasing is as fast in any size."""

import pytest
from django.db import connection

from datamap.declarations import registry

pytestmark = pytest.mark.django_db

_WITHOUT_INDEX = """
SELECT link.conrelid::regclass || '.' || a.attname
FROM pg_constraint link
JOIN pg_attribute a ON a.attrelid = link.conrelid AND a.attnum = link.conkey[1]
WHERE link.contype = 'f' AND link.confrelid::regclass::text = ANY (%s) AND NOT EXISTS (
    SELECT FROM pg_index i
    WHERE i.indrelid = link.conrelid AND i.indkey[0] = a.attnum AND (
        i.indpred IS NULL
        OR pg_get_expr(i.indpred, i.indrelid) = format('(%%I IS NOT NULL)', a.attname)))
"""


def test_every_link_to_a_declared_model_has_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_INDEX, [[declaration.table for declaration in registry]])
        assert cursor.fetchall() == []
