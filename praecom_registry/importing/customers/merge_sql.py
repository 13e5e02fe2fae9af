"""The SQL of a merge: each statement writes one set of rows and notes it in `import_change`.

The log is written from those notes (`recording.py`). A record's source is that of its values: it
changes with them, not alone.
"""

from praecom_registry.importing.problems import WHOLE_ROW, Reason

NEW_PERSONS = """
INSERT INTO customers_person
    (id, public_id, first_name, last_name, language, source, source_wording)
SELECT person_id, gen_random_uuid(), first_name, last_name, coalesce(language, 'fi'), source,
       source_wording
FROM import_person WHERE is_new ORDER BY person_id
"""

# A private customer's letters follow her language as long as both are the same.
CHANGED_LANGUAGES = """
WITH changed AS (
    UPDATE customers_customer c SET language = n.language
    FROM import_person n JOIN customers_person p ON p.id = n.person_id
    WHERE NOT n.is_new AND c.kind = 'person' AND c.owner_id = p.id
    AND c.language = p.language AND p.language <> n.language
    RETURNING c.id, c.owner_id
)
INSERT INTO import_change
SELECT 'customer', false, id, owner_id, id, ARRAY['language'] FROM changed
"""

CHANGED_PERSONS = """
WITH asked AS (
    SELECT p.id, n.last_name, coalesce(nullif(n.first_name, ''), p.first_name) AS first_name,
           coalesce(n.language, p.language) AS language, n.source, n.source_wording,
           p.first_name AS old_first_name, p.last_name AS old_last_name,
           p.language AS old_language, p.source AS old_source,
           p.source_wording AS old_source_wording
    FROM import_person n JOIN customers_person p ON p.id = n.person_id WHERE NOT n.is_new
), changed AS (
    UPDATE customers_person p
    SET first_name = a.first_name, last_name = a.last_name, language = a.language,
        source = a.source, source_wording = a.source_wording
    FROM asked a WHERE a.id = p.id AND (a.first_name, a.last_name, a.language)
        IS DISTINCT FROM (a.old_first_name, a.old_last_name, a.old_language)
    RETURNING a.*
)
INSERT INTO import_change
SELECT 'person', false, id, id, NULL, array_remove(ARRAY[
    CASE WHEN first_name <> old_first_name THEN 'first_name' END,
    CASE WHEN last_name <> old_last_name THEN 'last_name' END,
    CASE WHEN language <> old_language THEN 'language' END,
    CASE WHEN source <> old_source THEN 'source' END,
    CASE WHEN source_wording <> old_source_wording THEN 'source_wording' END], NULL)
FROM changed
"""

# A company's letters are in the language of its first contact person.
NEW_CUSTOMERS = """
WITH made AS (
    INSERT INTO customers_customer (id, public_id, number, kind, legal_form, company_name,
        business_id, owner_id, language, since, source, source_wording)
    SELECT k.id, gen_random_uuid(), k.number, k.kind,
           CASE k.kind WHEN 'company' THEN coalesce(nullif(k.legal_form, ''), 'other')
                       ELSE '' END,
           k.company_name, k.business_id, CASE k.kind WHEN 'person' THEN o.person_id END,
           coalesce(nullif(l.language, ''), 'fi'), k.since, f.source, f.source_wording
    FROM import_customer k
    JOIN import_row f ON f.row = k.first_row
    JOIN import_of o ON o.row = k.first_row
    LEFT JOIN (
        SELECT DISTINCT ON (number) number, language FROM import_row
        WHERE language <> '' ORDER BY number, role, row
    ) l ON l.number = k.number
    WHERE k.is_new ORDER BY k.id
    RETURNING *
)
INSERT INTO import_change
SELECT 'customer', true, m.id, m.owner_id, m.id, array_remove(ARRAY['number', 'kind',
    CASE WHEN m.legal_form <> '' THEN 'legal_form' END,
    CASE WHEN m.company_name <> '' THEN 'company_name' END,
    CASE WHEN m.business_id <> '' THEN 'business_id' END, 'language',
    CASE WHEN m.since IS NOT NULL THEN 'since' END, 'source', 'source_wording'], NULL)
FROM made m LEFT JOIN import_person n ON n.person_id = m.owner_id
WHERE n.person_id IS NULL OR NOT n.is_new
"""

