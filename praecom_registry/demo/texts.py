"""What people contact us about: subjects and summaries as an agent writes them down.

Nothing that is not needed, no third person's name, no health and no money matters of anybody's.
"""

# ruff: noqa: E501  (a matter a line reads best)

from dataclasses import dataclass
from random import Random

from praecom_registry.demo.draw import one_of


@dataclass(frozen=True)
class Matter:
    """A contact's subject and what was said."""

    subject: str
    summary: str


FINNISH = [
    Matter("Laskun eräpäivä", "Kysyi laskun eräpäivää. Kerrottu eräpäivä ja viitenumero."),
    Matter(
        "Laskun eräpäivä",
        "Pyysi kaksi viikkoa lisää maksuaikaa. Myönnetty, uusi eräpäivä kerrottu.",
    ),
    Matter(
        "Laskun erittely",
        "Laskulla outo kuukausimaksu. Käytiin erittely läpi, kyse lisäpalvelusta.",
    ),
    Matter(
        "Verkkolaskuun siirtyminen",
        "Haluaa laskut verkkolaskuna. Verkkolaskuosoite kirjattu, voimaan seuraavasta laskusta.",
    ),
    Matter(
        "Kaksi samaa laskua", "Sama kuukausi laskutettu kahdesti. Hyvityslasku tehty ja lähetetty."
    ),
    Matter(
        "Yhteys katkeilee",
        "Verkkoyhteys katkeilee iltaisin. Reititin käynnistetty uudelleen, linja mitattu, ei vikaa. Seurataan viikko.",
    ),
    Matter("Yhteys katkeilee", "Vika jatkuu. Tehty vikailmoitus, asentaja käy arkena klo 8–16."),
    Matter(
        "Yhteys ei toimi",
        "Ei yhteyttä aamusta alkaen. Alueella tiedossa oleva häiriö, korjausarvio kerrottu.",
    ),
    Matter(
        "Hidas yhteys",
        "Nopeus alle luvatun. Opastettu mittaamaan kaapelilla; tulos kunnossa, vika langattomassa verkossa.",
    ),
    Matter("Salasana unohtunut", "Ei pääse omille sivuille. Lähetetty uusi linkki sähköpostiin."),
    Matter(
        "Käyttäjätunnus lukossa",
        "Tunnus lukittui liian monesta yrityksestä. Avattu, kirjautuminen onnistui.",
    ),
    Matter("Uusi käyttäjä", "Yritykseen uusi työntekijä. Käyttäjätunnus avattu, ohje lähetetty."),
    Matter("Käyttäjän poisto", "Työntekijä lähtenyt. Tunnus päätetty kuluvan kuun lopusta."),
    Matter(
        "Sähköposti ei kulje",
        "Lähtevä posti palautuu. Palvelimen asetus oli vanha, korjattu yhdessä.",
    ),
    Matter(
        "Puhelinvaihteen tervehdys",
        "Haluaa kesäajan tervehdyksen vaihteeseen. Ohje lähetetty, tekevät itse.",
    ),
    Matter("Puhelinvaihteen aukioloajat", "Vaihde suljettu väärään aikaan. Aukioloajat korjattu."),
    Matter(
        "Tarjouspyyntö", "Pyysi tarjouksen kymmenestä liittymästä. Välitetty asiakasvastaavalle."
    ),
    Matter(
        "Tarjouksen sisältö",
        "Kysyi, sisältyykö asennus hintaan. Sisältyy; luvattu lähettää erittely.",
    ),
    Matter("Sopimuksen jatko", "Määräaika päättymässä. Käyty läpi vaihtoehdot, palaa asiaan."),
    Matter(
        "Sopimuksen irtisanominen",
        "Irtisanoi palvelun. Päättymispäivä kerrottu, vahvistus lähetetty sähköpostilla.",
    ),
    Matter("Muutto", "Muuttaa kuun vaihteessa. Uusi osoite kirjattu, liittymä siirtyy mukana."),
    Matter("Osoitteenmuutos", "Uusi postiosoite kirjattu asiakkaan ilmoituksesta."),
    Matter("Puhelinnumeron muutos", "Uusi numero kirjattu ja vanha päätetty."),
    Matter("Yhteyshenkilön vaihto", "Laskutuksen yhteyshenkilö vaihtuu. Uuden tiedot kirjattu."),
    Matter(
        "Toimituksen ajankohta",
        "Kysyi laitteiden toimitusta. Lähetys matkalla, seurantatunnus annettu.",
    ),
    Matter(
        "Toimitus puutteellinen", "Paketista puuttui virtalähde. Uusi lähetetty samana päivänä."
    ),
    Matter("Laitteen palautus", "Palauttaa reitittimen. Palautusohje ja osoitetarra lähetetty."),
    Matter("Rikkoutunut laite", "Laite ei käynnisty. Takuuvaihto, uusi laite lähtee huomenna."),
    Matter("Asennusaika", "Asennuksen siirto seuraavaan viikkoon. Uusi aika vahvistettu."),
    Matter(
        "Varmuuskopiointi",
        "Kysyi varmuuskopioiden palauttamista. Tiedosto palautettu edelliseltä päivältä.",
    ),
    Matter(
        "Tietoturvailmoitus",
        "Saanut epäilyttävän viestin meidän nimissämme. Ei meiltä; neuvottu poistamaan.",
    ),
    Matter("Markkinointikielto", "Ei halua soittoja. Kielto kirjattu."),
    Matter("Uutiskirje", "Kysyi, miten uutiskirjeen voi perua. Neuvottu, peruttu samalla."),
    Matter(
        "Omien tietojen tarkastus",
        "Kysyi, mitä tietoja hänestä on. Neuvottu tekemään pyyntö, asia rekisterivastaavalle.",
    ),
    Matter("Palaute", "Kiitti nopeasta avusta."),
    Matter("Palaute", "Jonotusaika liian pitkä. Pahoiteltu ja välitetty eteenpäin."),
    Matter("Soittopyyntö", "Jätti soittopyynnön. Soitettu takaisin, ei vastannut."),
    Matter("Soittopyyntö", "Tavoitettu toisella yrityksellä, asia selvisi."),
    Matter("Uusi liittymä", "Tilasi toisen liittymän. Tilausvahvistus lähetetty."),
    Matter("Palvelun laajennus", "Lisätilaa pilvipalveluun. Muutos voimassa heti."),
]

