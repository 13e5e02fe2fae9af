"""Many keys in a statement as one value: it is as long for thousands as for one."""

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Func, Value


def as_array(keys: Iterable[int]) -> str:
    """The keys as the text of an array of the database's, which is made once for all of them."""
    return f"{{{','.join(map(str, keys))}}}"


def among(name: str, keys: Iterable[int]) -> Func:
    """Whether a field, a link or the key of a record is one of these keys."""
    return Func(
        F(name),
        Value(as_array(keys), models.TextField()),
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY (",
        output_field=models.BooleanField(),
    )
