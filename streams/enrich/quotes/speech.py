"""Words of speech in five languages: verbs that say that somebody speaks, and pronouns that stand for the speaker."""

import re
from typing import Final

_VERBS: Final = (
    r"said|says|say|saying|told|tells|telling|added|adds|adding|asked|asks|asking|wrote|writes|writing|tweeted|tweets|"
    r"tweeting|posted|replied|replies|answered|insisted|insists|argued|argues|warned|warns|warning|explained|explains|"
    r"announced|announces|claimed|claims|claiming|continued|continues|confirmed|declared|declares|stated|states|"
    r"stating|"
    r"noted|notes|noting|commented|comments|admitted|admits|recalled|recalls|remarked|joked|concluded|urged|called|"
    r"calls|"
    r"calling|described|describes|describing|promised|vowed|vows|predicted|suggested|suggests|acknowledged|accused|"
    r"praised|"
    r"slammed|blasted|criticised|criticized|denounced|condemned|reported|signs off|saying|quoted as saying|agreed|"
    r"reiterated|"
    r"emphasised|emphasized|stressed|observed|responded|responds|thanked|compared|branded|dubbed|labelled|demanded|"
    r"complained|lamented|conceded|quipped|exclaimed|shouted|repeated|testified|believes|thinks|hopes|"
    r"sagte|sagt|erklärte|erklärt|betonte|meinte|schrieb|schreibt|berichtete|twitterte|warnte|teilte|kündigte|nannte|"
    r"bezeichnete|forderte|fügte|hieß es|kritisierte|"
    r"a dit|dit|a déclaré|déclaré|déclare|a affirmé|affirme|a estimé|estimé|estime|a assuré|assure|a expliqué|explique|"
    r"a ajouté|ajoute|a écrit|écrit|a lancé|lance|a indiqué|indique|a souligné|souligne|a annoncé|a dénoncé|dénonce|"
    r"a fustigé|a énuméré|parler d'une|a conclu|a répondu|a raconté|s'est félicité|"
    r"dijo|dice|afirmó|afirma|declaró|señaló|aseguró|asegura|explicó|explica|añadió|indicó|escribió|advirtió|sostuvo|"
    r"comentó|ha dicho|ha afirmado|ha asegurado|ha señalado|manifestó|subrayó|"
    r"ha detto|detto|dice|ha dichiarato|dichiarato|dichiara|ha affermato|afferma|ha aggiunto|aggiunge|aggiunto|"
    r"aggiungendo|"
    r"ha spiegato|spiega|ha scritto|scrive|ha sottolineato|sottolinea|ha commentato|commenta|ha riferito|riferisce|"
    r"ha annunciato|ha denunciato|ha ribadito|ha precisato"
)
VERB: Final = re.compile(rf"(?<![\w'-])(?:{_VERBS})(?![\w-])", re.IGNORECASE)
ACCORDING: Final = re.compile(
    r"(?<!\w)(?:according to|in the words of|laut|nach angaben (?:von|des|der)|so|zufolge|selon|d'après|según|"
    r"secondo|per)\s+",
    re.IGNORECASE,
)
PRONOUN: Final = re.compile(
    r"^(?:he|she|they|i|we|it|er|sie|ich|il|elle|ils|elles|él|ella|ellos|lui|lei|who|which|that|the (?:former|"
    r"latter))$",
    re.IGNORECASE,
)
