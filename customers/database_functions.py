"""SQL functions of the customers app: folding for the lookup, the business ID's check digit.

Folding happens here and nowhere else: keys are stored through these functions and what is typed
goes through the same ones, so both always agree. They depend on no locale of the machine: the
result is the same on every server, which an index needs.
"""

_MULTIPLE = {"ß": "ss", "ẞ": "ss", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"}

# Letters that Unicode does not take apart into a base and an accent; æ sorts and folds with ä.
_STROKED = "ÆæØøÐðĐđŁłĦħŦŧŊŋǤǥƷʒıĸς"
_PLAIN = "aaooddddllhhttnnggzzikσ"


def _span(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


_CAPITALS = _span(0x391, 0x3A1) + _span(0x3A3, 0x3A9) + _span(0x400, 0x42F)  # Greek, Cyrillic
_SMALLS = _span(0x3B1, 0x3C1) + _span(0x3C3, 0x3C9) + _span(0x450, 0x45F) + _span(0x430, 0x44F)

_ACCENTS = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
_NOT_WORD = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff"
    r"\u2000-\u2bff\u2e00-\u2e7f\u3000-\u303f\ufe30-\ufe6f\ufeff]+"
)

LONGEST_KEY = 100
"""Characters; a longer name is cut, and so is a longer term."""


def _letters(text: str) -> str:
    bare = f"regexp_replace(normalize({text}, NFKD), '{_ACCENTS}', '', 'g')"
    for letter, plain in _MULTIPLE.items():
        bare = f"replace({bare}, '{letter}', '{plain}')"
    return f"translate({bare}, '{_STROKED}{_CAPITALS}', '{_PLAIN}{_SMALLS}')"


CREATE_FOLDING = rf"""
-- Small letters without accents; punctuation stays. Text without other than ASCII takes the
-- short way.
CREATE FUNCTION lookup_letters(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lower((CASE WHEN octet_length(written) = length(written) THEN written
                  ELSE {_letters("written")} END) COLLATE "C")
$$;

-- Words apart by one space, w as v: names of persons and companies.
CREATE FUNCTION lookup_fold(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rtrim(left(ltrim(regexp_replace(
        translate(lookup_letters(written), 'w', 'v'), '{_NOT_WORD}', ' ', 'g')), {LONGEST_KEY}))
$$;

-- Customer numbers, user IDs, business IDs: letters and digits only.
CREATE FUNCTION lookup_identifier(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(regexp_replace(lookup_letters(written), '{_NOT_WORD}', '', 'g'), {LONGEST_KEY})
$$;

-- E-mail addresses: no spaces.
CREATE FUNCTION lookup_email(written text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(regexp_replace(lookup_letters(written), '[\u0001-\u0020\u0080-\u00a0]+', '', 'g'),
                {LONGEST_KEY})
$$;

-- A name can be typed from any of its words on; with several first names, any one of them may
-- stand for all. Most names are two words, which need none of that.
CREATE FUNCTION lookup_name_keys(first_name text, last_name text) RETURNS SETOF text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    given text := lookup_fold(first_name);
    family text := lookup_fold(last_name);
    word text[];
BEGIN
    IF given <> family AND given <> '' AND family <> ''
            AND strpos(given, ' ') = 0 AND strpos(family, ' ') = 0 THEN
        RETURN NEXT rtrim(left(family || ' ' || given, {LONGEST_KEY}));
        RETURN NEXT rtrim(left(given || ' ' || family, {LONGEST_KEY}));
        RETURN;
    END IF;
    word := string_to_array(btrim(family || ' ' || given), ' ');
    RETURN QUERY
        SELECT rtrim(left(array_to_string(word[n:] || word[:n - 1], ' '), {LONGEST_KEY}))
        FROM generate_series(1, least(cardinality(word), 10)) AS n
        UNION
        SELECT rtrim(left(key, {LONGEST_KEY}))
        FROM unnest(string_to_array(given, ' ')) WITH ORDINALITY AS one(word, n),
             LATERAL (VALUES
                 (one.word || ' ' || family, given NOT LIKE '% ' || one.word),
                 (family || ' ' || one.word, n > 1)) AS pair(key, is_new)
        WHERE given LIKE '% %' AND family <> '' AND is_new AND n <= 10;
END $$;

-- A company's name from any word on, those of one or two letters (Oy, Ab, ry) left out.
CREATE FUNCTION lookup_company_keys(company_name text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH words AS MATERIALIZED (
        SELECT string_to_array(lookup_fold(company_name), ' ') AS word
    )
    SELECT DISTINCT array_to_string(word[n:] || word[:n - 1], ' ')
    FROM words, generate_series(1, least(cardinality(word), 10)) AS n
    WHERE n = 1 OR length(word[n]) > 2
$$;
"""

DROP_FOLDING = """
DROP FUNCTION lookup_company_keys(text);
DROP FUNCTION lookup_name_keys(text, text);
DROP FUNCTION lookup_email(text);
DROP FUNCTION lookup_identifier(text);
DROP FUNCTION lookup_fold(text);
DROP FUNCTION lookup_letters(text);
"""

# Consonants of folded words; what is alike by ear is written alike.
_CONSONANTS = "bdfghjklmnprstv"
_ALIKE = {"kh": "k", "ph": "f", "th": "t", "x": "ks"}


def _skeleton(text: str) -> str:
    """SQL that writes alike what sounds alike; replacing is many times as quick as patterns are."""
    alike = f"translate({text}, 'cqz', 'kks')"
    for written, plain in [*_ALIKE.items(), *((sign * 2, sign) for sign in _CONSONANTS)]:
        alike = f"replace({alike}, '{written}', '{plain}')"
    return alike


LONGEST_NEAR_WORD = 30
"""Characters; the nearest names to a longer word are not looked for."""

CREATE_NEARNESS = f"""
-- The consonants of a folded word as they sound, doubled ones once: Kristian and Christian,
-- Virtanen and Virtannen, Mekla and Makela have the same.
CREATE FUNCTION lookup_skeleton(word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate({_skeleton("word")}, 'aeiouy', '')
$$;

-- Names that occur in the register and differ little from a folded word, the nearest first. Their
-- consonants are the word's, or one is dropped, added, changed or two have changed places; among
-- the names with such consonants the scan leaps from one to the next, however many bear it.
CREATE FUNCTION lookup_near_words(typed text, most integer)
RETURNS TABLE (word text, distance integer)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE consonant AS (
        SELECT string_to_table('{_CONSONANTS}', NULL) AS sign
    ), own AS MATERIALIZED (
        SELECT lookup_skeleton(typed) AS bones WHERE length(typed) <= {LONGEST_NEAR_WORD}
    ), skeleton AS (
        SELECT bones FROM own
        UNION
        SELECT v.bones FROM own, LATERAL (
            SELECT left(own.bones, n - 1) || substr(own.bones, n + 1)
            FROM generate_series(1, length(own.bones)) AS n
            UNION ALL
            SELECT left(own.bones, n - 1) || substr(own.bones, n + 1, 1)
                   || substr(own.bones, n, 1) || substr(own.bones, n + 2)
            FROM generate_series(1, length(own.bones) - 1) AS n
            UNION ALL
            SELECT left(own.bones, n - 1) || sign || substr(own.bones, n + 1)
            FROM generate_series(1, length(own.bones)) AS n, consonant
            UNION ALL
            SELECT left(own.bones, n) || sign || substr(own.bones, n + 1)
            FROM generate_series(0, length(own.bones)) AS n, consonant
        ) AS v(bones)
        WHERE length(own.bones) >= 3
    ), found(bones, key) AS (
        SELECT bones, (SELECT k.key FROM customers_lookupkey k
                       WHERE k.key >= '~' || bones || ' ' AND k.key < '~' || bones || '!'
                       ORDER BY k.key LIMIT 1)
        FROM skeleton
        UNION ALL
        SELECT bones, (SELECT k.key FROM customers_lookupkey k
                       WHERE k.key > found.key AND k.key < '~' || bones || '!'
                       ORDER BY k.key LIMIT 1)
        FROM found WHERE key IS NOT NULL
    ), near AS (
        SELECT substr(key, length(bones) + 3) AS word FROM found WHERE key IS NOT NULL
    ), measured AS (
        SELECT near.word, levenshtein(typed, near.word) AS distance FROM near
        WHERE length(near.word) <= {LONGEST_NEAR_WORD}
    )
    SELECT m.word, m.distance FROM measured m
    WHERE m.distance <= CASE WHEN length(typed) <= 4 THEN 1
                             WHEN length(typed) <= 7 THEN 2 ELSE 3 END
    ORDER BY m.distance, m.word LIMIT most
$$;
"""

DROP_NEARNESS = """
DROP FUNCTION lookup_near_words(text, integer);
DROP FUNCTION lookup_skeleton(text);
"""

CREATE_BUSINESS_ID = """
-- A Y-tunnus NNNNNNN-C: weights 7 9 10 5 8 4 2, sum mod 11; 0 gives 0, 1 is never given out.
CREATE FUNCTION business_id_is_valid(written text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written ~ '^[0-9]{7}-[0-9]$' THEN (
        SELECT CASE rest WHEN 0 THEN 0 WHEN 1 THEN NULL ELSE 11 - rest END
               IS NOT DISTINCT FROM right(written, 1)::integer
        FROM (SELECT sum(substr(written, place, 1)::integer * weight)::integer % 11 AS rest
              FROM unnest(ARRAY[7, 9, 10, 5, 8, 4, 2]) WITH ORDINALITY
                   AS w(weight, ordinal), LATERAL (SELECT ordinal::integer AS place) AS p) AS s
    ) ELSE false END
$$;
"""

DROP_BUSINESS_ID = "DROP FUNCTION business_id_is_valid(text);"

_TOUCHED = (
    "customers_person",
    "customers_contactpoint",
    "customers_customer",
    "customers_contactperson",
    "customers_serviceuser",
    "customers_address",
    "customers_interaction",
    "customers_restriction",
    "customers_hold",
)
_FIXED = {"customers_customer": "number", "customers_serviceuser": "user_id"}

# Whoever changes a row, and however: the database says when, and keeps given numbers.
CREATE_KEEPERS = (
    """
CREATE FUNCTION customers_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE FUNCTION customers_refuse_new_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: a number once given is never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
    + "".join(
        f"""
CREATE TRIGGER note_change BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION customers_note_change();
"""
        for table in _TOUCHED
    )
    + "".join(
        f"""
CREATE TRIGGER refuse_new_number BEFORE UPDATE OF {column} ON {table} FOR EACH ROW
    WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})
    EXECUTE FUNCTION customers_refuse_new_number();
"""
        for table, column in _FIXED.items()
    )
)

DROP_KEEPERS = (
    "".join(f"DROP TRIGGER refuse_new_number ON {table};\n" for table in _FIXED)
    + "".join(f"DROP TRIGGER note_change ON {table};\n" for table in _TOUCHED)
    + "DROP FUNCTION customers_refuse_new_number();\nDROP FUNCTION customers_note_change();"
)
