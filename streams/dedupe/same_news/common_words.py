"""Words that an editor may exchange for others; any other word of a lower-case text may be a name."""

from typing import Final

from streams.dedupe.same_news.lexicon import GRAMMAR, TITLES


def _split(words: str) -> frozenset[str]:
    return frozenset(words.split())


_COMMON: Final = _split(
    "able collapse demise verdict about accord accuse across act action actual add address admit advise affect "
    "again against age agree ahead air alert allege allow almost already although always among amount announce "
    "another answer anyone appeal appear approach area argue arm around arrive article ask assist attack attempt "
    "attend audience aware away award back bad ban bank bar base battle beat become begin behind believe big bill "
    "bit blame blast blaze blow board boat body bomb book border boss both box break briefly bring broad brother "
    "build building burn bus business busy buy call calm camp campaign candidate car care carry case cast catch "
    "cause caution centre center certain chair challenge chance change charge chase check child choose city civil "
    "civilian claim clash clear clearly close club coach coast come comment commit common community company compare "
    "compete complain complete concern condition conduct confirm conflict consider contact contain continue control "
    "cost council count country county couple course court cover crash create crew crime crisis critic crowd cry "
    "current currently customer cut damage danger dark data date day deadly deal death debate decide decision "
    "declare deep defeat defend delay deliver demand depart describe despite detail develop device die differ "
    "difficult direct disaster discover discuss display dispute district doctor door doubt draw dress drink drive "
    "driver drop due duty each eager early earn ease easy eat economy edge effect effort eight elect election else "
    "emerge emergency employ enable encourage enemy energy enjoy enough ensure enter entire equal error escape "
    "especially establish estimate even event eventually ever every everyone evidence exact exactly example excite "
    "expect expensive experience explain explode explosion express extend extra eye face fact fair fall family "
    "famous fan far fast fatal fear feel few field fight figure final finally find fine finish fire firm fit fix "
    "flat flee flight flood floor fly focus follow food foot force foreign forget form former forward four free "
    "fresh friend front full fund further future game gather general give glad go goal good government grant great "
    "ground group grow guard guess guest guide gun half hall hand happen happy hard hate head health hear heart "
    "heat heavy help high highlight hit hold home hope hospital host hot hour house however huge hundred hurt idea "
    "identify ignore image immediate immediately impact important impose improve incident include income increase "
    "indeed indicate individual industry inform information initial injure injury inside insist instead intend "
    "interest interview introduce investigate invite involve issue item job join judge jump jury keep key kick kid "
    "kill kind know lack land large last late launch law lawmaker lawyer lay lead leader league learn least leave "
    "legal less let letter level lie life lift light like likely limit line link list listen little live local long "
    "look lose loss lot love low main mainly major make man manage manager mark market mass massive match matter "
    "maybe mean measure media medic meet meeting member mention message method middle might military mind minister "
    "minor minute miss mission mistake moment money month mother motion move movement much murder must name nation "
    "national near nearly need never new news next night normal note notice number object obtain obvious obviously "
    "occur offer office officer official often old open operate opinion oppose option order organise organize "
    "original others overall own owner pack page pain panel paper parent park part partner party pass past pay "
    "peace people perhaps period permit person persons phone photo pick picture piece place plan plane play player "
    "point police policy politic poll poor popular position possible post power present press pressure pretty "
    "prevent price prior prison private probably problem proceed process produce programme program progress promise "
    "protect protest prove provide public publish pull push put question quick quickly quiet quite race raise range "
    "rapid rate rather reach react read ready real realise realize really reason receive recent recently record "
    "reduce refer reform regard region regular relate release rely remain remark remember remove repeat replace "
    "reply report reporter represent request require rescue resident resign resist resolve respond response rest "
    "result resume return reveal review ride right ring riot risk road role room round rule run rush safe same save "
    "say scene schedule school score sea search seat section security see seek seem send senior sense separate "
    "serious seriously serve service set several severe shake share sharp shift ship shock shoot shop short shot "
    "should shout show shut side sign significant similar simple simply sing single sister sit site situation skill "
    "slam sleep slightly slow slowly small smoke social soldier some someone soon sorry sort sound speak special "
    "speech speed spend spokesman spokesperson spokeswoman spot spread staff stage stand star start state statement "
    "station stay steal step stick still stop storm story strange street stress strike strong struggle student "
    "study style subject succeed success suddenly suffer suggest summit supply support suppose sure surface "
    "surprise surround survive suspect sweep swift system take talk target task tax teach team tear tell tend term "
    "terrible test thank thing think though threat threaten throw tie tight time today together tomorrow tone "
    "tonight top topic total touch tough tour toward towards town track trade traffic train transfer travel treat "
    "trial trip troop trouble true trust truth try turn tweet type understand unit unite until update upset urge "
    "use usual usually value van vast vehicle version very victim video view village visit voice vote voter wait "
    "walk wall want war warn watch water way weak wear weather website week weekend welcome well while whole wide "
    "wife win wish within witness woman women wonder word work worker world worry worth would wound write wrong "
    "yard year yell yesterday yet young youth began broke brought bought built came caught chose did done drew "
    "drove fell felt fought found gave given gone got grew had heard held kept knew known led left lost made meant "
    "met paid ran rose said sat saw seen sent shot shown slain sold spoke spent stood struck swept taken taught "
    "thought threw told took tore understood went woke won wore wrote written following including according nobody "
    "per via amid amidst despite upon onto whilst thus hence therefore moreover meanwhile also additionally "
    "furthermore nevertheless nonetheless regarding concerning approximately roughly circa individual individuals "
    "folks citizens lady gentleman guy chap kids children firefighters fighter fighters "
    "since because latest newest whether unless although albeit till whereas likewise instead "
)
# Hardly any name has these endings.
_ABSTRACT: Final = (
    "tion", "sion", "ment", "ments", "ness", "ity", "ive", "ous", "able", "ible", "ism", "ship", "ful", "less", "proof",
    "tions", "ical", "istic", "ously", "fully", "ately", "ised", "ized", "ising", "izing",
)  # fmt: skip
_ABSTRACT_LETTERS: Final = 8
_ENDINGS: Final = ("ings", "ing", "edly", "ed", "ies", "es", "ers", "er", "ly", "s", "d")


def common(word: str) -> bool:
    """Whether an editor may well replace another word with this one, whatever its ending."""
    if word in _COMMON or word in GRAMMAR or word in TITLES:
        return True
    if len(word) >= _ABSTRACT_LETTERS and word.endswith(_ABSTRACT):
        return True
    for ending in _ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            if stem in _COMMON or stem + "e" in _COMMON or stem + "y" in _COMMON or stem[:-1] in _COMMON:
                return True
    return False
