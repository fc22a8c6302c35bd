"""Words that matter when two reports are compared: numbers, days, negations, opposites, titles, grammar.

Several languages share each table: a word that means something else in another language does so on both sides of a
comparison and cancels out.
"""

from typing import Final


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _numbered(*lists: str) -> dict[str, int]:
    return {word: value for words in lists for value, word in enumerate(words.split()) if word != "-"}


UNITS: Final = {
    **_numbered(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty",
        "null - zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "zéro - deux trois quatre cinq six sept huit neuf dix onze douze",
        "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "- - due tre quattro cinque sei sette otto nove dieci undici dodici",
        "- - dois três quatro cinco seis sete oito nove dez onze doze",
        "nul - twee drie vier vijf zes zeven acht negen tien elf twaalf",
        "- - dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
    ),
    "dozen": 12,
    "duas": 2,
    "dwie": 2,
    "dwóch": 2,
    "trzech": 3,
    "czterech": 4,
}
TENS: Final = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "zwanzig": 20,
    "dreißig": 30,
    "vierzig": 40,
    "fünfzig": 50,
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "veinte": 20,
    "treinta": 30,
    "cuarenta": 40,
    "cincuenta": 50,
    "venti": 20,
    "trenta": 30,
    "quaranta": 40,
    "cinquanta": 50,
}
SCALES: Final = {
    "hundred": 100,
    "hundert": 100,
    "cent": 100,
    "thousand": 1_000,
    "k": 1_000,
    "tausend": 1_000,
    "mille": 1_000,
    "mil": 1_000,
    "tys": 1_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "mln": 1_000_000,
    "mio": 1_000_000,
    "millionen": 1_000_000,
    "millones": 1_000_000,
    "milioni": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "b": 1_000_000_000,
    "mrd": 1_000_000_000,
    "milliarden": 1_000_000_000,
    "milliards": 1_000_000_000,
    "miliardi": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "tn": 1_000_000_000_000,
}
# Without a number before them these are numbers themselves.
AMOUNTS: Final = {
    "hundred": "100",
    "thousand": "1000",
    "million": "1000000",
    "billion": "1000000000",
    "hundert": "100",
    "tausend": "1000",
    **{
        word: word
        for word in [
            "tens",
            "dozens",
            "hundreds",
            "thousands",
            "millions",
            "billions",
            "hunderte",
            "tausende",
            "millionen",
            "dizaines",
            "centaines",
            "milliers",
            "decenas",
            "cientos",
            "miles",
            "decine",
            "centinaia",
            "migliaia",
            "half",
            "quarter",
            "double",
            "triple",
            "twice",
            "halves",
            "quarters",
        ]
    },
}
ORDINALS: Final = _numbered(
    "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "- erste zweite dritte vierte fünfte sechste",
    "- première deuxième troisième quatrième cinquième",
    "- primera segunda tercera cuarta quinta",
)
DAYS: Final = {
    **{
        day: f"day{number}"
        for days in (
            "monday tuesday wednesday thursday friday saturday sunday",
            "montag dienstag mittwoch donnerstag freitag samstag sonntag",
            "lundi mardi mercredi jeudi vendredi samedi dimanche",
            "lunes martes miércoles jueves viernes sábado domingo",
            "lunedì martedì mercoledì giovedì venerdì sabato domenica",
            "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
            "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        )
        for number, day in enumerate(days.split())
    },
    **{
        month: f"month{number}"
        for months in (
            "january february - april - june july august september october november december",
            "januar februar märz april - juni juli august september oktober november dezember",
            "janvier février - avril - juin juillet août septembre octobre novembre décembre",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "januari februari maart april mei juni juli augustus september oktober november december",
        )
        for number, month in enumerate(months.split())
        if month != "-"
    },
    **{
        short: f"month{number}"
        for number, shorts in {
            0: "jan",
            1: "feb",
            3: "apr",
            5: "jun",
            6: "jul",
            7: "aug",
            8: "sep sept",
            9: "oct",
            10: "nov",
            11: "dec",
        }.items()
        for short in shorts.split()
    },
}
# Months whose names mean something else as well: a month only beside a day or a year, or after one of these words.
_MONTH_NEXT: Final = _split("in since until till last next early late mid")
MONTHS_BY_PLACE: Final = {
    "march": ("month2", _MONTH_NEXT | _split("of by from through during this before after")),
    "mar": ("month2", _MONTH_NEXT),
    "mars": ("month2", _split("en depuis fin début mi")),
    "may": ("month4", _MONTH_NEXT),
}
NEGATIONS: Final = _split(
    "not no never none neither nor without nobody nothing cannot nowhere "
    "deny denies denied denying refuse refuses refused rejects rejected reject false untrue unlikely fails failed fail "
    "nicht kein keine keinen keiner keinem nie niemand ohne "
    "pas jamais aucun aucune sans ni nunca jamás sin ningún ninguna ninguno "
    "non mai senza nessun nessuno nessuna não sem nenhum nenhuma niet geen nooit zonder nie bez nigdy nikt"
)
# Either word in the other's place turns a report into its contrary.
_OPPOSITES: Final = (
    "up/down rise/fall rises/falls rose/fell rising/falling increase/decrease increases/decreases increased/decreased "
    "higher/lower more/fewer more/less win/lose wins/loses won/lost winning/losing win/loss victory/defeat "
    "open/close opens/closes opened/closed open/closed opening/closing alive/dead accept/reject accepts/rejects "
    "accepted/rejected confirm/deny confirms/denies confirmed/denied guilty/innocent legal/illegal "
    "approve/reject approves/rejects approved/rejected support/oppose supports/opposes supported/opposed "
    "before/after above/below over/under north/south east/west northern/southern eastern/western left/right in/out "
    "on/off first/last start/end starts/ends started/ended begin/end begins/ends began/ended leave/remain "
    "arrested/released arrest/release men/women man/woman male/female he/she his/her him/her son/daughter "
    "husband/wife father/mother brother/sister boy/girl boys/girls possible/impossible safe/unsafe likely/unlikely "
    "true/false yes/no early/late earlier/later best/worst largest/smallest gain/loss gains/losses buy/sell "
    "bought/sold attack/defend home/away minimum/maximum least/most stronger/weaker better/worse "
    "morning/evening hot/cold "
    "gestiegen/gefallen steigt/fällt mehr/weniger offen/geschlossen gewinnt/verliert monte/baisse plus/moins "
    "ouvert/fermé sube/baja más/menos abierto/cerrado gana/pierde"
)
OPPOSITES: Final = frozenset(frozenset(pair.split("/")) for pair in _OPPOSITES.split())
TITLES: Final = _split(
    "mr mrs ms miss dr sir dame lord lady prof professor president premier minister prime pm chancellor secretary "
    "senator sen rep mp mep governor gov mayor king queen prince princess pope general gen colonel captain sgt "
    "sergeant judge justice chief king's queen's herr frau monsieur madame señor señora the a an of and"
)
ALIASES: Final = {
    "uk": "britain",
    "gb": "britain",
    "british": "britain",
    "us": "america",
    "u.s": "america",
    "usa": "america",
    "american": "america",
    "eu": "eu",
    "un": "un",
    "kyiv": "kiev",
}
_GRAMMAR: Final = _split(
    "a an the this that these those it its he she they them his her their him we us our you your i me my who whom "
    "which what when where why how and or but so if then than as at by for from in into of off on onto out over to up "
    "with about after before during through between is are was were be been being has have had having do does did "
    "will would can could may might shall should must also just very more most some any all each s t re ve ll d there "
    "here now still only own same such too "
    "der die das den dem des ein eine einer einem einen und oder aber ist sind war waren sein hat haben hatte wird "
    "werden zu zum zur im in am an auf aus bei mit nach von vor für über unter auch noch nur sich er sie es wir ihr "
    "le la les un une des du de et ou mais est sont était été avoir a ont dans sur par pour avec sans au aux ce cette "
    "ces il elle ils elles nous vous qui que dont où se sa son ses "
    "el los las una unos y o pero es son fue ser ha han había del al en por para con su sus que se lo como más "
    "il lo gli uno e è sono era stato ha hanno nel nella di da con su per tra che si del della dei delle al alla "
    "os as um uma e ou mas foi são em no na nos nas por para com do da dos das que "
    "het een en of maar is zijn was waren heeft hebben in op aan van voor met door bij te er die dat "
    "i w z na do o że się to jest są był była po za od dla nie"
)
GRAMMAR: Final = _GRAMMAR - NEGATIONS - set(UNITS) - set(DAYS)