# A name that tells another legal form changes it; who no longer trades alone owns no company.
CHANGED_CUSTOMERS = """
WITH asked AS (
    SELECT c.id, c.owner_id AS old_owner, c.company_name AS old_company_name,
           c.business_id AS old_business_id, c.legal_form AS old_legal_form, c.since AS old_since,
           c.source AS old_source, c.source_wording AS old_source_wording,
           coalesce(nullif(k.company_name, ''), c.company_name) AS company_name,
           coalesce(nullif(k.business_id, ''), c.business_id) AS business_id,
           coalesce(k.since, c.since) AS since,
           CASE WHEN k.legal_form <> '' AND k.company_name <> c.company_name
                THEN k.legal_form ELSE c.legal_form END AS legal_form,
           f.source, f.source_wording
    FROM import_customer k
    JOIN customers_customer c ON c.id = k.id
    JOIN import_row f ON f.row = k.first_row
    WHERE NOT k.is_new
), changed AS (
    UPDATE customers_customer c
    SET company_name = a.company_name, business_id = a.business_id, since = a.since,
        legal_form = a.legal_form, source = a.source, source_wording = a.source_wording,
        owner_id = CASE WHEN c.kind = 'person' OR a.legal_form = 'tmi' THEN c.owner_id END
    FROM asked a WHERE a.id = c.id AND (a.company_name, a.business_id, a.since)
        IS DISTINCT FROM (a.old_company_name, a.old_business_id, a.old_since)
    RETURNING a.*, c.owner_id AS new_owner
)
INSERT INTO import_change
SELECT 'customer', false, id, old_owner, id, array_remove(ARRAY[
    CASE WHEN company_name <> old_company_name THEN 'company_name' END,
    CASE WHEN business_id <> old_business_id THEN 'business_id' END,
    CASE WHEN legal_form <> old_legal_form THEN 'legal_form' END,
    CASE WHEN since IS DISTINCT FROM old_since THEN 'since' END,
    CASE WHEN new_owner IS DISTINCT FROM old_owner THEN 'owner' END,
    CASE WHEN source <> old_source THEN 'source' END,
    CASE WHEN source_wording <> old_source_wording THEN 'source_wording' END], NULL)
FROM changed
"""

GIVEN_CONTACT_POINTS = """
SELECT o.person_id, n.is_new, r.row, d.place, d.kind, d.written, d.normalised, r.source,
       r.source_wording, d.is_first
FROM import_person n
JOIN import_of o ON o.person_id = n.person_id
JOIN import_row r ON r.row = o.row,
     LATERAL (VALUES (1, 'email', r.email_written, r.email, true),
                     (2, 'phone', r.phone_written, r.phone, true),
                     (3, 'phone', r.phone_2_written, r.phone_2, r.phone = ''))
     AS d(place, kind, written, normalised, is_first)
WHERE d.normalised <> ''
"""
INSERT_CONTACT_POINTS = """
INSERT INTO customers_contactpoint (public_id, person_id, kind, as_written, normalised, label,
    source, source_wording, is_primary)
SELECT gen_random_uuid(), person_id, kind, written, normalised, '', source, source_wording,
"""

# A new person with one row only: nothing to compare with, and no two alike in a row.
FIRST_CONTACT_POINTS = f"""{INSERT_CONTACT_POINTS} is_first
FROM ({GIVEN_CONTACT_POINTS} AND n.is_new AND n.rows = 1) g
"""

