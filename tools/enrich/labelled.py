"""Labelled sentences of several corpora in one shape: a text, and the names in it with their offsets."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

TYPES = {
    "politician": "person", "person": "person", "per": "person", "country": "place", "location": "place",
    "loc": "place",
    "politicalparty": "organisation", "organisation": "organisation", "org": "organisation",
    "corporation": "organisation",
    "election": "event", "event": "event",
}  # fmt: skip
_TITLE = re.compile(
    r"(?:(?:the|an?|his|her|its|former|then|UN|US|U\.S\.|[A-Z]\w+(?:ish|ian|ese|i|an)|Special|High|Foreign|Prime|"
    r"Deputy|"
    r"Interior|Defence|Minister(?:-designate)?|President|Envoy|Representative|Sheikh|Dr|HE|Secretary|General|King|"
    r"General|Mr|Mrs|Ms|Sir|Lord|citizen|of State)[ ,]+)+"
)


_PRONOUNS = frozenset({"He", "She", "It", "They", "We", "I", "Its", "His", "Her", "Their", "Our", "You"})
_SMALL_WORDS = frozenset({"of", "the", "and", "for", "al", "bin", "ibn", "de", "ad"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and its names: (start, end, type); a type of None is neither right nor wrong."""

    corpus: str
    text: str
    spans: tuple[tuple[int, int, str | None], ...]

    @property
    def half(self) -> int:
        """A number from 0 to 9 that the text decides, to keep some aside."""
        return int(sha1(self.text.encode(), usedforsecurity=False).hexdigest(), 16) % 10


def conll(path: Path, corpus: str) -> Iterator[Labelled]:
    """Yield the sentences of a CoNLL file, its tokens put together as a writer would."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split() for line in block.splitlines() if len(line.split()) > 1]
        if not rows or rows[0][0] == "-DOCSTART-":
            continue
        yield _joined([row[0] for row in rows], [row[-1] for row in rows], corpus)


def _joined(words: list[str], tags: list[str], corpus: str) -> Labelled:
    text, places = "", []
    quote_open = False
    for number, word in enumerate(words):
        glue = bool(text) and not _tight(
            text, word, words[number + 1 :][:1], quote_open=quote_open, hyphens=corpus == "re3d"
        )
        if word == '"':
            quote_open = not quote_open
        text += " " if glue else ""
        places.append((len(text), len(text) + len(word)))
        text += word
    spans, begin, kind = [], None, None
    for number, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        if begin is not None and (prefix != "I" or label.lower() != kind):
            spans.append((places[begin][0], places[number - 1][1], kind))
            begin = None
        if prefix == "B" or (prefix == "I" and begin is None):
            begin, kind = number, label.lower()
    found = []
    for start, end, label in spans:
        kind_of = TYPES.get(label or "")
        named = _core(text, start, end, label or "") if corpus == "re3d" else (start, end)
        if named and kind_of:
            found.append((*named, kind_of))
        elif kind_of and re.search(r"[A-Z]", text[start:end]):
            found.append((start, end, None))
    return Labelled(corpus, text, tuple(found))


def _tight(text: str, word: str, following: list[str], *, quote_open: bool, hyphens: bool) -> bool:
    if word in {"'s", ",", ".", ";", ":", ")", "]", "?", "!", "%", "n't", "'", "\u2019"} or text[-1] in "([":
        return True
    if word == "s" and text[-1] in "'\u2019":
        return True
    if hyphens and (word == "-" or text[-1] == "-") and following and word != text[-1]:
        return bool(re.search(r"[^\W\d_]-?$", text)) and (word == "-" or word[0].isalpha()) and text[-2:] != " -"
    return (word == '"' and quote_open) or (text.count('"') % 2 == 1 and text[-1] == '"')


def _core(text: str, start: int, end: int, label: str) -> tuple[int, int] | None:
    """Return the name in a mention, or None: re3d marks descriptions, lists, and titles with the name."""
    mention = text[start:end]
    while match := re.match(r"(?:[a-z][\w'-]*|The|An?|Some)\s+(?=\S)", mention):
        if re.match(r"(?:al|bin|ibn|de|van|von|el)\b", mention):
            break
        start, mention = start + match.end(), mention[match.end() :]
    if label == "person" and (match := _TITLE.match(mention)) and match.end() < len(mention):
        start, mention = start + match.end(), mention[match.end() :]
    if mention.startswith(("of ", "for ")) or mention in _PRONOUNS or mention.endswith(("ims", "ans")):
        return None
    plain = all(word[0].isupper() or word in _SMALL_WORDS for word in mention.split())
    return (start, end) if plain and len(mention.split()) < 9 and not re.search(r"[,;\d]", mention) else None


def live_blogs(path: Path) -> Iterator[Labelled]:
    """Yield the labelled posts."""
    for line in path.read_text(encoding="utf-8").splitlines():
        post = json.loads(line)
        spans = tuple((e["start"], e["end"], None if e["type"] == "neutral" else e["type"]) for e in post["entities"])
        if "entities" not in post.get("unsure", []):
            yield Labelled("live-blogs" if post["language"] == "en" else "live-blogs-other", post["body_text"], spans)


def corpora(data: Path) -> list[Labelled]:
    """Return all of the labelled texts, each once."""
    found = [
        *conll(data / "ner/crossner-politics/train.txt", "crossner"),
        *conll(data / "ner/crossner-politics/dev.txt", "crossner"),
        *conll(data / "ner/wikigold/wikigold.conll.txt", "wikigold"),
        *conll(data / "ner/wnut17/wnut17train.conll", "wnut"),
    ]
    # Not re3d's own "train": the same documents again, and a few lines of others with a non-commercial licence.
    for path in sorted((data / "ner/re3d").rglob("*.conll")):
        if path.parent.name != "train":
            found += conll(path, "re3d")
    found += live_blogs(data / "enrich/liveblog-labels.jsonl")
    return list({(each.corpus, each.text): each for each in found}.values())
