"""Italian."""

from schemas.entry import FigureKind
from streams.enrich.figures.words.lexicon import KindWords, Lexicon

LEXICON = Lexicon(
    kinds={
        FigureKind.DEAD: KindWords(
            state=r"mort[oiae]|uccis[oiae]|decedut[oiae]|assassinat[oiae]|annegat[oiae]|perso la vita|"
            r"rimast[iae] uccis[iae]",
            noun=r"mort[io]|uccisi|vittime|cadaveri|corpi|decessi|caduti|i caduti|i morti|i palestinesi uccisi|"
            r"(?:i|le) \w+ (?:uccis[ie]|mort[ie])",
            act=r"ha ucciso|hanno ucciso|uccidendo|uccisione di|morte di|uccise|uccide",
            toll=r"bilancio|numero (?:dei|delle|di) (?:morti|vittime)",
            hints=("mort", "ucci", "decedut", "assassin", "annega", "vita", "vittim", "cadaver", "corpi", "decess",
            "cadut",
                   "bilancio"),
        ),
        FigureKind.INJURED: KindWords(
            state=r"(?:gravemente )?ferit[oiae]", noun=r"ferit[oi]|(?:i|le) \w+ ferit[ie]",
            act=r"ferendo|ha ferito|hanno ferito",
            toll=r"numero (?:dei|di) feriti", hints=("ferit", "ferend"),
        ),
        FigureKind.MISSING: KindWords(
            state=r"dispers[oiae]|scompars[oiae]", noun=r"dispersi|scomparsi", act=r"ricerca di",
            toll=r"numero (?:dei|di) dispersi", hints=("dispers", "scompars", "ricerca"),
        ),
        FigureKind.ARRESTED: KindWords(
            state=r"arrestat[oiae]|fermat[oiae]|detenut[oiae]", noun=r"arresti|fermi|arrestati|fermati",
            act=r"(?:ha|hanno) arrestato|arresto di|(?:ha|hanno) fermato|arrestando",
            toll=r"numero degli arrest(?:i|ati)", hints=("arrest", "ferm", "detenut"),
        ),
        FigureKind.EVACUATED: KindWords(
            state=r"evacuat[oiae]|sfollat[oiae]", noun=r"evacuati|sfollati|\w+ tra i \w+ (?:\w+ )?evacuati",
            act=r"evacuazione di|(?:ha|hanno) evacuato", toll=r"numero degli (?:evacuati|sfollati)", hints=("evacu",
            "sfollat"),
        ),
        FigureKind.RESCUED: KindWords(
            state=r"salvat[oiae]|soccors[oiae]|tratt[oiae] in salvo", noun=r"salvati", act=r"(?:ha|hanno) salvato|"
            r"salvataggio di|(?:ha|hanno) soccorso", toll=r"numero dei salvati", hints=("salv", "soccors"),
        ),
    },
    modifiers=r"almeno|più|di|oltre|circa|quasi|fino|a|altri|altre|sono|un|totale|i|gli|le|una|dei|sale|salito|è|ad",
    link=r"sono|stati|state|stato|stata|è|hanno|ha|erano|già|anche|altri|altre|gravemente|che|persone|rimasti|rimaste|"
    r"ancora|siano",
    passive=r"sono|stati|state|stato|stata|è|erano|siano|rimasti|rimaste",
    active_object=r"un|una|il|la|lo|i|gli|le|suo|sua",
    closed=r"e|o|ma|che|perché|quando|mentre|dopo|prima|se|con|senza|per|da|contro|secondo|era|erano|hanno|ha|è|sono|"
    r"non|detto|ed|settimane|compreso",
    of_group=r"di (?:loro|essi|questi|cui)|dei|delle",
    no_person=r"ann[io]|mes[ie]|settiman[ae]|giorn[io]|or[ae]|minut[io]|second[io]|volte|chilometr[io]|km|metr[io]|%|"
    r"per cento|gradi|case|abitazioni|edifici|animali|cani|veicoli|auto|euro|dollari|milioni|miliardi|casi|voti|punti|"
    r"gol|tonnellate|ospedali|centri|litri|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|"
    r"novembre|dicembre",
    most=r"fino a|al massimo|meno di",
    least=r"almeno|più di|oltre|minimo",
    about=r"circa|quasi|intorno a|una stima di",
    after_least=r"o più", between="tra",
    negated=r"non|nessun\w*|senza|né|mai|smentit\w*|falso",
    hypothetical=r"potrebber?o?|sarebber?o?|se|forse|possibil\w*|rischi\w*|minacci\w*|tem(?:e|ono)|preved\w*|"
    r"attes[oiae]|speran?\w*|dovrebber?o?|possano|vorrebb\w*",
    planned=r"saranno|verranno",
    background=r"all'anno|ogni anno|ogni giorno|al giorno|\S+ anni fa|l'anno scorso|anniversario|guerra mondiale|"
    r"in media",
    percent=r"%|per ?cento",
    currencies={"euro": "EUR", "dollari": "USD", "dollaro": "USD", "sterline": "GBP", "franchi": "CHF", "yen": "JPY",
                "rubli": "RUB"},
    magnitude=r"magnitudo|scala richter",
)  # fmt: skip
