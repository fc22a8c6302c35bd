"""Lists of words that names are made of, and words that are no names."""

from functools import cache
from importlib.resources import files
from sys import intern
from typing import Final

from streams.enrich.places.gazetteer import Kind, places_named
from streams.text.listed import listed

_TITLES: Final = listed(
    "mr mrs ms miss dr sir dame lord lady prof professor president premier minister prime chancellor secretary "
    "senator sen sen. rep rep. mp governor gov gov. mayor king queen prince princess pope general gen. colonel "
    "captain sgt sergeant judge justice chief inspector superintendent coach manager captain mr. mrs. ms. dr. prof. "
    "herr frau monsieur madame señor señora councillor cllr spokesman spokeswoman spokesperson analyst director "
    "secretary-general imam sheikh archbishop bishop cardinal rabbi reverend ambassador representative congressman "
    "congresswoman commissioner presidente ministro ministra premier"
)
_ORGANISATIONS: Final = listed(
    "party ministry university police fc united club bank council committee commission agency department association "
    "union federation institute company corp corp. inc inc. ltd plc group army navy air force forces court "
    "parliament senate congress assembly government office bureau authority service services trust foundation "
    "hospital school college league front movement times post news radio tv media network press guardian telegraph "
    "brigade organisation organization society academy center centre fund board rovers wanderers albion athletic "
    "partners airlines airways motors systems technologies labs capital holdings nato who un eu fbi cia bbc cnn nhs "
    "fda cdc afp reuters ap isis isil taliban hamas hezbollah democrats republicans conservatives labour tories "
    "coalition alliance"
)
# Names of organisations in one word that no other list has.
_KNOWN_ORGANISATIONS: Final = listed(
    "reuters bbc cnn nbc cbs abc itv pbs npr afp dpa ansa tass interfax xinhua bloomberg kompas antara efe rte rai "
    "nhk cbc aljazeera politico buzzfeed vox axios guardian telegraph independent economist spiegel bild zeit welt "
    "monde figaro libération repubblica corriere stampa país who un unesco unicef unhcr nato opec imf wto oecd osce "
    "iaea interpol europol fifa uefa ioc fia icc ecb fed fbi cia nsa dhs doj epa faa fda cdc nasa esa noaa usgs nws "
    "fema ntsb tsa irs ice nhs hse gardai garda rnli rspca tuc cbi hmrc dvla dfid ofsted ofcom mi5 mi6 gchq nypd "
    "lapd bundestag bundesrat knesset duma dáil seanad storting riksdag sejm kremlin pentagon labour tories ukip snp "
    "dup sdlp plaid cdu csu spd fdp afd pp psoe podemos lega pd m5s syriza pasok likud fatah hamas hezbollah isis "
    "isil daesh taliban al-qaeda farc eta ira google apple amazon microsoft facebook meta twitter youtube instagram "
    "whatsapp tiktok netflix uber airbnb tesla spacex boeing airbus airasia ryanair easyjet lufthansa qantas "
    "emirates british-airways toyota honda nissan ford volkswagen bmw siemens samsung huawei sony nokia intel ibm "
    "oracle walmart tesco sainsbury's asda morrisons aldi lidl ikea starbucks mcdonald's pfizer moderna astrazeneca "
    "biontech novavax bp shell exxonmobil exxon gazprom rosneft hsbc barclays lloyds natwest santander goldman "
    "jpmorgan citigroup carillion thales arsenal chelsea everton liverpool tottenham juventus barcelona bayern "
    "dortmund celtic unite unison greenpeace amnesty oxfam psni met opcw ocha unrwa wfp msf icrc paho eurostat "
    "frontex ec eu au asean brics g7 g20 gop dnc rnc aclu nra naacp s&p nasdaq ftse"
)
_CALENDAR: Final = listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
_LARGE_CITY: Final = 300_000


def _listed(name: str) -> frozenset[str]:
    return frozenset((files(__package__) / "data" / name).read_text(encoding="utf-8").split())


@cache
def _marks() -> dict[str, str]:
    """Return the letters of each listed word: one look instead of one in each list."""
    lists = (
        ("F", _listed("first_names.txt")), ("S", _listed("surnames.txt")), ("T", _TITLES), ("O", _ORGANISATIONS),
        ("G", _KNOWN_ORGANISATIONS), ("D", _CALENDAR), ("L", _listed("common.txt")),
    )  # fmt: skip
    marks: dict[str, str] = {}
    for mark, words in lists:
        for word in words:
            marks[word] = intern(marks.get(word, "") + mark)
    return marks


def marks_of(lower: str) -> str:
    """Return a letter for each list that has the word."""
    marks = _marks().get(lower, "")
    if "L" not in marks and (lower.isalpha() or "-" in lower or "." in lower):
        kinds = {known.kind for known in places_named(lower)}
        if Kind.COUNTRY in kinds:
            marks += "K"
        if Kind.REGION in kinds or Kind.CONTINENT in kinds:
            marks += "R"
        if Kind.CITY in kinds:
            marks += "C" if max(known.population for known in places_named(lower)) >= _LARGE_CITY else "c"
    return marks