SWEDISH = [
    Matter("Fakturans förfallodag", "Frågade om förfallodagen. Gav datum och referensnummer."),
    Matter(
        "Fakturaspecifikation",
        "Undrade över en månadsavgift. Gick igenom specifikationen, en tilläggstjänst.",
    ),
    Matter(
        "Förbindelsen bryts",
        "Nätet bryts på kvällarna. Routern startades om, linjen mättes utan fel. Följs upp.",
    ),
    Matter(
        "Långsam förbindelse",
        "Lägre hastighet än utlovat. Mätning med kabel var i ordning, felet i det trådlösa nätet.",
    ),
    Matter("Glömt lösenord", "Kom inte in på egna sidor. Ny länk skickad per e-post."),
    Matter("Ny användare", "Ny anställd i företaget. Användar-ID öppnat, anvisning skickad."),
    Matter("Offertförfrågan", "Bad om offert på fem abonnemang. Förmedlad till kundansvarig."),
    Matter("Uppsägning av avtal", "Sade upp tjänsten. Slutdatum meddelat, bekräftelse skickad."),
    Matter("Flytt", "Flyttar vid månadsskiftet. Ny adress antecknad, abonnemanget följer med."),
    Matter("Leveranstid", "Frågade om leveransen. På väg, spårningskod given."),
    Matter("Trasig apparat", "Apparaten startar inte. Garantibyte, ny skickas i morgon."),
    Matter("Marknadsföringsförbud", "Vill inte bli uppringd. Förbud antecknat."),
    Matter("Respons", "Tackade för snabb hjälp."),
    Matter("Begäran om samtal", "Uppringd, svarade inte. Nytt försök i morgon."),
]

ENGLISH = [
    Matter("Due date of an invoice", "Asked for the due date and the reference number. Given."),
    Matter(
        "Connection drops",
        "Connection drops in the evenings. Router restarted, line measured, no fault.",
    ),
    Matter("Forgotten password", "Could not sign in. New link sent by e-mail."),
    Matter("Moving house", "Moves at the end of the month. New address noted."),
    Matter("New subscription", "Ordered a second subscription. Confirmation sent."),
    Matter("Broken device", "Device does not start. Replaced under warranty."),
]

HOLD_REASONS = [
    "Riita kertamaksusta, kuluttajariitalautakunta",
    "Sopimuksen irtisanomisesta riita, käräjäoikeus",
    "Perintä kesken",
    "Vahingonkorvausvaatimus laitteesta",
]


def draw_matter(rng: Random, language: str) -> Matter:
    """A matter in the person's language."""
    return one_of(rng, {"sv": SWEDISH, "en": ENGLISH}.get(language, FINNISH))


WORDING_NAME = "direct-marketing"
WORDINGS = {
    (1, "fi"): "Minulle saa lähettää Praecomin tarjouksia ja uutisia valitsemillani tavoilla.",
    (1, "sv"): "Praecom får skicka erbjudanden och nyheter till mig på de sätt jag valt.",
    (1, "en"): "Praecom may send me offers and news in the ways I have chosen.",
    (
        2,
        "fi",
    ): "Annan Praecom Oy:lle luvan lähettää minulle tarjouksia ja uutisia omista tuotteistaan"
    " valitsemillani tavoilla. Voin perua luvan milloin tahansa jokaisesta viestistä.",
    (
        2,
        "sv",
    ): "Jag ger Praecom Oy lov att skicka mig erbjudanden och nyheter om sina egna produkter"
    " på de sätt jag valt. Jag kan återta lovet när som helst i varje meddelande.",
    (2, "en"): "I allow Praecom Oy to send me offers and news about its own products in the ways I"
    " have chosen. I can withdraw this at any time from every message.",
}
WORDING_SINCE_DAYS = {1: 1_500, 2: 500}
"""How many days ago each version came into use."""