# One that she has, or had until it was ended, is not added again.
MORE_CONTACT_POINTS = f"""
WITH fresh AS (
    SELECT DISTINCT ON (person_id, kind, normalised) *
    FROM ({GIVEN_CONTACT_POINTS} AND NOT (n.is_new AND n.rows = 1)) g
    WHERE NOT EXISTS (SELECT FROM customers_contactpoint c WHERE c.person_id = g.person_id
                      AND c.kind = g.kind AND c.normalised = g.normalised)
    ORDER BY person_id, kind, normalised, row, place
), made AS (
    {INSERT_CONTACT_POINTS}
           row_number() OVER (PARTITION BY person_id, kind ORDER BY row, place) = 1
           AND (is_new OR NOT EXISTS (
               SELECT FROM customers_contactpoint c WHERE c.person_id = f.person_id
               AND c.kind = f.kind AND c.is_primary AND c.ended_on IS NULL))
    FROM fresh f
    RETURNING id, person_id
)
INSERT INTO import_change
SELECT 'contactpoint', true, m.id, m.person_id, NULL,
       ARRAY['kind', 'as_written', 'normalised', 'is_primary', 'source', 'source_wording']
FROM made m JOIN import_person n ON n.person_id = m.person_id AND NOT n.is_new
"""

# A task that she has there, or had, is that one. One other task for one task that the file does
# not name is that task, changed; no task at all says nothing of any.
ROLES = """
CREATE TEMPORARY TABLE import_role ON COMMIT DROP AS
SELECT c.id, c.person_id, c.customer_id, c.task, c.position, c.source, c.source_wording,
       c.ended_on IS NULL OR c.ended_on >= %(today)s AS is_current
FROM customers_contactperson c
WHERE c.person_id IN (SELECT person_id FROM import_person WHERE is_contact AND NOT is_new)
"""
TASKS = """
CREATE TEMPORARY TABLE import_task ON COMMIT DROP AS
WITH given AS (
    SELECT o.person_id, k.id AS customer_id, r.task,
           coalesce((array_agg(r.position ORDER BY r.row DESC)
                     FILTER (WHERE r.position <> ''))[1], '') AS position,
           (array_agg(r.source ORDER BY r.row DESC))[1] AS source,
           (array_agg(r.source_wording ORDER BY r.row DESC))[1] AS source_wording,
           min(r.row) AS row
    FROM import_row r JOIN import_of o ON o.row = r.row
    JOIN import_customer k ON k.number = r.number
    WHERE r.role = 'contact' GROUP BY 1, 2, 3
), named AS (
    SELECT * FROM (SELECT *, max(task) OVER (PARTITION BY person_id, customer_id) AS any_task
                   FROM given) g
    WHERE task <> '' OR any_task = ''
), same AS MATERIALIZED (
    SELECT DISTINCT ON (n.person_id, n.customer_id, n.task) n.*, t.id AS role_id
    FROM named n LEFT JOIN import_role t ON t.person_id = n.person_id
        AND t.customer_id = n.customer_id AND n.task IN ('', t.task)
    ORDER BY n.person_id, n.customer_id, n.task, t.is_current DESC NULLS LAST, t.id
), counted AS (
    SELECT *, count(*) FILTER (WHERE role_id IS NULL)
                  OVER (PARTITION BY person_id, customer_id) AS fresh_here
    FROM same
), other AS (
    SELECT person_id, customer_id, min(id) AS id FROM import_role
    WHERE is_current AND id NOT IN (SELECT role_id FROM same WHERE role_id IS NOT NULL)
    GROUP BY 1, 2 HAVING count(*) = 1
)
SELECT s.person_id, s.customer_id, s.row, t.id AS role_id, t.is_current,
       coalesce(nullif(s.task, ''), t.task, '') AS task,
       coalesce(nullif(s.position, ''), t.position, '') AS position, s.source, s.source_wording,
       t.task AS old_task, t.position AS old_position, t.source AS old_source,
       t.source_wording AS old_source_wording
FROM counted s
LEFT JOIN other o ON o.person_id = s.person_id AND o.customer_id = s.customer_id
    AND s.role_id IS NULL AND s.fresh_here = 1
LEFT JOIN import_role t ON t.id = coalesce(s.role_id, o.id)
"""
NEW_TASKS = """
WITH made AS (
    INSERT INTO customers_contactperson
        (public_id, person_id, customer_id, task, position, source, source_wording)
    SELECT gen_random_uuid(), person_id, customer_id, task, position, source, source_wording
    FROM import_task WHERE role_id IS NULL ORDER BY row
    RETURNING id, person_id, customer_id, task, position
)
INSERT INTO import_change
SELECT 'contactperson', true, m.id, m.person_id, m.customer_id, array_remove(ARRAY['customer',
    CASE WHEN m.task <> '' THEN 'task' END, CASE WHEN m.position <> '' THEN 'position' END,
    'source', 'source_wording'], NULL)
FROM made m JOIN import_person n ON n.person_id = m.person_id AND NOT n.is_new
"""
CHANGED_TASKS = """
WITH changed AS (
    UPDATE customers_contactperson c
    SET task = t.task, position = t.position, source = t.source,
        source_wording = t.source_wording
    FROM import_task t WHERE t.role_id = c.id AND t.is_current
    AND (t.task, t.position) <> (t.old_task, t.old_position)
    RETURNING t.*
)
INSERT INTO import_change
SELECT 'contactperson', false, role_id, person_id, customer_id, array_remove(ARRAY[
    CASE WHEN task <> old_task THEN 'task' END,
    CASE WHEN position <> old_position THEN 'position' END,
    CASE WHEN source <> old_source THEN 'source' END,
    CASE WHEN source_wording <> old_source_wording THEN 'source_wording' END], NULL)
FROM changed
"""

