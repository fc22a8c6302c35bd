"""French."""

from schemas.entry import FigureKind
from streams.enrich.figures.words.lexicon import KindWords, Lexicon

LEXICON = Lexicon(
    kinds={
        FigureKind.DEAD: KindWords(
            state=r"tuée?s?|mort(?:e?s)?|décédée?s?|péri|assassinée?s?|noyée?s?|trouvé la mort|perdu la vie|abattue?s?",
            noun=r"morts?|décès|tués|cadavres|corps|victimes mortelles",
            act=r"tuant|a tué|ont tué|tue|fait|mort de|mort d'|décès de|faisant",
            toll=r"bilan|nombre de (?:morts|décès|tués)",
            hints=("tué", "mort", "décè", "décéd", "péri", "assassin", "noy", "vie", "tuant", "cadavre", "corps",
            "abatt",
                   "tue"),
        ),
        FigureKind.INJURED: KindWords(
            state=r"(?:grièvement )?blessée?s?", noun=r"blessée?s?", act=r"blessant|a blessé|ont blessé",
            toll=r"nombre de blessés", hints=("bless",),
        ),
        FigureKind.MISSING: KindWords(
            state=r"disparue?s?|portée?s? disparue?s?", noun=r"disparue?s?", act=r"à la recherche de",
            toll=r"nombre de disparus", hints=("dispar", "recherche"),
        ),
        FigureKind.ARRESTED: KindWords(
            state=r"arrêtée?s?|interpellée?s?|placée?s? en garde à vue|en garde à vue|détenue?s?",
            noun=r"arrestations|interpellations|gardes à vue",
            act=r"a arrêté|ont arrêté|arrestation de|interpellation de|"
            r"a interpellé|ont interpellé", toll=r"nombre d'(?:arrestations|interpellations)",
            hints=("arrêt", "arrest", "interpell", "garde", "déten"),
        ),
        FigureKind.EVACUATED: KindWords(
            state=r"évacuée?s?|mise?s? à l'abri", noun=r"évacués", act=r"évacuation de|a évacué|ont évacué",
            toll=r"nombre d'évacués", hints=("évacu", "abri"),
        ),
        FigureKind.RESCUED: KindWords(
            state=r"secourue?s?|sauvée?s?", noun=r"rescapés",
            act=r"a secouru|ont secouru|sauvetage de|a sauvé|ont sauvé",
            toll=r"nombre de rescapés", hints=("secour", "sauv", "rescap"),
        ),
    },
    modifiers=r"au|moins|plus|de|d'|environ|près|quelque|quelques|jusqu'à|un|total|les|des|autres|presque|à|passe|"
    r"passé|s'élève|désormais",
    link=r"ont|sont|a|est|été|étaient|avaient|être|personnes|aussi|autres|grièvement|légèrement|dont|qui|portées|"
    r"encore|toujours|déjà|gravement|confirmés|confirmé",
    passive=r"été|sont|est|étaient",
    active_object=r"un|une|le|la|les|des|son|sa|ses|leur|leurs",
    closed=r"et|ou|mais|que|parce|quand|pendant|après|avant|si|avec|sans|pour|par|contre|depuis|selon|était|étaient|"
    r"ont|a|est|sont|n'|pas|dit",
    of_group=r"d'entre (?:eux|elles)|des|de ces",
    no_person=r"ans?|années?|mois|semaines?|jours?|heures?|minutes?|secondes?|fois|kilomètres?|km|mètres?|%|degrés?|"
    r"maisons|logements|bâtiments|animaux|chiens|véhicules|voitures|euros?|dollars?|millions?|milliards?|cas|voix|"
    r"points|buts|tonnes|hectares|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    most=r"jusqu'à|au plus|moins de|au maximum",
    least=r"au moins|plus de|plus d'|au minimum",
    about=r"environ|près de|quelque|presque|autour de|à peu près|une estimation de",
    after_least=r"ou plus", between="entre",
    negated=r"pas|aucune?|sans|ni|jamais|personne n'|dément\w*|faux|nié",
    hypothetical=r"pourrai\w*|serai\w*|aurai\w*|risque\w*|menac\w*|crain\w*|si|peut-être|possible|éventuel\w*|"
    r"prévoi\w*|attendu\w*|espèr\w*|devrai\w*",
    planned=r"va|vont",
    background=r"par an|chaque année|chaque jour|par jour|il y a \S+ ans|l'an dernier|l'année dernière|anniversaire|"
    r"guerre mondiale|en moyenne",
    percent=r"%|pour ?cent",
    currencies={"euros": "EUR", "euro": "EUR", "dollars": "USD", "dollar": "USD", "livres": "GBP",
    "francs suisses": "CHF",
                "francs": "CHF", "yens": "JPY", "roubles": "RUB", "yuans": "CNY"},
    magnitude=r"magnitude|échelle de richter",
)  # fmt: skip
