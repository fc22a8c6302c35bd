"""German."""

from schemas.entry import FigureKind
from streams.enrich.figures.words.lexicon import KindWords, Lexicon

LEXICON = Lexicon(
    kinds={
        FigureKind.DEAD: KindWords(
            state=r"getötet|tot|gestorben|starben|starb|ums leben gekommen|kamen ums leben|ums leben|ermordet|"
            r"umgekommen|ertrunken|erschossen|gefallen",
            noun=r"tote[nr]?|todesopfer|todesfälle|leichen|getötete[n]?|menschenleben",
            act=r"tötete[n]?|ermordete[n]?|forderte[n]?|tod von",
            toll=r"zahl der (?:toten|todesopfer|getöteten|opfer)|todeszahl|opferzahl",
            hints=("tot", "töte", "gestorben", "starb", "leben", "mord", "umgekommen", "ertrunken", "erschossen", "tod",
                   "opfer", "leiche", "gefallen"),
        ),
        FigureKind.INJURED: KindWords(
            state=r"verletzt|verwundet", noun=r"(?:\w+ )?verletzten?|(?:\w+ )?verwundeten?|schwerverletzte|"
            r"leichtverletzte",
            act=r"verletzte[n]?|verwundete[n]?", toll=r"zahl der (?:verletzten|verwundeten)", hints=("verletz",
            "verwund"),
        ),
        FigureKind.MISSING: KindWords(
            state=r"vermisst|verschwunden", noun=r"vermisste[n]?", act=r"suche nach|suchen nach",
            toll=r"zahl der vermissten", hints=("vermiss", "verschwunden", "suche"),
        ),
        FigureKind.ARRESTED: KindWords(
            state=r"festgenommen|verhaftet|in gewahrsam(?: genommen)?|inhaftiert", noun=r"festnahmen|verhaftungen|"
            r"festgenommene[n]?", act=r"verhaftete[n]?|festnahme von|verhaftung von|nahm(?:en)?",
            toll=r"zahl der (?:festnahmen|festgenommenen)", hints=("festn", "festge", "verhaft", "gewahrsam", "inhaft"),
        ),
        FigureKind.EVACUATED: KindWords(
            state=r"evakuiert|in sicherheit gebracht", noun=r"evakuierte[n]?", act=r"evakuierung von|evakuierte[n]?",
            toll=r"zahl der evakuierten", hints=("evaku", "sicherheit gebracht"),
        ),
        FigureKind.RESCUED: KindWords(
            state=r"gerettet|geborgen", noun=r"gerettete[n]?", act=r"rettete[n]?|rettung von",
            toll=r"zahl der geretteten", hints=("rett", "geborgen"),
        ),
    },
    modifiers=r"mindestens|mehr|als|über|rund|etwa|ungefähr|fast|knapp|bis|zu|weitere|weiteren|insgesamt|gut|der|die|"
    r"den|auf|circa|ca\.?|wenigstens",
    link=r"sind|waren|war|ist|wurden|wurde|worden|werden|noch|bereits|inzwischen|dabei|davon|schwer|leicht|weitere|"
    r"andere|gelten|gelten als|als|offiziell|bisher|kamen|haben|hat|ihr",
    passive=r"wurden|wurde|worden|sind|waren|werden",
    active_object=r"eine[nrsm]?|den|die|das|ihn|sie|ihre[nr]?|seine[nr]?",
    closed=r"und|oder|aber|als|weil|wenn|während|nach|vor|mit|ohne|für|von|zu|gegen|um|war|waren|ist|sind|hat|haben|"
    r"wurde|wurden|wird|werden|nicht|kein\w*|sagte|dass|bei",
    of_group=r"der|von (?:den|ihnen)|davon",
    no_person=r"jahren?|monaten?|wochen?|tagen?|stunden?|minuten?|sekunden?|mal|kilometern?|km|metern?|prozent|%|grad|"
    r"häusern?|wohnungen|gebäuden?|tieren?|hunden?|fahrzeugen?|autos|tonnen|euro|dollar|uhr|millionen|milliarden|"
    r"fällen?|stimmen|punkten?|toren?|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|"
    r"dezember",
    most=r"bis zu|höchstens|maximal|weniger als|unter",
    least=r"mindestens|mehr als|über|wenigstens|gut",
    about=r"etwa|rund|ungefähr|fast|knapp|circa|ca\.?|gegen|an die|schätzungsweise",
    after_least=r"oder mehr", between="zwischen",
    negated=r"nicht|kein\w*|nie|niemand|ohne|falsch|dementiert\w*|statt",
    hypothetical=r"könnte[n]?|würde[n]?|möglicherweise|vielleicht|falls|wenn|ob|droht|drohen|befürcht\w*|erwartet\w*|"
    r"gefahr",
    planned=r"soll|sollen|will|wollen|geplant|plant|werden (?=\ue000)",
    background=r"pro jahr|im jahr|jährlich|jedes jahr|pro tag|vor (?:\w+ )?jahren|im vergangenen jahr|voriges jahr|"
    r"jahrestag|weltkrieg|im schnitt|durchschnittlich",
    percent=r"%|prozent",
    currencies={"euro": "EUR", "dollar": "USD", "pfund": "GBP", "franken": "CHF", "yen": "JPY", "rubel": "RUB",
                "kronen": "SEK", "zloty": "PLN"},
    magnitude=r"stärke|magnitude|richterskala",
)  # fmt: skip
