"""English."""

from schemas.entry import FigureKind
from streams.enrich.figures.words.lexicon import KindWords, Lexicon

LEXICON = Lexicon(
    kinds={
        FigureKind.DEAD: KindWords(
            state=r"killed|dead|died|die|dies|murdered|slain|massacred|shot dead|stabbed to death|drowned|perished|"
            r"lost their lives|lost their life",
            noun=r"deaths?|fatalit(?:y|ies)|bodies|dead bodies|lives (?:lost|claimed)",
            act=r"kill(?:ed|ing|s)|murder(?:ed|ing|s)|massacr(?:ed|ing)|claim(?:ed|ing|s)(?: the lives of)?|"
            r"(?:killing|murders?|deaths?|massacre) of|bodies of|recover(?:ed|ing) the bodies of",
            toll=r"death[ -]toll|toll|(?:number|total) (?:of )?(?:dead|deaths|fatalities|victims|people killed|killed)",
            hints=("kill", "dead", "die", "death", "murder", "slain", "massacr", "drown", "perish", "lives", "life",
                   "fatal", "bodies", "toll"),
        ),
        FigureKind.INJURED: KindWords(
            state=r"injured|wounded|hurt|maimed",
            noun=r"(?:\w+ )?injuries",
            act=r"injur(?:ed|ing|es)|wound(?:ed|ing|s)|hurting",
            toll=r"(?:number|total) (?:of )?(?:injured|wounded|people injured|people wounded)",
            hints=("injur", "wound", "hurt", "maim"),
        ),
        FigureKind.MISSING: KindWords(
            state=r"missing|unaccounted for|disappeared",
            noun=r"missing",
            act=r"(?:search|searching|hunt) for",
            toll=r"(?:number|total) (?:of )?(?:missing|people missing)",
            hints=("missing", "unaccounted", "search", "disappear", "hunt"),
        ),
        FigureKind.ARRESTED: KindWords(
            state=r"arrested|detained|taken into custody|in custody|rounded up",
            noun=r"(?:\w+ ){0,2}arrests|arrests?|detentions?|detainees",
            act=r"arrest(?:ed|ing|s)?|detain(?:ed|ing|s)|rounded up|(?:arrests?|detention) of|took into custody",
            toll=r"(?:number|total) (?:of )?(?:arrests|arrested|detained|people arrested|people detained)",
            hints=("arrest", "detain", "detention", "custody", "rounded"),
        ),
        FigureKind.EVACUATED: KindWords(
            state=r"evacuated|moved to safety|forced to evacuate|forced to leave their homes",
            noun=r"evacuees|evacuations?",
            act=r"evacuat(?:ed|ing|es)|evacuation of",
            toll=r"(?:number|total) (?:of )?(?:evacuees|evacuated|people evacuated)",
            hints=("evacu", "moved to safety", "leave their homes"),
        ),
        FigureKind.RESCUED: KindWords(
            state=r"rescued|saved|pulled (?:out )?alive|plucked to safety|brought to safety",
            noun=r"rescues",
            act=r"rescu(?:ed|ing|es)|rescue of|saved the lives of|pulled out",
            toll=r"(?:number|total) (?:of )?(?:rescued|people rescued)",
            hints=("rescu", "saved", "alive", "safety", "pulled"),
        ),
    },
    modifiers=r"an?|the|all|at|least|more|than|over|about|around|some|nearly|almost|close|up|to|as|many|estimated|"
    r"approximately|roughly|another|a further|further|other|additional|total|of|no|fewer|less|under|just|only|"
    r"and|between|minimum|what|those|these|reportedly|now|tally",
    link=r"are|were|was|is|have|has|had|been|be|being|now|also|reportedly|confirmed|known|said|to|reported|left|lay|"
    r"presumed|officially|already|currently|still|were all|all|both|who|that|which|have since|since|later|instantly|"
    r"unlawfully|seriously|critically|badly|slightly|severely|lightly|gravely|fatally|more|others?|apparently|got|"
    r"so far|as|thought|believed|remain|remained|remains|has been|himself|safely|out|gone|went|go|listed|"
    r"killed or|dead or|wounded or|injured or|initially|immediately|mistakenly|accidentally",
    passive=r"are|were|was|is|been|be|being|got|left",
    active_object=r"an?|the|his|her|him|them|its|their|several|dozens|hundreds|other|innocent|themselves|himself|"
    r"people|civilians",
    closed=r"and|or|but|than|because|when|while|after|before|if|so|then|although|though|where|as|until|since|with|"
    r"without|for|from|by|to|into|during|against|about|was|were|is|are|has|have|had|been|be|will|would|could|"
    r"should|can|may|might|must|not|no|n't|never|says|said|say|told|who|which|that|until|per|percent|did|does|do",
    of_group=r"of (?:the|those|them|these|its|his|her|their|whom|our)",
    no_person=r"years?|months?|weeks?|days?|hours?|minutes?|mins?|seconds?|times?|miles?|km|kilomet(?:er|re)s?|"
    r"met(?:er|re)s?|feet|foot|ft|inch(?:es)?|yards?|acres?|hectares?|degrees?|per ?cent|percentage|%|pc|shots?|"
    r"rounds|counts|charges|homes|houses|houses?holds|properties|buildings|flats|ponies|horses|dogs|cats|animals|"
    r"chickens|turkeys|birds|sheep|cows|cattle|pigs|whales|fish|trees|vehicles|cars|buses|lorries|ships|boats|planes|"
    r"flights|jobs|goals|points|wickets|runs|overs|poppies|votes|seats|billion|million|pounds|dollars|euros|"
    r"countries|towns|cities|villages|schools|hospitals|stations|warnings?|reports|incidents|cases|attacks|"
    r"pages|emails|documents|weapons|rifles|guns|bombs|kg|am|pm|gmt|o'clock|january|february|march|april|june|july|"
    r"august|september|october|november|december",
    most=r"up to|as many as|at most|no more than|maximum of|fewer than|less than|under|below|not more than",
    least=r"at least|more than|over|no fewer than|no less than|minimum of|in excess of|upwards of|above|not less than",
    about=r"about|around|approximately|roughly|some|nearly|almost|close to|an estimated|estimated|near|circa|"
    r"just under|somewhere around",
    after_least=r"or more|plus|and counting",
    between="between",
    negated=r"no|not|n't|never|none|neither|nor|without|nobody|doubts?|denied|denies|deny|untrue|false|falsely|"
    r"rumou?rs?|"
    r"incorrect(?:ly)?|wrongly|instead of|rather than|contradict(?:s|ed|ing)? (?:an? )?(?:earlier|previous)|"
    r"(?:earlier|previous) (?:figure|report|toll|estimate|version|post|count)|previously (?:said|reported|put)|"
    r"ruled out",
    hypothetical=r"could|would|might|if|unless|whether|risks?|threat(?:s|en|ens|ened|ening)?|fear(?:s|ed|ing)?|"
    r"expect(?:s|ed|ing)?|predict(?:s|ed|ing|ions?)?|forecasts?|potential(?:ly)?|possibl[ey]|suppose|vow(?:s|ed)?|"
    r"hop(?:e|es|ed|ing)|simulat\w+|drill|imagine|hypothetical|should|must|able to|capable of|enough to|"
    r"by 20\d\d|may (?=be|have|not|well|also|still|yet|only|lead|cost|rise|reach|exceed|need|include)|"
    r"want(?:s|ed)? to|attempt(?:s|ed|ing)?(?: to)?|tried to|trying to|plott(?:ed|ing)|allegedly plan\w+|proposals?|"
    r"in case",
    planned=r"plan(?:s|ned|ning)? to|going to|set to|due to (?=be|carry|have|leave)|will|ready to",
    background=r"every year|each year|a year|per year|annually|(?:per|a|every|each) day|on average|anniversary|"
    r"years ago|decades? ago|last year|a year ago|years? earlier|decades? earlier|in recent years|last century|"
    r"world war|historically|the previous year|ever since|since records",
    percent=r"%|per ?cent|pc|prosent|procent|prosenttia",
    currencies={
        "pounds": "GBP", "pound": "GBP", "dollars": "USD", "dollar": "USD", "euros": "EUR", "euro": "EUR",
        "yen": "JPY", "rupees": "INR", "yuan": "CNY", "roubles": "RUB", "rubles": "RUB", "shekels": "ILS",
        "lira": "TRY", "sterling": "GBP", "swiss francs": "CHF", "francs": "CHF", "kronor": "SEK", "kroner": "NOK",
        "zloty": "PLN", "rand": "ZAR", "pesos": "MXN", "naira": "NGN", "dirhams": "AED", "riyals": "SAR",
    },
    magnitude=r"magnitude|richter",
)  # fmt: skip
