"""The columns of a file of customers and the words of its cells, in all three languages."""

from enum import IntEnum

from customers.models import Source
from praecom_registry.importing.columns import Columns, Rule


class Column(IntEnum):
    """Every column of a file of customers, in the order in which a row is parsed."""

    CUSTOMER_NUMBER = 0
    CUSTOMER_KIND = 1
    COMPANY_NAME = 2
    BUSINESS_ID = 3
    FIRST_NAME = 4
    LAST_NAME = 5
    PERSON_ROLE = 6
    TASK = 7
    POSITION = 8
    USER_ID = 9
    EMAIL = 10
    PHONE = 11
    PHONE_2 = 12
    LANGUAGE = 13
    STREET = 14
    POSTAL_CODE = 15
    CITY = 16
    COUNTRY = 17
    CUSTOMER_SINCE = 18
    SOURCE = 19
    MARKETING_EMAIL = 20
    MARKETING_SMS = 21
    MARKETING_PHONE = 22
    MARKETING_POST = 23


_RULES = {
    Column.CUSTOMER_NUMBER: Rule("asiakasnumero", ("kundnummer",), 32),
    Column.CUSTOMER_KIND: Rule("asiakastyyppi", ("kundtyp",), 40),
    Column.COMPANY_NAME: Rule("yritys", ("företag",), 200),
    Column.BUSINESS_ID: Rule("y-tunnus", ("fo-nummer",), 40),
    Column.FIRST_NAME: Rule("etunimi", ("förnamn",), 100),
    Column.LAST_NAME: Rule("sukunimi", ("efternamn",), 100),
    Column.PERSON_ROLE: Rule("rooli", ("roll",), 40),
    Column.TASK: Rule("tehtävä", ("uppgift",), 100),
    Column.POSITION: Rule("asema", ("ställning", "befattning"), 100),
    Column.USER_ID: Rule("käyttäjätunnus", ("användar-id", "användarnamn"), 64),
    Column.EMAIL: Rule("sähköposti", ("e-post",), 254),
    Column.PHONE: Rule("puhelin", ("telefon",), 254),
    Column.PHONE_2: Rule("puhelin_2", ("telefon_2",), 254),
    Column.LANGUAGE: Rule("kieli", ("språk",), 40),
    Column.STREET: Rule("katuosoite", ("gatuadress",), 200),
    Column.POSTAL_CODE: Rule("postinumero", ("postnummer",), 12),
    Column.CITY: Rule("postitoimipaikka", ("adressort", "postort"), 100),
    Column.COUNTRY: Rule("maa", ("land",), 40),
    Column.CUSTOMER_SINCE: Rule("asiakkuus_alkoi", ("kund_sedan",), 40),
    Column.SOURCE: Rule("tietolähde", ("datakälla", "uppgiftskälla"), 100),
    Column.MARKETING_EMAIL: Rule("markkinointi_sähköposti", ("marknadsföring_e-post",), 40),
    Column.MARKETING_SMS: Rule("markkinointi_tekstiviesti", ("marknadsföring_sms",), 40),
    Column.MARKETING_PHONE: Rule("markkinointi_puhelin", ("marknadsföring_telefon",), 40),
    Column.MARKETING_POST: Rule("markkinointi_posti", ("marknadsföring_post",), 40),
}

COLUMNS = Columns(_RULES, must_have=(Column.CUSTOMER_NUMBER, Column.LAST_NAME, Column.SOURCE))

COMPANY, PERSON = "company", "person"
KINDS = {
    **dict.fromkeys(("company", "yritys", "företag"), COMPANY),
    **dict.fromkeys(("person", "henkilö", "privatperson"), PERSON),
}
CONTACT, USER = "contact", "user"
ROLES = {
    **dict.fromkeys(("contact", "yhteyshenkilö", "kontaktperson"), CONTACT),
    **dict.fromkeys(("user", "käyttäjä", "användare"), USER),
    "": "",
}
CHOICES = {
    **dict.fromkeys(("yes", "kyllä", "ja"), "t"),
    **dict.fromkeys(("no", "ei", "nej"), "f"),
    "": None,
}
"""Marketing cells as PostgreSQL writes a truth value; an empty one was never asked."""

_SOURCES = {
    Source.REGISTRATION: (
        *("registration", "service registration", "rekisteröityminen"),
        *("palveluun rekisteröityminen", "registrering", "registrering i tjänsten"),
    ),
    Source.SERVICE_USE: (
        *("service use", "use of service", "palvelun käyttö", "palvelujen käyttö"),
        *("användning av tjänsten", "användning av tjänster"),
    ),
    Source.WEB_FORM: ("web form", "verkkolomake", "webbformulär", "webblankett"),
    Source.PHONE_CALL: ("phone call", "puhelu", "puhelinsoitto", "telefonsamtal", "samtal"),
    Source.EMAIL: ("e-mail", "email", "sähköposti", "e-post"),
    Source.LETTER: ("letter", "kirje", "brev"),
    Source.COMPANY: (
        *("company", "told by the company", "yritys", "yrityksen ilmoittama"),
        *("företag", "företaget", "meddelat av företaget"),
    ),
    Source.STAFF: ("staff", "staff member", "henkilökunta", "personal"),
}
SOURCES = {word: source.value for source, words in _SOURCES.items() for word in words}
"""Known sources by their words; any other source is an import, kept in its own words."""
