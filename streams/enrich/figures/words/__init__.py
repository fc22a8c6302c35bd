"""The words by which figures are recognised, a file a language."""

from typing import Final

from streams.enrich.figures.words import de, en, es, fr, it
from streams.enrich.figures.words.lexicon import Lexicon

LEXICONS: Final[dict[str, Lexicon]] = {"en": en.LEXICON, "de": de.LEXICON, "es": es.LEXICON, "fr": fr.LEXICON,
                                       "it": it.LEXICON}  # fmt: skip

__all__ = ["LEXICONS", "Lexicon"]
