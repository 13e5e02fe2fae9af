"""Who is who: staged rows against the register and against each other, before anything is written.

The rule (README, "Import format"): the same user ID is the same person; else the same customer,
role and folded name, and an e-mail address or phone number in common. What the rule leaves open:

- A private customer is one person: the same name under her customer number is she, whatever her
  contact details; another name is a problem of that row.
- A row with no details at all and no user ID is the person of that customer, role and name who
  has none either, or else the only one there is.
- Details that have ended still tell who somebody is.
"""

from audit.sql import run_sql
from praecom_registry.importing.customers.columns import Column
from praecom_registry.importing.problems import Problems, Reason
from praecom_registry.importing.staging import check

_CUSTOMERS = """
CREATE TEMPORARY TABLE import_customer ON COMMIT DROP AS
SELECT r.number, coalesce(c.id, nextval(pg_get_serial_sequence('customers_customer', 'id'))) AS id,
       c.id IS NULL AS is_new, r.kind, r.company_name, r.legal_form, r.business_id, r.since,
       r.first_row, r.rows, r.kinds_agree, r.names_agree, r.ids_agree, r.days_agree, r.lacks_name,
       c.kind AS known_kind, c.owner_id AS known_owner
FROM (
    SELECT number, min(row) AS first_row, count(*) AS rows, max(kind) AS kind,
           max(company_name) AS company_name, max(legal_form) AS legal_form,
           max(business_id) AS business_id, max(since) AS since,
           min(kind) = max(kind) AS kinds_agree,
           min(nullif(company_name, '')) = max(company_name) AS names_agree,
           min(nullif(business_id, '')) = max(business_id) AS ids_agree,
           min(since) = max(since) AS days_agree,
           max(kind) = 'company' AND max(company_name) = '' AND count(company_name) = count(*)
               AS lacks_name
    FROM import_row WHERE number IS NOT NULL GROUP BY number
) r LEFT JOIN customers_customer c ON c.number = r.number
"""

_MATCH_BY_USER_ID = """
CREATE TEMPORARY TABLE import_match ON COMMIT DROP AS
SELECT r.row, u.person_id FROM import_row r JOIN customers_serviceuser u ON u.user_id = r.user_id
WHERE NOT r.is_bad AND r.user_id <> ''
"""

_MATCH_BY_NAME = """
INSERT INTO import_match
WITH asked AS MATERIALIZED (
    SELECT r.row, k.id AS customer_id, r.role, r.email, r.phone, r.phone_2,
           lookup_fold(r.first_name || ' ' || r.last_name) AS name,
           r.email = '' AND r.phone = '' AND r.phone_2 = '' AND r.user_id = '' AS says_nothing
    FROM import_row r JOIN import_customer k ON k.number = r.number AND NOT k.is_new
    WHERE NOT r.is_bad AND NOT EXISTS (SELECT FROM import_match m WHERE m.row = r.row)
), there AS (
    SELECT id AS customer_id, '' AS role, known_owner AS person_id FROM import_customer
    WHERE known_kind = 'person'
    UNION
    SELECT c.customer_id, 'contact', c.person_id FROM customers_contactperson c
    WHERE c.customer_id IN (SELECT customer_id FROM asked WHERE role = 'contact')
    UNION
    SELECT u.customer_id, 'user', u.person_id FROM customers_serviceuser u
    WHERE u.customer_id IN (SELECT customer_id FROM asked WHERE role = 'user')
), judged AS (
    SELECT a.row, a.role, a.says_nothing, t.person_id,
           count(*) OVER (PARTITION BY a.row) AS namesakes,
           EXISTS (SELECT FROM customers_contactpoint c WHERE c.person_id = t.person_id
                   AND (c.kind = 'email' AND c.normalised = a.email
                        OR c.kind = 'phone' AND c.normalised IN (a.phone, a.phone_2))) AS shares,
           a.says_nothing AND NOT EXISTS (
               SELECT FROM customers_contactpoint c WHERE c.person_id = t.person_id) AS has_none
    FROM asked a JOIN there t USING (customer_id, role)
    JOIN customers_person p ON p.id = t.person_id
    WHERE lookup_fold(p.first_name || ' ' || p.last_name) = a.name
)
SELECT DISTINCT ON (row) row, person_id FROM judged
WHERE shares OR role = '' OR says_nothing AND (has_none OR namesakes = 1)
ORDER BY row, shares DESC, has_none DESC, person_id
"""

