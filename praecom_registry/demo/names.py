"""First and last names as common as they are in Finland, with a long tail of rare ones.

The weights are close to the numbers of people who bear the names: a lookup that is quick among
random letters may be slow among twenty thousand Virtanens. Rare last names are made of the parts
that Finnish last names are made of.
"""

from itertools import product
from random import Random

from praecom_registry.demo.draw import Weighted, one_of, words


def _counted(text: str) -> list[tuple[str, float]]:
    """Names and numbers in turn: `Korhonen 225 Virtanen 222`."""
    both = words(text)
    return list(zip(both[::2], map(float, both[1::2]), strict=True))


# Numbers in hundreds of people.
FINNISH_LAST = _counted("""
Korhonen 225 Virtanen 222 Mäkinen 204 Nieminen 203 Mäkelä 189 Hämäläinen 183 Laine 180
Heikkinen 174 Koskinen 173 Järvinen 163 Lehtonen 158 Lehtinen 150 Saarinen 149 Salminen 148
Heinonen 144 Niemi 144 Heikkilä 141 Kinnunen 140 Salonen 140 Turunen 138 Salo 131 Laitinen 131
Tuominen 124 Rantanen 122 Karjalainen 121 Jokinen 117 Mattila 112 Savolainen 106 Lahtinen 101
Ahonen 100 Väisänen 92 Leppänen 91 Miettinen 91 Ojala 90 Hiltunen 90 Kallio 88 Aaltonen 86
Pitkänen 86 Leinonen 85 Hakala 82 Manninen 82 Hirvonen 81 Anttila 80 Koskela 79 Laaksonen 79
Räsänen 78 Peltonen 77 Lehto 76 Hänninen 75 Partanen 74 Rautiainen 73 Lappalainen 73 Toivonen 72
Nurmi 72 Seppälä 71 Mustonen 71 Kettunen 70 Rissanen 69 Kärkkäinen 68 Kauppinen 68 Moilanen 67
Nurminen 67 Harju 66 Pesonen 66 Oksanen 66 Ikonen 66 Karppinen 66 Peltola 65 Vainio 65 Hyvönen 64
Laakso 63 Kemppainen 63 Huttunen 62 Mikkonen 62 Hietala 61 Aalto 61 Lindroos 30 Pulkkinen 61
Suominen 60 Parviainen 60 Niskanen 60 Pitkälä 8 Honkanen 59 Kokkonen 58 Eskola 57 Sirén 9
Mäenpää 56 Vesterinen 34 Hartikainen 55 Tolonen 44 Pekkarinen 42 Kokko 53 Tikkanen 53 Immonen 52
Kivelä 52 Kangas 51 Rajala 50 Halonen 50 Mäki 49 Pelkonen 42 Holopainen 48 Keränen 47
Komulainen 45 Jääskeläinen 70 Asikainen 43 Kosonen 40 Vuorinen 55 Ruotsalainen 40 Kivinen 34
Koivisto 66 Lampinen 48 Kuusisto 47 Martikainen 49 Vartiainen 39 Ylönen 47 Tanskanen 44
Väänänen 50 Nevalainen 53 Kukkonen 41 Kuusela 37 Tuomi 34 Lindfors 24 Sillanpää 51 Uusitalo 51
Hautala 39 Ojanen 38 Alanen 37 Kuisma 27 Palonen 15 Nyyssönen 17 Tiainen 40 Rantala 63 Ranta 35
Paananen 45 Saari 36 Sipilä 37 Saastamoinen 33 Suhonen 38 Kurki 23 Karhu 24 Hyttinen 28 Alatalo 33
Luoma 44 Kekkonen 27 Marttinen 19 Jussila 29 Lukkari 13 Haapala 42 Haapaniemi 21 Lepistö 42
Juntunen 42 Mikkola 68 Niemelä 62 Viitanen 52 Kilpeläinen 44 Koponen 52 Pasanen 44 Siltanen 15
Sorsa 14 Piirainen 37 Takala 49 Heino 60 Hovi 13 Isotalo 22 Kantola 45 Vuori 29 Lahti 46 Kari 21
Pirinen 31 Wirtanen 3 Wallenius 5 Waris 2 Helenius 33 Sarkkinen 9 Tervonen 33 Torvinen 13
""")
SWEDISH_LAST = _counted("""
Johansson 80 Nyman 75 Lindholm 63 Karlsson 62 Andersson 57 Nyberg 55 Lindström 54 Lindqvist 52
Eriksson 51 Lindberg 49 Blomqvist 43 Holm 33 Henriksson 36 Gustafsson 33 Sundström 34 Nylund 36
Sjöberg 27 Söderholm 21 Westerlund 31 Björklund 34 Granholm 9 Backman 24 Ekholm 18 Forsström 16
Söderström 28 Sandberg 24 Lundqvist 26 Lindgren 25 Forsman 24 Mattsson 23 Wikström 24 Öhman 21
Holmström 23 Fagerström 20 Grönroos 26 Grönlund 17 Nordström 21 Nordlund 15 Ström 18 Lönnqvist 23
Hellström 22 Hägglund 8 Sandström 22 Snellman 9 Ahlström 10 Ahlgren 9 Berg 22 Bergman 24 Björk 10
Björkman 16 Boström 9 Broman 9 Ekman 17 Ekström 17 Enqvist 12 Fager 3 Finne 6 Fors 6 Forsberg 16
Friman 16 Granlund 14 Granqvist 12 Hagman 9 Häggblom 10 Häggman 10 Högnäs 4 Jansson 27 Kullberg 6
Kronqvist 11 Lagerström 7 Landén 5 Lindell 16 Lundberg 16 Lundén 11 Lundström 19 Löfgren 9 Malm 8
Nygård 24 Nyholm 20 Nykvist 4 Nystén 4 Nyström 33 Palmgren 8 Pettersson 21 Rosenberg 6
Rosenqvist 8 Rosenlund 7 Rönnqvist 10 Sandell 12 Sjöblom 19 Sjögren 12 Sjöholm 14 Skog 6
Skogster 2 Smeds 8 Stenman 10 Stenberg 13 Strandberg 11 Strandell 3 Strömberg 14 Sundberg 16
Sundqvist 21 Svensson 14 Sved 2 Söderlund 23 Södergård 6 Wahlberg 6 Wahlroos 6 Wallin 16
Westerholm 11 Wickström 8 Wiik 9 Wikman 7 Åberg 12 Åkerlund 5 Öhberg 2 Österberg 10 Österholm 7
Österlund 11 Ståhlberg 12 Sarlin 4 von_Wright 0.5 af_Hällström 0.5 von_Essen 0.4
""")
OTHER_LAST = _counted("""
Ivanov 8 Ivanova 9 Petrov 5 Smirnova 5 Kuznetsov 4 Popova 4 Volkova 3 Tamm 9 Saar 8 Sepp 7 Mägi 6
Kask 5 Kukk 4 Nguyen 35 Tran 11 Pham 7 Mohamed 20 Ali 25 Ahmed 19 Hassan 15 Abdi 13 Hussein 12
Omar 7 Ibrahim 8 Osman 6 Khan 10 Singh 6 Kumar 8 Sharma 5 Gurung 5 Thapa 4 Rai 3 Chen 7 Wang 8
Li 7 Zhang 6 Liu 5 Smith 6 Brown 3 García 3 Silva 4 Santos 4 Müller 3 Schmidt 2 Kowalski 3
Kowalska 3 Nowak 3 Shevchenko 6 Kovalenko 5 Bondarenko 4 O'Connor 1 Rossi 2 Øverland 0.5
""")

