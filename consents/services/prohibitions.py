"""Keeping what was prohibited for numbers and addresses that go before whoever prohibited it.

A person's numbers go when vouchers alone still need her, and a sole trader's with her business:
what she chose is still there then, and what it is about no more.
"""

from collections.abc import Sequence

from audit.sql import run_sql
from consents.hashing import pads

_KEEP = """
INSERT INTO consents_suppression (channel, product_group, digest, since)
SELECT now.channel, now.product_group, consents_digest(w.written, %(inner)s, %(outer)s), max(now.at)
FROM ({going}) AS w(person_id, customer_id, kind, written), LATERAL (
    SELECT DISTINCT ON (c.channel, c.product_group) c.channel, c.product_group, c.choice, c.at
    FROM consents_marketingchoice c
    WHERE c.person_id = w.person_id OR c.customer_id = w.customer_id
    ORDER BY c.channel, c.product_group, c.at DESC, c.id DESC
) AS now
WHERE now.choice IN ('prohibited', 'withdrawn')
    AND w.kind = ANY (CASE now.channel WHEN 'post' THEN ARRAY['post']
                      WHEN 'email' THEN ARRAY['email']
                      WHEN 'message' THEN ARRAY['phone', 'email'] ELSE ARRAY['phone'] END)
GROUP BY 1, 2, 3
ON CONFLICT (digest, channel, product_group)
    DO UPDATE SET since = greatest(consents_suppression.since, EXCLUDED.since)
"""
# Of a sole trader's business the numbers and addresses are hers. What has ended may be somebody
# else's by now, and is not kept from that one.
_CONTACT_POINTS = """
SELECT coalesce(p.person_id, o.owner_id), p.customer_id, p.kind, p.kind || ':' || p.normalised
FROM customers_contactpoint p LEFT JOIN customers_customer o ON o.id = p.customer_id
WHERE p.id = ANY (%(keys)s) AND p.ended_on IS NULL
"""
_ADDRESSES = """
SELECT n.id, NULL, 'post', consents_post_text(n.first_name, n.last_name, a.street, a.postal_code)
FROM customers_address a LEFT JOIN customers_customer o ON o.id = a.customer_id
    JOIN customers_person n ON n.id = coalesce(a.person_id, o.owner_id)
WHERE a.id = ANY (%(keys)s) AND (a.valid_until IS NULL OR a.valid_until >= current_date)
UNION ALL
SELECT NULL, o.id, 'post', consents_post_text(o.company_name, '', a.street, a.postal_code)
FROM customers_address a JOIN customers_customer o ON o.id = a.customer_id
WHERE a.id = ANY (%(keys)s) AND (a.valid_until IS NULL OR a.valid_until >= current_date)
"""


def keep_for_contact_points(keys: Sequence[int]) -> None:
    """Keep as keyed hashes what was prohibited for numbers and e-mail addresses that go."""
    run_sql(_KEEP.format(going=_CONTACT_POINTS), {"keys": list(keys), **pads()})


def keep_for_addresses(keys: Sequence[int]) -> None:
    """Keep as keyed hashes what was prohibited for addresses that go."""
    run_sql(_KEEP.format(going=_ADDRESSES), {"keys": list(keys), **pads()})
