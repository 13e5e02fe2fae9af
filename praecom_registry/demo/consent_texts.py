"""The wordings of consents, the survey and what people answer, in the languages of the demo."""

WORDINGS = {
    (
        "survey",
        "fi",
    ): "Suostun siihen, että Praecom Oy kysyy mielipidettäni palveluista ja säilyttää"
    " vastaukseni. Voin peruuttaa suostumukseni milloin tahansa.",
    ("survey", "sv"): "Jag samtycker till att Praecom Oy frågar vad jag tycker om tjänsterna och"
    " sparar mina svar. Jag kan när som helst återkalla mitt samtycke.",
    ("survey", "en"): "I consent to Praecom Oy asking for my opinion of its services and keeping my"
    " answers. I can withdraw my consent at any time.",
    ("training", "fi"): "Suostun siihen, että puheluideni tallenteita käytetään henkilöstön"
    " koulutuksessa. Voin peruuttaa suostumukseni milloin tahansa.",
    ("training", "sv"): "Jag samtycker till att inspelningar av mina samtal används i personalens"
    " utbildning. Jag kan när som helst återkalla mitt samtycke.",
    ("training", "en"): "I consent to recordings of my calls being used in training staff. I can"
    " withdraw my consent at any time.",
    (
        "transfer",
        "fi",
    ): "Suostun siihen, että tietojani siirretään EU:n ja ETA:n ulkopuolelle minulle"
    " kerrotulla tavalla. Voin peruuttaa suostumukseni milloin tahansa.",
    (
        "transfer",
        "sv",
    ): "Jag samtycker till att mina uppgifter överförs utanför EU och EES så som jag"
    " har fått veta. Jag kan när som helst återkalla mitt samtycke.",
    (
        "transfer",
        "en",
    ): "I consent to my data being transferred outside the EU and EEA as I have been"
    " told. I can withdraw my consent at any time.",
}

SURVEY = "Asiakaskysely"
TITLES = {
    "fi": "Miten onnistuimme?",
    "sv": "Hur lyckades vi?",
    "en": "How did we do?",
}
QUESTIONS = {
    "fi": ("Kuinka tyytyväinen olette palveluumme?", "Mitä voisimme tehdä paremmin?"),
    "sv": ("Hur nöjd är du med vår tjänst?", "Vad kunde vi göra bättre?"),
    "en": ("How satisfied are you with our service?", "What could we do better?"),
}
ANSWERS = {
    "fi": (
        "Vastaus puheluun tuli nopeasti, kiitos.",
        "Laskun erittely voisi olla selkeämpi.",
        "Asentaja voisi ilmoittaa tulostaan edellisenä päivänä.",
        "Verkko pätkii iltaisin.",
    ),
    "sv": (
        "Jag fick hjälp snabbt, tack.",
        "Fakturan kunde vara tydligare.",
        "Ring gärna dagen innan montören kommer.",
    ),
    "en": (
        "Help came quickly, thank you.",
        "The invoice could be easier to read.",
        "Tell me a day ahead when somebody comes.",
    ),
}
WISHES = {
    "fi": (
        ("Yhteydenotot", "Soittakaa mieluiten iltapäivällä."),
        ("Laskutus", "Lasku mieluiten kuun alussa."),
        ("Esteettömyys", "Kirjeet suurella tekstillä."),
    ),
    "sv": (
        ("Kontakter", "Ring helst på eftermiddagen."),
        ("Fakturering", "Fakturan helst i början av månaden."),
    ),
    "en": (
        ("Contacts", "Please call in the afternoon."),
        ("Billing", "Invoice at the beginning of the month, please."),
    ),
}
DUTY_EVIDENCE = (
    "Kertoi puhelimessa vastaavansa hankinnoista.",
    "Yritys ilmoitti yhteyshenkilöksi.",
    "Allekirjoitti sopimuksen.",
    "Pyysi tarjouksen itse.",
)
LETTER = "Kirje, asiakirja-arkisto"
