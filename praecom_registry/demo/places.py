"""Real Finnish towns with their postal codes, and streets as they are called there."""

from dataclasses import dataclass
from random import Random

from praecom_registry.demo.draw import Weighted, one_of, words


@dataclass(frozen=True)
class Place:
    """A street address in Finland."""

    street: str
    postal_code: str
    city: str


# Town, inhabitants in thousands, postal codes; after `|` the Swedish name where people use it.
_TOWNS = """
Helsinki|Helsingfors 675 00100 00120 00140 00150 00170 00180 00200 00240 00250 00260 00300 00320 \
00350 00370 00400 00420 00500 00510 00530 00550 00560 00600 00610 00620 00640 00700 00710 00730 \
00750 00800 00810 00820 00840 00870 00900 00920 00940 00960 00980
Espoo|Esbo 315 02100 02110 02130 02140 02150 02170 02200 02210 02230 02260 02300 02320 02360 02600 \
02610 02650 02660 02700 02750 02760 02770 02780
Tampere 255 33100 33180 33200 33210 33230 33240 33270 33300 33400 33500 33520 33540 33560 33580 \
33610 33700 33710 33720 33800 33820 33850 33900
Vantaa|Vanda 245 01200 01230 01260 01280 01300 01350 01360 01370 01400 01450 01480 01510 01600 \
01620 01650 01670 01700 01720
Oulu 214 90100 90120 90130 90140 90150 90230 90250 90400 90420 90500 90520 90540 90570 90580 90650
Turku|Åbo 202 20100 20200 20210 20250 20300 20320 20360 20380 20500 20520 20540 20610 20700 20720 \
20740 20780 20810 20880 20900
Jyväskylä 148 40100 40200 40250 40270 40320 40340 40400 40500 40520 40530 40600 40630 40700 40740
Kuopio 124 70100 70110 70150 70200 70260 70280 70300 70340 70420 70460 70500 70600 70700 70780 70820
Lahti 121 15100 15110 15140 15150 15160 15170 15200 15210 15240 15300 15500 15520 15550 15610 15700
Pori 83 28100 28120 28130 28200 28220 28300 28330 28360 28400 28430 28500 28540 28600 28660
Joensuu 78 80100 80110 80130 80140 80160 80200 80220 80230 80260 80330 80710
Kouvola 79 45100 45120 45130 45150 45160 45200 45360 46860 47200 47400
Lappeenranta 73 53100 53130 53200 53300 53500 53550 53600 53650 53850 53900
Vaasa|Vasa 68 65100 65170 65200 65230 65280 65300 65320 65350 65370 65610
Hämeenlinna 68 13100 13110 13130 13200 13210 13220 13250 13270 13300 13430 13500 13600
Seinäjoki 65 60100 60120 60150 60200 60220 60320 60420 60510
Rovaniemi 65 96100 96190 96200 96300 96320 96400 96440 96500 96800 96910
Mikkeli 52 50100 50120 50130 50150 50170 50190 50500 50600
Salo 51 24100 24130 24240 24260 24280 24800 25130
Kotka 51 48100 48200 48210 48220 48300 48350 48400 48600 48700 48770
Porvoo|Borgå 51 06100 06150 06200 06400 06450 06500 06650
Kokkola|Karleby 48 67100 67200 67300 67400 67500 67600 67700 67800
Hyvinkää 47 05800 05820 05830 05840 05860 05880 05900
Lohja|Lojo 46 08100 08150 08200 08350 08500 08700 08800
Järvenpää 45 04400 04410 04430 04440 04480
Rauma 39 26100 26200 26220 26410 26510 26660
Kirkkonummi|Kyrkslätt 41 02400 02410 02430 02460 02480 02520 02570
Kajaani 36 87100 87150 87200 87250 87300 87400 87500 87700
Kerava 37 04200 04220 04230 04250 04260
Savonlinna 32 57100 57130 57170 57200 57210 57220 57230 57600
Nokia 35 37100 37120 37130 37140 37150 37200
Ylöjärvi 33 33450 33470 33480 33880
Kangasala 33 36200 36220 36240 36270
Riihimäki 28 11100 11120 11130 11310 11910
Raasepori|Raseborg 27 10300 10420 10440 10470 10600 10620 10650
Imatra 25 55100 55120 55420 55510 55610 55800
Raisio|Reso 25 21200 21260 21280
Raahe 24 92100 92120 92130 92150 92160
Hollola 23 15860 15870 15880
Sastamala 24 38200 38210 38250 38300
Tornio|Torneå 21 95400 95420 95430 95450 95460
Siilinjärvi 21 70900 70910 71750 71800
Iisalmi 20 74100 74120 74130 74140 74160
Kemi 20 94100 94200 94600 94700 94720
Varkaus 19 78200 78210 78250 78300 78310 78400 78850
Kurikka 20 61300 61310 61360 61450 61500
Valkeakoski 20 37600 37630 37700 37740 37800
Hamina|Fredrikshamn 19 49400 49410 49420 49460 49480
Heinola 18 18100 18120 18130 18150 18200
Forssa 17 30100 30300 30420
Pietarsaari|Jakobstad 19 68600 68620 68630
Mustasaari|Korsholm 20 65450 65480 65520 65610 65710 65800
Parainen|Pargas 15 21600 21610 21630 21650 21660 21710 21720
Naantali|Nådendal 19 21100 21110 21150 21160 21180
Kuusamo 15 93600 93700 93830
Sodankylä 8 99600 99640 99650
Inari 7 99800 99830 99870
Närpiö|Närpes 9 64200 64220 64250 64260
Uusikaarlepyy|Nykarleby 7 66900 66930 66950
Maarianhamina|Mariehamn 12 22100
Jomala 5.5 22140 22150
Finström 2.6 22410 22430
Lemland 2.1 22610
Hammarland 1.6 22240
Eckerö 1 22270
Föglö 0.5 22710
"""
# Towns where Swedish is the everyday language of most.
_SWEDISH_TOWNS = {
    "Raasepori", "Pietarsaari", "Mustasaari", "Parainen", "Närpiö", "Uusikaarlepyy",
    "Maarianhamina", "Jomala", "Finström", "Lemland", "Hammarland", "Eckerö", "Föglö",
}  # fmt: skip
_ONLY_SWEDISH = {"Jomala", "Finström", "Lemland", "Hammarland", "Eckerö", "Föglö"}

