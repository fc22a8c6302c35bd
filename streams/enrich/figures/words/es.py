"""Spanish."""

from schemas.entry import FigureKind
from streams.enrich.figures.words.lexicon import KindWords, Lexicon

LEXICON = Lexicon(
    kinds={
        FigureKind.DEAD: KindWords(
            state=r"muert[oa]s?|fallecid[oa]s?|asesinad[oa]s?|murieron|murió|fallecieron|falleció|ahogad[oa]s?|"
            r"perdido la vida",
            noun=r"muert[oa]s?|fallecid[oa]s?|víctimas mortales|cadáveres|cuerpos|muertes|decesos",
            act=r"mató|mataron|matando|muerte de|muertes de|asesinato de|dejó|deja|causó",
            toll=r"(?:número|cifra|balance) de (?:muertos|fallecidos|víctimas(?: mortales)?)",
            hints=("muer", "murió", "murieron", "fallec", "asesin", "ahog", "vida", "víctim", "cadáver", "cuerpos",
            "mat",
                   "deceso"),
        ),
        FigureKind.INJURED: KindWords(
            state=r"herid[oa]s?|lesionad[oa]s?", noun=r"herid[oa]s?|lesionad[oa]s?",
            act=r"hirió|hirieron|hiriendo|dejó",
            toll=r"(?:número|cifra) de heridos", hints=("herid", "hiri", "lesion"),
        ),
        FigureKind.MISSING: KindWords(
            state=r"desaparecid[oa]s?", noun=r"desaparecid[oa]s?", act=r"búsqueda de",
            toll=r"(?:número|cifra) de desaparecidos", hints=("desapar", "búsqueda"),
        ),
        FigureKind.ARRESTED: KindWords(
            state=r"detenid[oa]s?|arrestad[oa]s?", noun=r"detenid[oa]s?|detenciones|arrestos",
            act=r"detuvo(?: a)?|detuvieron(?: a)?|detención de|arrestó(?: a)?|arrestaron(?: a)?",
            toll=r"(?:número|cifra) de detenidos", hints=("deten", "detuv", "arrest", "detenc"),
        ),
        FigureKind.EVACUATED: KindWords(
            state=r"evacuad[oa]s?|desalojad[oa]s?", noun=r"evacuad[oa]s?", act=r"evacuación de|evacuó a|evacuaron a|"
            r"evacuar a", toll=r"(?:número|cifra) de evacuados", hints=("evacu", "desaloj"),
        ),
        FigureKind.RESCUED: KindWords(
            state=r"rescatad[oa]s?|salvad[oa]s?", noun=r"rescatad[oa]s?", act=r"rescató a|rescataron a|rescate de",
            toll=r"(?:número|cifra) de rescatados", hints=("rescat", "salvad"),
        ),
    },
    modifiers=r"al|menos|más|de|unos|unas|cerca|casi|alrededor|hasta|otros|otras|a|un|total|los|las|por|lo|ya|en|"
    r"asciende|sube|eleva|ascendió",
    link=r"han|ha|fueron|fue|sido|están|está|son|han sido|resultaron|resultó|ya|también|otros|otras|gravemente|que|más|"
    r"habían|siguen|continúan|personas",
    passive=r"fueron|fue|sido|están|son|resultaron|resultó",
    active_object=r"a|al|un|una|su|sus",
    closed=r"y|o|pero|porque|cuando|mientras|después|antes|si|con|sin|para|por|contra|desde|según|era|eran|han|ha|es|"
    r"son|no|dijo|fue|fueron",
    of_group=r"de (?:ellos|ellas|los|las)",
    no_person=r"años?|meses|mes|semanas?|días?|horas?|minutos?|segundos?|veces|kilómetros?|km|metros?|%|por ciento|"
    r"grados?|"
    r"casas|viviendas|edificios|animales|perros|vehículos|coches|euros?|dólares|dólar|millones|casos|votos|puntos|"
    r"goles|"
    r"toneladas|hectáreas|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
    most=r"hasta|como máximo|menos de",
    least=r"al menos|más de|por lo menos|como mínimo",
    about=r"unos|unas|cerca de|casi|alrededor de|aproximadamente",
    after_least=r"o más", between="entre",
    negated=r"no|sin|ningún|ninguna|ninguno|nunca|ni|nadie|negó|niega|desmiente\w*|falso",
    hypothetical=r"podría\w*|sería\w*|si|tal vez|quizás?|posible\w*|riesgo|amenaza\w*|tem(?:e|en|or)|prevé\w*|"
    r"espera\w*|habría\w*",
    planned=r"va a|van a",
    background=r"al año|cada año|cada día|al día|por día|hace \S+ años|el año pasado|aniversario|guerra mundial|"
    r"en promedio|de media",
    percent=r"%|por ?ciento",
    currencies={"euros": "EUR", "euro": "EUR", "dólares": "USD", "dólar": "USD", "libras": "GBP", "pesos": "MXN",
                "francos": "CHF", "yenes": "JPY", "rublos": "RUB"},
    magnitude=r"magnitud|escala de richter",
)  # fmt: skip