# Parts of the long tail: `Kuusi` + `ranta`, `Ylä-` + `Kuusiranta`.
_STEMS = words("""
Aho Ala Anti Haapa Haara Harju Hauki Heinä Helmi Hiekka Hiiden Hirvi Honka Huhta Iso Joki Jylhä
Järven Kaisla Kallio Kangas Kanta Karhu Kataja Kauko Keto Kirkko Kivi Koivu Korpi Koski Kotka
Kuiva Kulta Kurjen Kuusi Kylmä Kytö Laakson Lahden Lampi Lauri Lehdon Lehti Leppä Levä Linna Louhi
Luhta Luoto Maa Marja Meri Metsä Mylly Mänty Niemen Niitty Noro Nuoli Nuotio Oja Orja Pajun Palo
Pelto Petäjä Pihlaja Pitkä Pohjan Puisto Pyhä Päivä Rahka Raja Ranta Rauta Rinta Risti Ruoho Ruusu
Ryti Saaren Salmen Salo Sammal Sara Savi Selkä Sini Soini Somer Suo Suvi Syrjä Särki Tammi Tervan
Tuomi Tuuli Uusi Vaara Vainion Valka Varpu Vehma Vesi Viher Viita Viljan Vuohi Vuoren Vähä Yli Ylä
Äijä Öljy
""")
_ENDINGS = words("""
aho harju joki järvi kallio kangas kari kivi korpi koski kytö lahti lampi lehto linna luoma luoto
maa metsä mäki niemi niitty oja palo pelto perä puro pää ranta saari salmi salo suo tammi talo
vaara vainio vesi virta vuori
""")
_BEFORE = ["Ala-", "Ylä-", "Iso-", "Vähä-", "Uusi-", "Vanha-", "Keski-", "Yli-", "Sala-", "Pikku-"]
_SWEDISH_STEMS = words("""
Al Asp Back Berg Björk Blom Bäck Dahl Ek Eng Fager Fors Glad Gran Grön Hag Hed Hell Holm Häger Hög
Kron Lager Lilje Lind Ljung Lund Löf Malm Nord Ny Palm Ros Rönn Sand Sjö Skog Sten Strand Ström
Sund Söder Torn Ulf Wall Wester Vik Åker Ås Öst Öster
""")
_SWEDISH_ENDINGS = words("""
back berg blad blom bäck dahl fors gren gård hjelm holm kvist lund löf man mark näs qvist ros sten
stedt strand ström sund vall vik ås
""")