# Rows that may be about the same person share a key. Names are folded only where a customer has
# several rows of a role.
_KEYS = """
CREATE TEMPORARY TABLE import_key ON COMMIT DROP AS
WITH crowd AS (
    SELECT r.row, r.number, r.role, r.email, r.phone, r.phone_2, r.user_id, CASE WHEN
               count(*) OVER (PARTITION BY r.number, r.role) > 1
           THEN lookup_fold(r.first_name || ' ' || r.last_name) END AS name
    FROM import_row r JOIN import_customer k ON k.number = r.number AND k.rows > 1
    WHERE NOT r.is_bad
), said AS (
    SELECT row, 'u' || user_id AS key FROM import_row WHERE NOT is_bad AND user_id <> ''
    UNION ALL
    SELECT c.row, concat_ws(E'\\x01', c.number, c.role, c.name, d.detail) FROM crowd c,
           LATERAL (SELECT 'e' || c.email WHERE c.email <> '' AND c.role <> ''
                    UNION SELECT 'p' || c.phone WHERE c.phone <> '' AND c.role <> ''
                    UNION SELECT 'p' || c.phone_2 WHERE c.phone_2 <> '' AND c.role <> ''
                    UNION SELECT 'n' WHERE c.role = ''
                    UNION SELECT 'n' WHERE c.email = '' AND c.phone = '' AND c.phone_2 = ''
                                       AND c.user_id = '') AS d(detail)
    WHERE c.name IS NOT NULL
)
SELECT row, key FROM (SELECT row, key, count(*) OVER (PARTITION BY key) AS rows FROM said) s
WHERE rows > 1
"""

_GROUPS = """
CREATE TEMPORARY TABLE import_group ON COMMIT DROP AS
SELECT DISTINCT row, row AS label FROM import_key
"""

# Rows that share a key, directly or through others, get one label: the least of their numbers.
# Both the row and the row it is labelled with move, and every row then takes its label's label,
# so that even a long chain needs few rounds.
_SPREAD = """
UPDATE import_group g SET label = n.label FROM (
    SELECT place AS row, min(label) AS label FROM (
        SELECT k.row, g.label AS own, min(g.label) OVER (PARTITION BY k.key) AS label
        FROM import_key k JOIN import_group g ON g.row = k.row
    ) s, LATERAL (VALUES (s.row), (s.own)) AS p(place) GROUP BY place
) n WHERE n.row = g.row AND n.label < g.label
"""
_SHORTEN = """
UPDATE import_group g SET label = h.label FROM import_group h
WHERE h.row = g.label AND h.label < g.label
"""

_PERSONS_OF_ROWS = """
CREATE TEMPORARY TABLE import_of ON COMMIT DROP AS
WITH known AS (
    SELECT g.label, min(m.person_id) AS person_id
    FROM import_group g JOIN import_match m ON m.row = g.row GROUP BY g.label
), labelled AS (
    SELECT r.row, coalesce(g.label, r.row) AS label, coalesce(m.person_id, k.person_id) AS person_id
    FROM import_row r
    LEFT JOIN import_match m ON m.row = r.row
    LEFT JOIN import_group g ON g.row = r.row
    LEFT JOIN known k ON k.label = g.label
    WHERE NOT r.is_bad
), made AS (
    SELECT label, nextval(pg_get_serial_sequence('customers_person', 'id')) AS person_id
    FROM (SELECT DISTINCT label FROM labelled WHERE person_id IS NULL ORDER BY label) l
)
SELECT l.row, coalesce(l.person_id, m.person_id) AS person_id, l.person_id IS NULL AS is_new
FROM labelled l LEFT JOIN made m ON m.label = l.label AND l.person_id IS NULL
"""