USERS = """
CREATE TEMPORARY TABLE import_user ON COMMIT DROP AS
SELECT DISTINCT ON (r.user_id) r.user_id, o.person_id, k.id AS customer_id, r.row, r.source,
       r.source_wording, u.id, u.customer_id AS old_customer, u.source AS old_source,
       u.source_wording AS old_source_wording
FROM import_row r JOIN import_of o ON o.row = r.row
JOIN import_customer k ON k.number = r.number
LEFT JOIN customers_serviceuser u ON u.user_id = r.user_id
WHERE r.user_id <> '' ORDER BY r.user_id, r.row DESC
"""
NEW_USERS = """
WITH made AS (
    INSERT INTO customers_serviceuser
        (public_id, person_id, customer_id, user_id, source, source_wording)
    SELECT gen_random_uuid(), person_id, customer_id, user_id, source, source_wording
    FROM import_user WHERE id IS NULL ORDER BY row
    RETURNING id, person_id, customer_id
)
INSERT INTO import_change
SELECT 'serviceuser', true, m.id, m.person_id, m.customer_id,
       ARRAY['customer', 'user_id', 'source', 'source_wording']
FROM made m JOIN import_person n ON n.person_id = m.person_id AND NOT n.is_new
"""
CHANGED_USERS = """
WITH changed AS (
    UPDATE customers_serviceuser u
    SET customer_id = n.customer_id, source = n.source, source_wording = n.source_wording
    FROM import_user n WHERE n.id = u.id AND n.old_customer IS DISTINCT FROM n.customer_id
    RETURNING n.*
)
INSERT INTO import_change
SELECT 'serviceuser', false, id, person_id, customer_id, array_remove(ARRAY['customer',
    CASE WHEN source <> old_source THEN 'source' END,
    CASE WHEN source_wording <> old_source_wording THEN 'source_wording' END], NULL)
FROM changed
"""

