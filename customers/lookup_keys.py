"""What the customers app can find people and companies by."""

from django.utils.translation import gettext_lazy as _

from datamap.lookup_keys import Form, KeyKind, KeySource, register_key_source
from datamap.vocabulary import Category

_WRITTEN = "(SELECT t.as_written FROM customers_contactpoint t WHERE t.id = {source_id})"

PERSON_NAME = KeySource(
    name="person_name",
    table="customers_person",
    columns=("first_name", "last_name"),
    kinds=(KeyKind(1, Form.WORDS, _("Name"), Category.NAME),),
    select="SELECT 1, k.key, r.id, NULL, r.id FROM {rows} AS r,"
    " LATERAL lookup_name_keys(r.first_name, r.last_name) AS k(key)",
)
CONTACT_POINT = KeySource(
    name="contact_point",
    table="customers_contactpoint",
    columns=("person_id", "customer_id", "kind", "normalised", "ended_on"),
    kinds=(
        KeyKind(2, Form.PHONE, _("Phone number"), Category.PHONE, _WRITTEN),
        KeyKind(3, Form.LAST_DIGITS, _("Phone number"), Category.PHONE, _WRITTEN),
        KeyKind(4, Form.EMAIL, _("E-mail address"), Category.EMAIL, _WRITTEN),
    ),
    select="SELECT k.kind, k.key, r.person_id, r.customer_id, r.id FROM {rows} AS r,"
    " LATERAL (SELECT 2, r.normalised WHERE r.kind = 'phone'"
    " UNION ALL SELECT 3, '<' || reverse(substr(r.normalised, 2)) WHERE r.kind = 'phone'"
    " UNION ALL SELECT 4, '@' || lookup_email(r.normalised) WHERE r.kind = 'email'"
    ") AS k(kind, key) WHERE r.ended_on IS NULL",
)
CUSTOMER = KeySource(
    name="customer",
    table="customers_customer",
    columns=("number", "kind", "business_id", "company_name", "owner_id"),
    kinds=(
        KeyKind(
            5,
            Form.IDENTIFIER,
            _("Customer number"),
            Category.IDENTIFIER,
            "(SELECT t.number FROM customers_customer t WHERE t.id = {source_id})",
        ),
        KeyKind(
            6,
            Form.IDENTIFIER,
            _("Business ID"),
            Category.IDENTIFIER,
            "(SELECT t.business_id FROM customers_customer t WHERE t.id = {source_id})",
        ),
        KeyKind(7, Form.WORDS, _("Company name"), Category.NAME),
    ),
    select="SELECT k.kind, k.key, CASE WHEN r.kind = 'person' THEN r.owner_id END, r.id, r.id"
    " FROM {rows} AS r, LATERAL (SELECT 5, '#' || lookup_identifier(r.number)"
    " UNION ALL SELECT 6, '#' || lookup_identifier(r.business_id) WHERE r.business_id <> ''"
    " UNION ALL SELECT 7, c.key FROM lookup_company_keys(r.company_name) AS c(key)"
    ") AS k(kind, key)",
)
SERVICE_USER = KeySource(
    name="service_user",
    table="customers_serviceuser",
    columns=("person_id", "user_id"),
    kinds=(
        KeyKind(
            8,
            Form.IDENTIFIER,
            _("User ID"),
            Category.IDENTIFIER,
            "(SELECT t.user_id FROM customers_serviceuser t WHERE t.id = {source_id})",
        ),
    ),
    select="SELECT 8, '#' || lookup_identifier(r.user_id), r.person_id, NULL, r.id"
    " FROM {rows} AS r",
)

NEAR_NAME = KeySource(
    name="near_name",
    table="customers_person",
    columns=("first_name", "last_name"),
    kinds=(KeyKind(9, Form.NEAR, _("Name like this"), Category.NAME),),
    select="SELECT DISTINCT 9, '~' || lookup_skeleton(w.word) || ' ' || w.word, r.id, NULL::bigint,"
    " r.id FROM {rows} AS r, LATERAL string_to_table("
    "lookup_fold(r.first_name || ' ' || r.last_name), ' ') AS w(word)",
)

SOURCES = (PERSON_NAME, CONTACT_POINT, CUSTOMER, SERVICE_USER, NEAR_NAME)

for _source in SOURCES:
    register_key_source(_source)
