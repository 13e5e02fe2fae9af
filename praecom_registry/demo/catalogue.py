"""What the demo company sells: services by the month, work once, and devices."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")


class Item(NamedTuple):
    """A product with its price for one, without value added tax."""

    code: str
    kind: str
    group: str
    name_fi: str
    name_sv: str
    name_en: str
    unit_price: Decimal
    charged: str

    @property
    def is_device(self) -> bool:
        return self.kind == "device"

    @property
    def is_monthly(self) -> bool:
        return self.charged == "monthly"


_ITEMS = """
mobile-s | Mobiililiittymä S | Mobilabonnemang S | Mobile subscription S | 14.90
mobile-m | Mobiililiittymä M 5G | Mobilabonnemang M 5G | Mobile subscription M 5G | 22.90
mobile-l | Mobiililiittymä L 5G | Mobilabonnemang L 5G | Mobile subscription L 5G | 31.90
mobile-work | Yritysliittymä | Företagsabonnemang | Business mobile subscription | 17.50
mobile-work-plus | Yritysliittymä Plus | Företagsabonnemang Plus \
| Business mobile subscription Plus | 24.50
mobile-data | Liikkuva laajakaista | Mobilt bredband | Mobile broadband | 19.90
internet-100 | Valokuitu 100 Mbit/s | Fiber 100 Mbit/s | Fibre 100 Mbit/s | 29.90
internet-500 | Valokuitu 500 Mbit/s | Fiber 500 Mbit/s | Fibre 500 Mbit/s | 36.90
internet-1000 | Valokuitu 1000 Mbit/s | Fiber 1000 Mbit/s | Fibre 1000 Mbit/s | 49.90
internet-office | Yrityskuitu 1000/1000 Mbit/s | Företagsfiber 1000/1000 Mbit/s \
| Business fibre 1000/1000 Mbit/s | 149.00
internet-wifi | Toimiston langaton verkko | Kontorets trådlösa nät | Office wireless network | 39.00
voice-exchange | Puhelinvaihde | Telefonväxel | Phone exchange | 79.00
voice-user | Puhelinvaihteen käyttäjä | Användare av telefonväxeln | Phone exchange user | 9.90
voice-teams | Teams-puhelut | Teams-samtal | Teams calling | 7.50
cloud-basic | Microsoft 365 Business Basic | Microsoft 365 Business Basic \
| Microsoft 365 Business Basic | 6.40
cloud-standard | Microsoft 365 Business Standard | Microsoft 365 Business Standard \
| Microsoft 365 Business Standard | 13.10
cloud-mail | Sähköposti ja verkkotunnus | E-post och domännamn | E-mail and domain name | 8.90
cloud-backup | Varmuuskopiointi 500 Gt | Säkerhetskopiering 500 GB | Backup 500 GB | 24.00
security-home | Kodin tietoturva | Hemmets datasäkerhet | Home security | 5.90
security-firewall | Hallittu palomuuri | Hanterad brandvägg | Managed firewall | 59.00
security-endpoint | Päätelaitteen suojaus | Skydd för terminal | Endpoint protection | 4.90
support-user | IT-tuki, käyttäjä | IT-stöd, användare | IT support, user | 24.50
support-visit | Lähituki, tunti | Stöd på plats, timme | On-site support, hour | 95.00 | once
support-install | Asennus ja käyttöönotto | Installation och driftsättning \
| Installation and start of use | 149.00 | once
device-router | Kuitureititin R4 | Fiberrouter R4 | Fibre router R4 | 79.00
device-access-point | Langaton tukiasema AP7 | Trådlös accesspunkt AP7 \
| Wireless access point AP7 | 189.00
device-phone | Älypuhelin 128 Gt | Smarttelefon 128 GB | Smartphone 128 GB | 349.00
device-desk-phone | Pöytäpuhelin D3 | Bordstelefon D3 | Desk phone D3 | 129.00
device-headset | Langaton kuuloke | Trådlöst headset | Wireless headset | 99.00
device-laptop | Kannettava tietokone 14" | Bärbar dator 14" | Laptop 14" | 1090.00
"""


def _item(line: str) -> Item:
    code, finnish, swedish, english, price, *charged = map(str.strip, line.split("|"))
    group = code.partition("-")[0]
    is_device = group == "device"
    return Item(
        code,
        "device" if is_device else "service",
        "devices" if is_device else group,
        finnish,
        swedish,
        english,
        Decimal(price),
        "once" if charged or is_device else "monthly",
    )


CATALOGUE = {item.code: item for item in map(_item, _ITEMS.strip().splitlines())}

_RATE_ROSE = date(2024, 9, 1)


def vat_percent(day: date) -> Decimal:
    """The standard rate on a day."""
    return Decimal("24.00") if day < _RATE_ROSE else Decimal("25.50")


def vat_of(net: Decimal, day: date) -> Decimal:
    """The tax on a sum, to the cent."""
    return (net * vat_percent(day) / 100).quantize(CENT, ROUND_HALF_UP)