NEW_ADDRESSES = """
WITH made AS (
    INSERT INTO customers_address (public_id, person_id, customer_id, kind, street, postal_code,
        city, country, source, source_wording)
    SELECT gen_random_uuid(), a.person_id, a.customer_id,
           CASE WHEN a.customer_id IS NULL THEN 'postal' ELSE 'visiting' END,
           a.street, a.postal_code, a.city, a.country, r.source, r.source_wording
    FROM import_address a JOIN import_row r ON r.row = a.row
    WHERE a.changes IS NULL ORDER BY a.row
    RETURNING id, person_id, customer_id
)
INSERT INTO import_change
SELECT 'address', true, m.id, m.person_id, m.customer_id,
       ARRAY['kind', 'street', 'postal_code', 'city', 'country', 'source', 'source_wording']
FROM made m LEFT JOIN import_person n ON n.person_id = m.person_id
WHERE n.person_id IS NULL OR NOT n.is_new
"""
CHANGED_ADDRESSES = """
WITH asked AS (
    SELECT n.*, r.source, r.source_wording, a.street AS old_street,
           a.postal_code AS old_postal_code, a.city AS old_city, a.country AS old_country,
           a.source AS old_source, a.source_wording AS old_source_wording
    FROM import_address n JOIN customers_address a ON a.id = n.changes
    JOIN import_row r ON r.row = n.row
), changed AS (
    UPDATE customers_address a
    SET street = n.street, postal_code = n.postal_code, city = n.city, country = n.country,
        source = n.source, source_wording = n.source_wording
    FROM asked n WHERE n.changes = a.id
    RETURNING n.*
)
INSERT INTO import_change
SELECT 'address', false, changes, person_id, customer_id, array_remove(ARRAY[
    CASE WHEN street <> old_street THEN 'street' END,
    CASE WHEN postal_code <> old_postal_code THEN 'postal_code' END,
    CASE WHEN city <> old_city THEN 'city' END,
    CASE WHEN country <> old_country THEN 'country' END,
    CASE WHEN source <> old_source THEN 'source' END,
    CASE WHEN source_wording <> old_source_wording THEN 'source_wording' END], NULL)
FROM changed
"""

# A yes is recorded only of somebody who was never asked: it overrides no prohibition and no
# withdrawal. Its time is the import's start, so that a prohibition that staff records meanwhile
# is the newer one; a no has the time of its writing and is the newest.
CHOICES = """
WITH made AS (
    INSERT INTO consents_marketingchoice
        (public_id, person_id, channel, product_group, choice, source, evidence, at)
    SELECT gen_random_uuid(), n.person_id, v.channel, '',
           CASE WHEN v.choice THEN 'permitted' ELSE 'prohibited' END, 'import', '',
           CASE WHEN v.choice THEN transaction_timestamp() ELSE clock_timestamp() END
    FROM import_person n,
         LATERAL (VALUES ('email', n.email), ('sms', n.sms), ('phone', n.phone), ('post', n.post))
         AS v(channel, choice)
    LEFT JOIN LATERAL (
        SELECT m.choice FROM consents_marketingchoice m
        WHERE NOT n.is_new AND m.person_id = n.person_id AND m.channel = v.channel
        AND m.product_group = '' ORDER BY m.at DESC, m.id DESC LIMIT 1
    ) s ON true
    WHERE v.choice IS NOT NULL
    AND CASE WHEN v.choice THEN s.choice IS NULL ELSE s.choice IS DISTINCT FROM 'prohibited' END
    RETURNING id, person_id, choice
)
INSERT INTO import_change
SELECT 'marketingchoice', true, id, person_id, NULL, ARRAY['channel', 'choice', 'source', 'at']
FROM made
"""