def _tail() -> list[tuple[str, float]]:
    """Rare last names, the rarer the further down; the last ones are borne by a family each."""
    two = [f"{a}{b}" for a, b in product(_STEMS, _ENDINGS) if not a.lower().startswith(b)]
    three = [f"{before}{name}" for before, name in product(_BEFORE, two)]
    Random("last names").shuffle(two)
    return [
        *((name, 30 / (1 + place / 300)) for place, name in enumerate(two)),
        *((name, 0.1) for name in three),
    ]


def _swedish_tail() -> list[tuple[str, float]]:
    names = [
        f"{a}{b}" for a, b in product(_SWEDISH_STEMS, _SWEDISH_ENDINGS) if a.lower() != b.lower()
    ]
    Random("efternamn").shuffle(names)
    return [(name, 8 / (1 + place / 20)) for place, name in enumerate(names)]


# Numbers in thousands of people.
FINNISH_WOMEN = _counted("""
Maria 50 Anne 43 Päivi 41 Anna 48 Leena 38 Ritva 37 Pirjo 36 Tuula 36 Sari 36 Minna 33 Marja 33
Tiina 32 Riitta 31 Kaisa 20 Eeva 22 Liisa 22 Aino 27 Helena 26 Hanna 26 Heidi 24 Johanna 24
Kati 23 Merja 23 Satu 23 Katja 22 Jaana 22 Sanna 22 Marjatta 18 Kirsi 28 Raija 24 Seija 24
Sirpa 27 Eila 14 Outi 16 Laura 23 Jenni 16 Mari 24 Elina 17 Susanna 15 Virpi 15 Anneli 20
Emilia 17 Sofia 14 Emma 15 Eija 20 Arja 18 Irma 16 Terttu 13 Kaarina 15 Hilkka 10 Aune 4 Elli 9
Helmi 16 Venla 9 Aada 10 Ella 11 Iida 12 Oona 8 Noora 14 Niina 15 Nina 17 Jonna 12 Taru 11
Tarja 30 Teija 13 Mirja 14 Ulla 13 Mervi 17 Marketta 10 Krista 11 Henna 11 Suvi 13 Piia 15 Pia 16
Reetta 8 Salla 9 Saara 14 Sara 15 Veera 14 Viivi 6 Wilma 5 Vilma 8 Milla 9 Essi 9 Annika 12 Ida 13
Julia 14 Roosa 8 Siiri 10 Lotta 10 Kerttu 10 Lahja 3 Inkeri 6 Orvokki 4 Impi 2 Saimi 4 Aili 8
Irja 5 Anja 18 Sinikka 13 Kaija 15 Maija 15 Pirkko 30 Tarja-Leena 0.2 Anna-Maija 1.5
Eeva-Liisa 2.5 Anna-Liisa 2 Marja-Leena 3.5 Marja-Liisa 4 Ulla-Maija 1.5 Hanna-Mari 0.4
Anna-Kaisa 2 Riikka 15 Taina 14 Birgit 3 Sisko 4 Tellervo 1 Lempi 2 Kyllikki 4 Hertta 3
""")
FINNISH_MEN = _counted("""
Juha 51 Timo 49 Matti 44 Kari 42 Mikko 39 Antti 37 Jari 38 Jukka 34 Mika 33 Markku 32 Pekka 32
Hannu 31 Heikki 28 Janne 27 Petri 28 Sami 26 Ari 26 Marko 26 Ville 25 Seppo 31 Jouni 16 Jani 21
Pasi 20 Esa 18 Juhani 20 Tapio 18 Lauri 22 Eero 17 Teemu 20 Tero 19 Tomi 13 Toni 16 Tuomas 18
Jussi 17 Harri 22 Raimo 20 Risto 19 Reijo 18 Jorma 26 Veikko 12 Ilkka 16 Arto 18 Vesa 19 Kalevi 10
Olli 14 Joni 15 Juho 18 Eetu 9 Leo 13 Elias 16 Onni 15 Oliver 10 Väinö 11 Eino 13 Toivo 8 Arvo 4
Oiva 4 Urho 3 Veli 5 Aleksi 19 Niko 14 Henri 12 Jarmo 18 Jarkko 12 Jaakko 19 Kimmo 14 Kalle 13
Lasse 10 Mauri 7 Martti 16 Pentti 13 Paavo 10 Oskari 9 Otto 9 Roope 6 Rasmus 9 Samuli 11
Santeri 10 Simo 9 Tatu 5 Topi 4 Valtteri 12 Veeti 7 Arttu 10 Atte 9 Miika 7 Mikael 16 Miro 7
Joona 10 Joonas 16 Jere 12 Jesse 13 Iiro 2 Ismo 9 Erkki 14 Ensio 4 Aatos 4 Aarne 4 Viljo 4 Yrjö 4
Kyösti 3 Tauno 4 Juha-Pekka 3.5 Veli-Matti 4 Jukka-Pekka 2.5 Ari-Pekka 1.2 Olli-Pekka 2.2
Vesa-Matti 0.8 Raine 1 Jean-Pierre 0.05 Tarmo 3 Tuomo 10 Kaarlo 4 Osmo 5 Sakari 7 Sulo 2
Wiljami 0.4 Werneri 0.2 Wäinö 0.2
""")
SWEDISH_WOMEN = _counted("""
Anna 30 Maria 30 Eva 16 Kristina 13 Susanne 10 Gunilla 9 Camilla 11 Ann-Christin 5 Linda 11
Jessica 9 Benita 6 Carola 8 Åsa 5 Monica 9 Birgitta 11 Marianne 10 Christina 9 Barbro 6 Gun 5
Gunvor 4 Inger 5 Margareta 8 Solveig 5 Siv 5 Ulla-Britt 2 Ulrika 6 Malin 6 Mikaela 7 Nina 8
Pernilla 4 Sandra 6 Sofie 5 Tove 3 Viveca 4 Yvonne 4 Annika 7 Catharina 4 Disa 1 Ebba 4 Elin 5
Ellen 6 Emma 8 Fanny 3 Freja 2 Hedvig 1 Ida 6 Ingrid 5 Jenny 8 Johanna 8 Josefin 3 Katarina 5
Lena 6 Lisen 1 Märta 2 Nora 3 Saga 3
""")
SWEDISH_MEN = _counted("""
Johan 20 Anders 16 Mikael 18 Christian 14 Stefan 12 Kristian 8 Patrik 10 Jan-Erik 7 Karl 8
Fredrik 11 Henrik 12 Mats 10 Kim 9 Niklas 9 Sebastian 8 Robin 7 Oscar 6 Göran 9 Bo 8 Lars 10 Kaj 8
Kurt 6 Rolf 6 Ralf 6 Sven 4 Håkan 7 Peter 11 Magnus 6 Markus 8 Mathias 6 Tobias 3 Tom 8 Thomas 10
Tommy 6 Ulf 5 Viktor 4 Wilhelm 3 Åke 3 Alexander 8 Andreas 7 Axel 4 Benjamin 5 Björn 5
Carl-Johan 2 Dan 4 Dennis 4 Emil 6 Erik 11 Filip 4 Gustav 4 Hans 6 Jakob 4 Jens 3 Jonas 5 Jörgen 3
Kenneth 6 Kjell 4 Leif 6 Linus 3 Ludvig 1 Nils 4 Ole 2 Per-Olof 2 Rasmus 4 Roger 6 Simon 5
Sixten 1 Stig 4 Torolf 0.5 Vidar 1
""")
OTHER_FIRST = _counted("""
Olga 6 Elena 5 Natalia 5 Svetlana 5 Sergei 5 Alexei 3 Dmitri 3 Irina 4 Katrin 3 Kadri 2 Mart 2
Jaan 2 Tiit 2 Thi 6 Van 5 Minh 3 Linh 2 Mohamed 12 Ahmed 7 Fatima 5 Amina 5 Hodan 2 Abdirahman 3
Ali 8 Zahra 3 Omar 3 Hassan 4 Khadija 2 Priya 2 Ravi 2 Sunita 2 Bishnu 1 Wei 3 Li 3 Yan 2 John 3
David 4 Michael 3 José 2 Zoé 0.5 Renée 0.5 André 1 Chloë 0.5 Piotr 2 Agnieszka 2 Oksana 4 Oleh 2
Andrii 3 Giulia 1
""")