# What several rows say of one person: the last word counts, an empty cell says nothing, and
# a no to marketing beats every yes.
_PERSONS = """
CREATE TEMPORARY TABLE import_person ON COMMIT DROP AS
SELECT o.person_id, bool_and(o.is_new) AS is_new, count(*) AS rows,
       coalesce((array_agg(r.first_name ORDER BY o.row DESC) FILTER (WHERE r.first_name <> ''))[1],
                '') AS first_name,
       (array_agg(r.last_name ORDER BY o.row DESC))[1] AS last_name,
       (array_agg(r.language ORDER BY o.row DESC) FILTER (WHERE r.language <> ''))[1] AS language,
       (array_agg(r.source ORDER BY o.row DESC))[1] AS source,
       (array_agg(r.source_wording ORDER BY o.row DESC))[1] AS source_wording,
       bool_and(r.marketing_email) AS email, bool_and(r.marketing_sms) AS sms,
       bool_and(r.marketing_phone) AS phone, bool_and(r.marketing_post) AS post,
       bool_or(num_nonnulls(r.marketing_email, r.marketing_sms, r.marketing_phone,
                            r.marketing_post) > 0) AS has_choice,
       bool_or(r.email <> '' OR r.phone <> '' OR r.phone_2 <> '') AS is_reachable,
       bool_or(r.role = 'contact') AS is_contact, bool_or(r.user_id <> '') AS is_user,
       bool_or(r.kind = 'person') AS is_customer,
       bool_or(r.kind = 'person' AND (r.street <> '' OR r.postal_code <> '' OR r.city <> ''))
           AS has_address
FROM import_of o JOIN import_row r ON r.row = o.row
GROUP BY o.person_id
"""

# An address that says less than another one of the same holder, or than one the register has,
# says nothing new. One new address for one known address is that one, changed. The holder is a
# customer's key, or a person's with a minus.
_GIVEN_ADDRESSES = """
CREATE TEMPORARY TABLE import_given ON COMMIT DROP AS
WITH given AS MATERIALIZED (
    SELECT CASE r.kind WHEN 'person' THEN -o.person_id ELSE k.id END AS holder,
           CASE r.kind WHEN 'person' THEN NOT o.is_new ELSE NOT k.is_new END AS is_known,
           r.street, r.postal_code, r.city, r.country, min(r.row) AS row
    FROM import_row r JOIN import_of o ON o.row = r.row
    JOIN import_customer k ON k.number = r.number
    WHERE r.street <> '' OR r.postal_code <> '' OR r.city <> ''
    GROUP BY 1, 2, 3, 4, 5, 6
), counted AS MATERIALIZED (
    SELECT *, count(*) OVER (PARTITION BY holder) AS given_here FROM given
)
SELECT * FROM counted WHERE given_here = 1
UNION ALL
SELECT * FROM counted g WHERE given_here > 1 AND NOT EXISTS (
    SELECT FROM counted f WHERE f.holder = g.holder AND f.given_here > 1 AND f.row <> g.row
    AND f.country = g.country AND g.street IN ('', f.street)
    AND g.postal_code IN ('', f.postal_code) AND g.city IN ('', f.city))
"""
_KNOWN_ADDRESSES = """
CREATE TEMPORARY TABLE import_there ON COMMIT DROP AS
SELECT a.customer_id AS holder, a.id, a.street, a.postal_code, a.city, a.country,
       a.valid_until IS NULL OR a.valid_until >= %(today)s AS is_current
FROM customers_address a
WHERE a.kind = 'visiting'
AND a.customer_id IN (SELECT holder FROM import_given WHERE is_known AND holder > 0)
UNION ALL
SELECT -a.person_id, a.id, a.street, a.postal_code, a.city, a.country,
       a.valid_until IS NULL OR a.valid_until >= %(today)s
FROM customers_address a
WHERE a.kind = 'postal'
AND a.person_id IN (SELECT -holder FROM import_given WHERE is_known AND holder < 0)
"""
_ADDRESSES = """
CREATE TEMPORARY TABLE import_address ON COMMIT DROP AS
WITH fresh AS (
    SELECT *, count(*) OVER (PARTITION BY holder) AS fresh_here
    FROM import_given f WHERE NOT EXISTS (
        SELECT FROM import_there a WHERE f.holder = a.holder AND f.country = a.country
        AND f.street IN ('', a.street) AND f.postal_code IN ('', a.postal_code)
        AND f.city IN ('', a.city))
), replaced AS (
    SELECT holder, min(id) AS id FROM import_there a
    WHERE is_current AND NOT EXISTS (
        SELECT FROM import_given f WHERE f.holder = a.holder AND f.country = a.country
        AND f.street IN ('', a.street) AND f.postal_code IN ('', a.postal_code)
        AND f.city IN ('', a.city))
    GROUP BY holder HAVING count(*) = 1
)
SELECT f.row, CASE WHEN f.holder < 0 THEN -f.holder END AS person_id,
       CASE WHEN f.holder > 0 THEN f.holder END AS customer_id, t.id AS changes,
       coalesce(nullif(f.street, ''), t.street, '') AS street,
       coalesce(nullif(f.postal_code, ''), t.postal_code, '') AS postal_code,
       coalesce(nullif(f.city, ''), t.city, '') AS city, f.country
FROM fresh f
LEFT JOIN replaced p ON p.holder = f.holder AND f.fresh_here = 1
LEFT JOIN import_there t ON t.id = p.id
"""

