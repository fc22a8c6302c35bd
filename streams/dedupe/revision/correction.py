"""Whether a post says itself that it corrects, from the usual wordings."""

import re
from typing import Final

from schemas.post import Post

# At the start of a headline, body or paragraph, where newsrooms put it; elsewhere the word is about somebody else's.
_LABEL: Final = (
    r"corrections?(?: and clarifications?)?|corrected|correcting|clarifications?|erratum|errata|"  # en
    r"corrects (?:the )?(?:spelling|name|number|figure|date|day|title|quote|headline|location|age|time|typo|error)s?|"
    r"korrektur(?:hinweis)?|berichtigung|richtigstellung|korrigiert|"  # de
    r"correctif|rectificatif|rectification|erratum|mise au point|"  # fr
    r"correcci[oó]n|rectificaci[oó]n|fe de erratas|fe de errores|"  # es
    r"correzione|rettifica|errata corrige|"  # it
    r"corre[cç][aã]o|errata|retifica[cç][aã]o|erro corrigido|"  # pt
    r"correctie|rectificatie|verbetering|gecorrigeerd|"  # nl
    r"sprostowanie|korekta|r[aä]ttelse|rettelse|korjaus|oprava|исправление|уточнение|поправка"  # pl sv da/no fi cs ru
)
_STARTS: Final = re.compile(rf"(?im)^[\W_]*(?:{_LABEL})\b[^.\n]{{0,60}}?(?:[:\u2013\u2014\-\]\)|.]|$)")
_SAYS: Final = re.compile(
    r"(?i)\b(?:this (?:post|article|entry|story|item|update|headline|blog|report|page|was|has been)[^.\n]{0,60}"
    r"(?:corrected|amended|clarified)"
    r"|(?:was|were|has been|have been) (?:amended|corrected) (?:on|at|to|because|after)\b"
    r"|(?:an )?earlier (?:version|post|update|entry|report|headline)\b[^.\n]{0,80}"
    r"(?:incorrect|wrong|misstated|misspel|mistaken|in error|erroneous|said|gave|stated|referred|suggested|named)"
    r"|(?:a )?previous (?:version|post|update|entry)\b[^.\n]{0,80}"
    r"(?:incorrect|wrong|misstated|misspel|mistaken|in error|erroneous|said|gave|stated|referred|suggested|named)"
    r"|we (?:earlier|previously) (?:said|reported|wrote|stated)\b[^\n]{0,120}\b(?:wrong|incorrect|in error|mistake)"
    r"|we (?:wrongly|incorrectly|mistakenly|erroneously) (?:said|reported|stated|wrote|named)"
    r"|in einer (?:früheren|vorherigen|ersten) (?:version|fassung)[^.\n]{0,80}"
    r"(?:falsch|hieß|fehler|stand|irrtümlich|versehentlich)"
    r"|(?:hieß|stand) es (?:hier |zunächst |an dieser stelle )+(?:fälschlich|irrtümlich|zunächst)"
    r"|(?:wir haben|wurde) (?:den|die|das|dies)\b[^.\n]{0,40}\b(?:korrigiert|berichtigt)"
    r"|dieser? (?:beitrag|artikel|text|meldung|eintrag) wurde[^.\n]{0,40} (?:korrigiert|berichtigt)"
    r"|cet(?:te)? (?:article|billet|texte|entrée|publication) a été (?:corrigée?|rectifiée?)"
    r"|est[ea] (?:artículo|entrada|texto|publicación|noticia) (?:ha sido|fue) (?:corregid|rectificad)"
    r"|quest[oa] (?:articolo|testo|post|notizia) è stat[oa] (?:corrett|rettificat)"
    r"|est[ea] (?:artigo|texto|publicação|notícia|post) foi (?:corrigid|retificad)"
    r"|dit (?:bericht|artikel|stuk) (?:is|werd) (?:gecorrigeerd|aangepast|gerectificeerd)"
    r"|(?:une|dans une) version (?:précédente|antérieure|initiale)[^.\n]{0,100}"
    r"(?:indiqu|erron|affirm|erreur|à tort|écrivi|mentionn)"
    r"|contrairement à ce (?:que nous avons|qui a été) (?:écrit|indiqué|affirmé)"
    r"|(?:una|en una) versión anterior[^.\n]{0,100}(?:decía|indicaba|error|erróne|señalaba|afirmaba)"
    r"|(?:una|in una) (?:precedente versione|versione precedente)[^.\n]{0,100}"
    r"(?:errone|indicava|diceva|riportava|errore|scritto)"
    r"|(?:uma|numa|em uma) versão anterior[^.\n]{0,100}(?:dizia|errad|indicava|erro|informava|afirmava)"
    r"|(?:een|in een) eerdere versie[^.\n]{0,100}(?:stond|onjuist|fout|verkeerd|ten onrechte|vermeld))"
)
# How a blogger corrects in passing; each names the blog's own words, so that it isn't about somebody else's.
_OWN: Final = r"earlier|previous(?:ly)?|initially|originally|first|wrongly|mistakenly|incorrectly|erroneously"
_IN_PASSING: Final = re.compile(
    r"(?i)(?<![\w'])(?:"
    rf"(?:our|the|an|my|in|of) (?:earlier|previous|last) (?:posts?|versions?|updates?|entr(?:y|ies)|reports?|"
    rf"headlines?|tweets?)"
    r"\b[^.\n]{0,100}(?:corrected|amended|incorrect|wrong|misstated|misspel|mistaken|in error|erroneous|not (?:right|"
    r"correct|true))"
    r"|(?:i|we) (?:said|wrote|reported|posted|stated|suggested|quoted) (?:earlier|previously|before|here)\b[^\n]{0,140}"
    r"(?:wrong|incorrect|in error|mistake|not (?:right|correct|true|the case))"
    rf"|not\b[^.\n]{{0,60}}\bas (?:(?:we|i|was|were|had been) )*(?:{_OWN}) (?:reported|said|stated|posted|written|"
    rf"announced|suggested)"
    rf"|(?:{_OWN}) (?:said|wrote|reported|stated|posted|named|spelled|spelt|quoted|attributed) (?:that )?(?:here|"
    rf"above|below|in this blog)"
    r"|(?:i|we)(?: have|'ve| \u2019ve|\u2019ve| 've)?(?: now| since)? (?:misreported|misquoted|misspelled|misspelt|"
    r"misheard|misread|misidentified|misattributed|mistyped|got (?:that|this|it|his|her|their|the \w+) wrong)"
    r"|(?:we|i)(?: have|'ve| \u2019ve|\u2019ve| 've)? (?:now |since )?(?:corrected|amended|fixed)\b[^.\n]{0,40}"
    r"(?:post|entry|headline|figure|spelling|quote|name|number|typo|version|story|blog|this|that|above|below)"
    r"|(?:this|that|it|spelling|headline|figure|post|entry|number|name|above|below) (?:has|have) (?:now |"
    r"since )?been (?:corrected|amended|fixed)"
    r"|(?:updated|edited|amended|changed) to (?:correct|clarify|fix|make clear)"
    r"|(?:typos?|spelling|errors?|headline) (?:now )?(?:fixed|corrected)|fixe[ds] (?:a|the|that|my) (?:typo|error|"
    r"mistake|spelling)"
    r"|my (?:mistake|bad|error)\b(?! was)|(?:our|my) (?:apologies|apology) for (?:the|that|this|an|any|our|"
    r"my)[^.\n]{0,20}(?:error|mistake|typo|confusion|mix-?up|slip|misspelling)"
    r"|(?:apologies|sorry|apologise|apologize) for (?:the|that|this|an|any|our|my)[^.\n]{0,20}"
    r"(?:error|mistake|typo|confusion|mix-?up|slip|misspelling)"
    r"|(?:apologies|sorry)\s?[,:;.-]+\s?(?:that|this|it|i|we) (?:should|was|meant|mistakenly|wrongly|mis\w+|got)"
    r"|(?:that|this|it|which|the \w+) should (?:have (?:read|said)|read\b|say\b[^.\n]{0,4}[\"'\u2018\u201c])"
    r"|(?:i|we) should have (?:said|written|made clear|pointed out|made it clear)"
    r"|scratch that|[(\[]\s?correct(?:s|ed|ion)\b"
    r"|(?:wir bitten|entschuldig\w+)[^.\n]{0,60}\bfehler|(?:nos|mes) excuses pour (?:cette|l')\s?erreur"
    r"|disculpas por (?:el|este) error|lamentamos el error|ci scusiamo[^.\n]{0,30}errore|pedimos desculpas? pelo erro"
    r")(?![\w'])"
)
_HEAD_CHARS: Final = 2_000
# Every wording above has one of these hints; searching for them costs a tenth of the expressions. Hints that share a
# part are searched for only where that part is: most posts have none of the parts.
_HINTS: Final = {
    "mis": ("misre", "misq", "mispel", "misspe", "mishe", "mist", "misid", "misattr", "mise au point"),
    "orr": ("corr", "korr", "sorry"),
    "err": ("errat", "erron", "fe de err", "my err"),
    "tif": ("rectif", "retific", "rettific"),
    "kor": ("korekt", "korjaus"),
    "ichtig": ("berichtig", "richtigst"),
    "ttel": ("rattel", "rettel"),
    "cus": ("excuses", "scusiamo"),
    "culpa": ("disculpas", "desculpa"),
    "amen": ("amend", "lamentamos"),
    **{hint: (hint,) for hint in (
        "clarif", "earlier", "previous", "contrairement", "versi", "verbeter", "fassung", "apolog", "should", "wrong",
        "my bad", "typo", "scratch", "entschuldig", "initially", "originally", "fixed", "sprost", "oprava",
    )},
}  # fmt: skip
# Words without any correction have these hints too ("correspondent", "university", "optimistic"): one of the longer
# ones must be there as well, as each wording has one.
_LONGER_HINTS: Final = {
    "corr": ("correc", "correç", "correg", "corret", "correz", "corrig"),
    "should": ("should have", "should read", "should say"),
    "versi": ("version", "versión", "versie", "versão"),
    "mist": ("mistak", "mistyp"),
}
_HINTS_BEYOND_ASCII: Final = ("fälschlich", "irrtümlich", "versão", "rättel", "исправ", "уточн", "поправ")


def is_correction(post: Post) -> bool:
    """Whether the post says that it corrects something."""
    body = post.body_text or ""
    if len(body) > 2 * _HEAD_CHARS:
        body = body[:_HEAD_CHARS] + body[-_HEAD_CHARS:]
    text = "\n".join((post.editorial_note or "", post.headline or "", body))
    return _is_hinted(text.lower()) and bool(_STARTS.search(text) or _SAYS.search(text) or _IN_PASSING.search(text))


def _is_hinted(lowered: str) -> bool:
    """Whether any of the wordings can be in a text in small letters."""
    for part, hints in _HINTS.items():
        if part in lowered and any(hint in lowered and _is_told(hint, lowered) for hint in hints):
            return True
    return not lowered.isascii() and any(hint in lowered for hint in _HINTS_BEYOND_ASCII)


def _is_told(hint: str, lowered: str) -> bool:
    """Whether a hint that was found may belong to one of the wordings."""
    longer = _LONGER_HINTS.get(hint)
    return longer is None or any(each in lowered for each in longer)
