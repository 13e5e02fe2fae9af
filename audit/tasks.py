"""The log's own upkeep, run by the background worker."""

from procrastinate.contrib.django import app

from audit.context import AccessPurpose, in_context
from audit.grants import MONTHS_AHEAD
from audit.sql import keys_sql


@app.periodic(cron="7 3 * * *")
@app.task(queueing_lock="audit.make_partitions", pass_context=False)
@in_context(job="make_log_partitions", purpose=AccessPurpose.UPKEEP)
def make_partitions(timestamp: int) -> int:
    """Keep room for the coming months in the log; returns how many partitions were made.

    A month without its partition would refuse every row, and with it every answer.
    """
    (row,) = keys_sql("SELECT audit_make_partitions(%s) AS made", [MONTHS_AHEAD])
    return int(row["made"])