_STREETS = words("""
Mannerheimintie Hämeenkatu Kauppakatu Keskuskatu Asemakatu Kirkkokatu Koulukatu Rantatie Rantakatu
Satamakatu Puistokatu Puistotie Koivukuja Kuusitie Mäntytie Pihlajatie Vaahterakuja Tammitie
Leppäkuja Haapatie Pellonreuna Niittykuja Peltotie Mäkitie Harjukatu Myllytie Myllykatu Torikatu
Yliopistonkatu Linnankatu Uudenmaankatu Itsenäisyydenkatu Rautatienkatu Vapaudenkatu Teollisuustie
Yrittäjäntie Pajatie Sepänkatu Suutarinkatu Metsätie Metsäpolku Korpitie Järventaustantie
Saarentie Niementie Kartanontie Kanervatie Mustikkatie Puolukkatie Vuokkotie Kielotie Ruusukuja
Hiihtäjäntie Urheilutie Opintie Päivöläntie Iltarusko Aamurusko Otavantie Lentokentäntie Lahdentie
Turuntie Porintie Kutalantie Hatanpään_valtatie Aleksis_Kiven_katu Runeberginkatu Topeliuksenkatu
Snellmaninkatu Sibeliuksenkatu Minna_Canthin_katu Eino_Leinon_katu
""")
_SWEDISH_STREETS = words("""
Strandgatan Storgatan Kyrkogatan Skolgatan Esplanadgatan Östra_Esplanaden Hamngatan Torggatan
Norra_Esplanadgatan Köpmansgatan Storalånggatan Trädgårdsgatan Björkvägen Granvägen Tallvägen
Sjövägen Bondegatan Ålandsvägen Skarpansvägen Östernäsvägen Godbyvägen Strandvägen Prästgårdsvägen
Kvarnvägen Ängsvägen Lövstigen Runebergsgatan Topeliusgatan Gamlavägen Smedsvägen Hantverkaregatan
Fiskaregatan
""")


def _towns() -> list[tuple[tuple[str, str, tuple[str, ...]], float]]:
    found = []
    for line in _TOWNS.strip().splitlines():
        names, thousands, *codes = line.split()
        finnish, _, swedish = names.partition("|")
        found.append(((finnish, swedish or finnish, tuple(codes)), float(thousands)))
    return found


_TOWN = Weighted(_towns())
_SWEDISH_TOWN = Weighted(
    [
        *((town, weight) for town, weight in _towns() if town[0] in _SWEDISH_TOWNS),
        *((town, weight / 20) for town, weight in _towns() if town[0] != town[1]),
    ]
)

POSTAL_CODES = {
    name: frozenset(codes)
    for (finnish, swedish, codes), _weight in _towns()
    for name in (finnish, swedish)
}


def draw_place(rng: Random, language: str) -> Place:
    """Where somebody lives: Swedish speakers mostly where Swedish is spoken, in their words."""
    finnish, swedish, codes = (_SWEDISH_TOWN if language == "sv" else _TOWN).draw(rng)
    in_swedish = finnish in _ONLY_SWEDISH or (language == "sv" and finnish != swedish)
    street = one_of(rng, _SWEDISH_STREETS if in_swedish else _STREETS)
    number = 1 + int(60 * rng.random() ** 2)
    door = rng.random()
    if door < 0.35:
        home = f" {one_of(rng, 'ABCDE')} {1 + int(60 * rng.random())}"
    elif door < 0.4:
        home = f" {'bst' if in_swedish else 'as.'} {1 + int(20 * rng.random())}"
    else:
        home = ""
    city = swedish if in_swedish else finnish
    return Place(f"{street} {number}{home}", one_of(rng, codes), city)
