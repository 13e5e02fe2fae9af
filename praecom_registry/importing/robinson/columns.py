"""The columns of a Robinson list, in all three languages: numbers, or names with addresses."""

from enum import IntEnum

from praecom_registry.importing.columns import Columns, Rule

_LISTED = Rule("lisätty", ("tillagd", "listad"), 40)


class PhoneColumn(IntEnum):
    """The columns of the list of numbers that no sales call goes to."""

    PHONE = 0
    LISTED = 1


class PostColumn(IntEnum):
    """The columns of the list of names with the addresses that no addressed post goes to."""

    FIRST_NAME = 0
    LAST_NAME = 1
    STREET = 2
    POSTAL_CODE = 3
    LISTED = 4


PHONE_COLUMNS = Columns(
    {PhoneColumn.PHONE: Rule("puhelin", ("telefon",), 60), PhoneColumn.LISTED: _LISTED},
    must_have=(PhoneColumn.PHONE,),
)
POST_COLUMNS = Columns(
    {
        PostColumn.FIRST_NAME: Rule("etunimi", ("förnamn",), 100),
        PostColumn.LAST_NAME: Rule("sukunimi", ("efternamn",), 100),
        PostColumn.STREET: Rule("katuosoite", ("gatuadress",), 200),
        PostColumn.POSTAL_CODE: Rule("postinumero", ("postnummer",), 20),
        PostColumn.LISTED: _LISTED,
    },
    must_have=(
        *(PostColumn.FIRST_NAME, PostColumn.LAST_NAME),
        *(PostColumn.STREET, PostColumn.POSTAL_CODE),
    ),
)