_MUST_AGREE = (
    (Column.CUSTOMER_KIND, "kind", "kinds_agree"),
    (Column.COMPANY_NAME, "company_name", "names_agree"),
    (Column.BUSINESS_ID, "business_id", "ids_agree"),
    (Column.CUSTOMER_SINCE, "since", "days_agree"),
)
_CHECKS = (
    *(
        (
            column,
            Reason.DISAGREES,
            f"SELECT r.row FROM import_customer k JOIN import_row r ON r.number = k.number,"
            f" LATERAL (SELECT f.{value}::text AS value FROM import_row f WHERE f.number = k.number"
            f" AND f.{value}::text <> '' ORDER BY f.row LIMIT 1) AS first"
            f" WHERE NOT k.{agree} AND r.{value}::text <> '' AND r.{value}::text <> first.value",
        )
        for column, value, agree in _MUST_AGREE
    ),
    (
        Column.CUSTOMER_KIND,
        Reason.OTHER_KIND,
        "SELECT r.row FROM import_row r JOIN import_customer k ON k.number = r.number"
        " WHERE r.kind <> k.known_kind",
    ),
    (
        Column.COMPANY_NAME,
        Reason.REQUIRED,
        "SELECT r.row FROM import_row r JOIN import_customer k ON k.number = r.number"
        " WHERE k.is_new AND k.lacks_name AND r.kind = 'company'",
    ),
    (
        Column.CUSTOMER_NUMBER,
        Reason.SOMEBODY_ELSE,
        "SELECT r.row FROM import_row r JOIN import_customer k ON k.number = r.number"
        " JOIN import_of o ON o.row = r.row LEFT JOIN import_of f ON f.row = k.first_row"
        " WHERE r.kind = 'person' AND k.kinds_agree AND coalesce(k.known_kind, 'person') = 'person'"
        " AND o.person_id <> coalesce(k.known_owner, f.person_id)",
    ),
    (
        Column.POSTAL_CODE,
        Reason.NO_POSTAL_CODE,
        "SELECT row FROM import_address WHERE country = 'FI' AND postal_code = ''",
    ),
)


def match(today: str) -> None:
    """Find out which customer and which person each staged row is about, known or new."""
    run_sql("SET LOCAL work_mem = '64MB'")
    for table, statement in (
        ("import_customer (number, id, is_new)", _CUSTOMERS),
        ("import_match", _MATCH_BY_USER_ID),
        ("import_match", _MATCH_BY_NAME),
        ("import_key", _KEYS),
        ("import_group", _GROUPS),
    ):
        run_sql(statement)
        run_sql(f"ANALYZE {table}")
    while run_sql(_SPREAD) + run_sql(_SHORTEN):
        pass
    for table, statement in (
        ("import_of", _PERSONS_OF_ROWS),
        ("import_person (person_id, is_new)", _PERSONS),
        ("import_given (holder, is_known)", _GIVEN_ADDRESSES),
        ("import_there (holder, id)", _KNOWN_ADDRESSES),
        ("import_address", _ADDRESSES),
    ):
        run_sql(statement, {"today": today} if statement == _KNOWN_ADDRESSES else ())
        run_sql(f"ANALYZE {table}")


def note_problems(problems: Problems) -> None:
    """Add what is wrong with rows taken together, or with what the register has."""
    check(_CHECKS, problems)