_LAST = {
    "fi": Weighted([*FINNISH_LAST, *_tail()]),
    "sv": Weighted([*SWEDISH_LAST, *_swedish_tail()]),
    "other": Weighted(OTHER_LAST),
}
_FIRST = {
    "fi": (Weighted(FINNISH_WOMEN), Weighted(FINNISH_MEN)),
    "sv": (Weighted(SWEDISH_WOMEN), Weighted(SWEDISH_MEN)),
    "other": (Weighted(OTHER_FIRST), Weighted(OTHER_FIRST)),
}
_COMMUNITY = Weighted([("fi", 0.91), ("sv", 0.055), ("other", 0.035)])
_LANGUAGE = {
    "fi": Weighted([("fi", 0.985), ("sv", 0.005), ("en", 0.01)]),
    "sv": Weighted([("sv", 0.85), ("fi", 0.15)]),
    "other": Weighted([("en", 0.6), ("fi", 0.38), ("sv", 0.02)]),
}

LAST_NAMES = frozenset(name for names in _LAST.values() for name in names.things)


def draw_name(rng: Random, community: str | None = None) -> tuple[str, str, str]:
    """A first name, a last name and the language of service.

    Some have two first names, some a double last name, and in many a family one parent's last
    name is of the other language.
    """
    community = community or _COMMUNITY.draw(rng)
    first_names = one_of(rng, _FIRST[community])
    first, last = first_names.draw(rng), _LAST[community].draw(rng)
    chance = rng.random()
    if chance < 0.06:
        second = first_names.draw(rng)
        if second != first:
            first = f"{first} {second}"
    elif chance < 0.075 and " " not in last and "-" not in last:
        other = _LAST[community].draw(rng)
        if other != last and " " not in other and "-" not in other:
            last = f"{last}-{other}"
    elif chance < 0.11 and community == "sv":
        last = _LAST["fi"].draw(rng)
    return first, last, _LANGUAGE[community].draw(rng)