# Who trades as a sole trader: the contact person whose name is in the company's, or else the only
# one. Where that leaves several, nobody is taken for the owner.
OWNERS = """
WITH ownerless AS MATERIALIZED (
    SELECT c.id, c.company_name FROM import_customer k
    JOIN customers_customer c ON c.id = k.id AND c.legal_form = 'tmi' AND c.owner_id IS NULL
), contact AS MATERIALIZED (
    SELECT DISTINCT c.id, c.company_name, r.person_id FROM ownerless c
    JOIN customers_contactperson r ON r.customer_id = c.id
        AND (r.ended_on IS NULL OR r.ended_on >= %(today)s)
), candidate AS (
    SELECT c.id, c.person_id, position(
               lookup_fold(p.first_name || ' ' || p.last_name) IN lookup_fold(c.company_name)
           ) > 0 AS is_named
    FROM contact c JOIN customers_person p ON p.id = c.person_id
), chosen AS (
    SELECT id, CASE WHEN count(*) FILTER (WHERE is_named) = 1
                    THEN min(person_id) FILTER (WHERE is_named)
                    WHEN count(*) = 1 THEN min(person_id) END AS person_id
    FROM candidate GROUP BY id
), changed AS (
    UPDATE customers_customer c SET owner_id = n.person_id FROM chosen n
    WHERE n.id = c.id AND n.person_id IS NOT NULL
    RETURNING c.id, c.owner_id
)
INSERT INTO import_change
SELECT 'customer', false, c.id, c.owner_id, c.id, ARRAY['owner']
FROM changed c JOIN import_customer k ON k.id = c.id AND NOT k.is_new
"""

OF_RESTRICTED = f"""
INSERT INTO import_problem
WITH touched AS MATERIALIZED (
    SELECT c.person_id, NULL AS number FROM import_change c
    JOIN customers_restriction s ON s.person_id = c.person_id AND s.lifted_at IS NULL
    UNION
    SELECT NULL, k.number FROM import_change c JOIN customers_customer k ON k.id = c.customer_id
    JOIN customers_restriction s ON s.person_id = k.owner_id AND s.lifted_at IS NULL
    WHERE c.model IN ('customer', 'address')
)
SELECT row, {WHOLE_ROW}, {int(Reason.RESTRICTED)} FROM (
    SELECT o.row FROM touched t JOIN import_of o ON o.person_id = t.person_id
    UNION
    SELECT r.row FROM touched t JOIN import_row r ON r.number = t.number
) rows
"""

SUMMARY = """
WITH persons AS (
    SELECT n.is_new, EXISTS (SELECT FROM import_change c WHERE c.person_id = n.person_id)
               AS is_changed
    FROM import_person n
), customers AS (
    SELECT k.is_new, EXISTS (SELECT FROM import_change c WHERE c.customer_id = k.id
                             AND c.model IN ('customer', 'address')) AS is_changed
    FROM import_customer k
)
SELECT * FROM (
    SELECT count(*) FILTER (WHERE is_new) AS persons_new,
           count(*) FILTER (WHERE NOT is_new AND is_changed) AS persons_changed,
           count(*) FILTER (WHERE NOT is_new AND NOT is_changed) AS persons_unchanged
    FROM persons) p, (
    SELECT count(*) FILTER (WHERE is_new) AS customers_new,
           count(*) FILTER (WHERE NOT is_new AND is_changed) AS customers_changed,
           count(*) FILTER (WHERE NOT is_new AND NOT is_changed) AS customers_unchanged
    FROM customers) k, (
    SELECT count(*) AS choices FROM import_change WHERE model = 'marketingchoice') c, (
    SELECT count(*) AS refused_permissions FROM import_person n,
        LATERAL (VALUES ('email', n.email), ('sms', n.sms), ('phone', n.phone), ('post', n.post))
        AS v(channel, choice),
        LATERAL (SELECT m.choice FROM consents_marketingchoice m
                 WHERE m.person_id = n.person_id AND m.channel = v.channel
                 AND m.product_group = '' ORDER BY m.at DESC, m.id DESC LIMIT 1) s
    WHERE NOT n.is_new AND v.choice AND s.choice <> 'permitted') r
"""
