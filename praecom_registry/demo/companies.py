"""Company names, business IDs with valid check digits, and the work people do in companies."""

from collections.abc import Iterator
from itertools import count
from random import Random

from praecom_registry.demo.draw import Weighted, one_of, words

FIRST_BUSINESS_ID = 9_400_000
"""From here on no business ID is given out: a demo company is nobody's."""
_BUSINESS_IDS = 10_000_000 - FIRST_BUSINESS_ID

LEGAL_FORM = Weighted(
    [("oy", 62), ("tmi", 17), ("ab", 5), ("ky", 6), ("ay", 2), ("ry", 6), ("other", 2)]
)

_ENDS = {
    "oy": "Oy", "ab": "Ab", "ky": "Ky", "ay": "Ay", "tmi": "Tmi", "ry": "ry", "other": "Osuuskunta",
}  # fmt: skip
_MORE = ("Palvelut", "Group", "Partners", "Yhtiöt", "Finland")

_REGIONS = words("""
Häme Savo Karjala Lappi Pohjola Satakunta Uusimaa Kainuu Pohjanmaa Pirkanmaa Saimaa Länsi Itä
Etelä Järvi-Suomi Päijänne Kanta-Häme Koillismaa Lakeus Kymi Vakka-Suomi Loimaa Aura Tammerkoski
Pyhäjärvi Kallavesi Oulujoki Kyrönmaa Keski-Suomi Ranta Meri Kaupunki Sisä-Suomi
""")
_TRADES = words("""
Sähkö Puutarha Rakennus Kiinteistöhuolto Kuljetus Konepaja Tilitoimisto Taksi Autohuolto LVI Puu
Metalli Leipomo Kahvila Ravintola Kukka Optiikka Hammas Siivous Maansiirto Katto Maalaus Verkko
Data Ohjelmisto Viestintä Mainos Paino Turva Lukko Kaluste Tekstiili Kala Liha Metsä Energia Lämpö
Vene Matkailu Majoitus Hoiva Terveys Fysioterapia Lakiasiat Kiinteistövälitys Logistiikka Varaosa
Rengas Eläinlääkäri Parturi Valokuvaus Suunnittelu Insinööritoimisto Arkkitehdit
""")
_TRADES_SV = words("""
El Trädgård Bygg Fastighetsservice Transport Verkstad Bokföring Taxi Bilservice VVS Trä Metall
Bageri Café Restaurang Fisk Skog Energi Värme Båt Turism Städ Måleri Tak Data Reklam Tryck Rederi
Advokatbyrå Konsult Växthus
""")
_REGIONS_SV = words("""
Nyland Österbotten Åland Kust Skärgårds Vasa Mariehamns Jakobstads Borgå Ekenäs Närpes Malax
Kimito Kvarken Öst Väst Strand Hangö Pargas
""")
_CLUBS = words("""
Urheiluseura Kyläyhdistys Martat Metsästysseura Sukuseura Vanhempainyhdistys Eläkkeensaajat
Musiikkiyhdistys Kotiseutuyhdistys Yrittäjät Pursiseura Hiihtoseura Näyttämöyhdistys
""")

TASKS = Weighted(
    [
        ("hankinta", 18), ("tekninen yhteyshenkilö", 18), ("laskutus", 17), ("sopimusasiat", 14),
        ("pääkäyttäjä", 13), ("tietoturva", 6), ("puhelinvaihde", 5), ("toimitukset", 5),
        ("henkilöstö", 4),
    ]
)  # fmt: skip
TASKS_SV = Weighted(
    [
        ("inköp", 18), ("teknisk kontaktperson", 18), ("fakturering", 17), ("avtalsärenden", 14),
        ("huvudanvändare", 13), ("dataskydd", 5), ("växel", 5),
    ]
)  # fmt: skip
POSITIONS = Weighted(
    [
        ("toimitusjohtaja", 20), ("toimistopäällikkö", 12), ("IT-päällikkö", 14),
        ("talouspäällikkö", 10), ("assistentti", 9), ("hankintapäällikkö", 8),
        ("kirjanpitäjä", 8), ("myyntijohtaja", 6), ("työnjohtaja", 5), ("henkilöstöpäällikkö", 4),
        ("puheenjohtaja", 2), ("", 6),
    ]
)  # fmt: skip
POSITIONS_SV = Weighted(
    [
        ("verkställande direktör", 20), ("kontorschef", 12), ("IT-chef", 12), ("ekonomichef", 10),
        ("assistent", 9), ("inköpschef", 8), ("bokförare", 8), ("", 6),
    ]
)  # fmt: skip


def business_id(number: int) -> str | None:
    """The Y-tunnus of a seven-digit number, or None where the check digit would be ten.

    Weights 7 9 10 5 8 4 2, sum mod 11; a remainder of one is never given out.
    """
    digits = f"{number:07d}"
    rest = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    if rest == 1:
        return None
    return f"{digits}-{0 if rest == 0 else 11 - rest}"


def business_ids(place: int) -> Iterator[str]:
    """Business IDs of demo companies, one after another; they begin again after the last."""
    for number in count(place):
        found = business_id(FIRST_BUSINESS_ID + number % _BUSINESS_IDS)
        if found is not None:
            yield found


def draw_company_name(rng: Random, legal_form: str, last_name: str, language: str) -> str:
    """A name as companies of that form have them; most sole traders trade under their own."""
    swedish = language == "sv"
    region = one_of(rng, _REGIONS_SV if swedish else _REGIONS)
    trade = one_of(rng, _TRADES_SV if swedish else _TRADES)
    end = _ENDS[legal_form]
    if legal_form == "ry":
        return f"{region} {one_of(rng, _CLUBS)} {end}"
    if legal_form == "other":
        return f"{end} {region} {trade}"
    kind = rng.random()
    if legal_form == "tmi":
        return f"{end} {last_name}" if kind < 0.4 else f"{trade} {last_name} {end}"
    if kind < 0.35:
        return f"{region} {trade} {end}"
    if kind < 0.6:
        return f"{trade} {last_name} {end}"
    if kind < 0.75:
        return f"{last_name} & {'söner' if swedish else 'pojat'} {end}"
    if kind < 0.85:
        return f"{end} {last_name} {'Ab' if end == 'Oy' else trade}"
    return f"{region} {trade} {one_of(rng, _MORE)} {end}"
