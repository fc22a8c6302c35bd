"""Development pairs for near-duplicates, made with a fixed seed from real posts; texts stay where they are.

Each pair is a real post and a changed copy of it, or two real posts that differ, with what a reader would say:
`same` or not. Nothing of the texts is written anywhere.
"""

import html
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """A post as far as pairs are concerned."""

    headline: str
    body: str
    origin: str

    @property
    def sentences(self) -> list[str]:
        """The sentences of the body."""
        return [s for s in SENTENCE.split(self.body) if s.strip()]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two posts and whether they tell the same news."""

    kind: str
    same: bool
    a: Text
    b: Text


def _json(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8", errors="replace"))


def plain(text: object) -> str:
    """Return text without tags and entities."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", str(text or ""))).split())


def blogs() -> dict[str, list[Text]]:
    """Return real posts by blog, oldest first."""
    found: dict[str, list[Text]] = {}
    for path in sorted((DATA / "liveblogsum-json/events").glob("*.json")):
        posts = _json(path)["documents"]
        found[path.stem] = [Text(p["title"] or "", " ".join(p["text"]), path.stem) for p in posts][::-1]
    for path in sorted((DATA / "jsonld-html").glob("*.liveblogposting.json")):
        whole = _json(path)
        whole = whole[0] if isinstance(whole, list) else whole
        posts = whole.get("liveBlogUpdate", [])
        found[path.stem] = [
            Text(plain(p.get("headline")), plain(p.get("articleBody")), path.stem) for p in posts if isinstance(p, dict)
        ][::-1]
    for day in sorted((DATA / "rss").glob("20*")):
        for path in sorted(day.glob("*.json")):
            items = _json(path)
            found[f"{day.name}/{path.stem}"] = [
                Text(plain(i["title"]), plain(i["description"]), f"{day.name}/{path.stem}") for i in items
            ]
    return {name: [p for p in posts if len(p.body.split()) >= 6] for name, posts in found.items()}


NUMBER = re.compile(r"(?<![\w.,:/-])(\d{1,4})(?![\w:/]|[.,-]\d)")
WORDS = {"two": "four", "three": "five", "four": "seven", "five": "eight", "six": "nine", "seven": "three",
         "eight": "two",
         "ten": "twelve", "dozen": "hundred", "first": "third", "second": "fourth"}  # fmt: skip
NAME = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{3,})\b(?! [A-Z])")
NAMES = ["Henderson", "Okafor", "Lisbon", "Marlowe", "Toronto", "Petrov", "Nairobi", "Whitfield", "Santiago", "Bergman"]
DAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "april",
        "june", "july", "august", "september", "october", "november", "december", "march"}  # fmt: skip
VERB = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|did|does)\b(?! n['\u2019]t| not|n't)", re.IGNORECASE
)
LIGHT = {"said": "says", "says": "said", "also": "", "now": "", "just": "", "very": "", "has been": "was",
         "about": "around",
         "people": "persons", "but": "however", "because": "as", "while": "as", "big": "large", "told": "has told",
         "after": "following", "start": "beginning", "get": "obtain", "and": "&", "will": "is going to",
         "however": "but", "currently": "", "that": "which", "help": "assist", "police": "officers"}  # fmt: skip


def verbatim(text: Text, _: random.Random, __: list[Text]) -> Text:
    """Copy."""
    return text


def typographic(text: Text, dice: random.Random, _: list[Text]) -> Text:
    """Use other quotation marks, dashes and spaces."""

    def change(t: str) -> str:
        t = t.replace("'", "\u2019").replace(" - ", " \u2013 ").replace("...", "\u2026")
        t = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", t).replace("``", "\u201c").replace("''", "\u201d")
        if dice.random() < 0.5:
            t = t.replace(" ,", ",").replace(" .", ".").replace(" '", "'")
        return t.replace(" ", "\u00a0", 1) if dice.random() < 0.5 else html.escape(t)

    return Text(change(text.headline), change(text.body), text.origin)


def _others(text: Text, dice: random.Random, others: list[Text]) -> list[str]:
    for _ in range(20):
        other = dice.choice(others)
        if other.body != text.body and other.sentences:
            return other.sentences
    return []


def added(text: Text, dice: random.Random, others: list[Text]) -> Text:
    """Add a sentence of another post."""
    sentences = text.sentences
    extra = dice.choice(_others(text, dice, others))
    sentences.insert(dice.choice([0, len(sentences)]), extra)
    return Text(text.headline, " ".join(sentences), text.origin)


def cut(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """Leave out a sentence."""
    sentences = text.sentences
    if len(sentences) < 3:
        return None
    del sentences[dice.randrange(len(sentences))]
    return Text(text.headline, " ".join(sentences), text.origin)


def truncated(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """End early."""
    words = text.body.split()
    if len(words) < 20:
        return None
    return Text(text.headline, " ".join(words[: int(len(words) * dice.uniform(0.5, 0.8))]) + " ...", text.origin)


def light(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """Exchange a few common words."""
    body, done = text.body, 0
    for word, other in dice.sample(sorted(LIGHT.items()), len(LIGHT)):
        changed, times = re.subn(rf"\b{word}\b", other, body, count=1)
        if times and done < max(1, len(text.body.split()) // 12):
            body, done = " ".join(changed.split()), done + 1
    return Text(text.headline, body, text.origin) if done else None


def headline(text: Text, _: random.Random, __: list[Text]) -> Text | None:
    """Leave the headline out."""
    return Text("", text.body, text.origin) if text.headline and len(text.body.split()) > 15 else None


def inside(text: Text, dice: random.Random, others: list[Text]) -> Text | None:
    """Put the post between others."""
    if len(text.body.split()) < 25:
        return None
    return Text(
        "", " ".join(_others(text, dice, others)[:6] + text.sentences + _others(text, dice, others)[:4]), text.origin
    )


def credited(text: Text, dice: random.Random, _: list[Text]) -> Text:
    """Add a dateline and credits."""
    line = dice.choice(["LONDON (Reuters) - ", "PARIS, May 3 (AFP) - ", "BERLIN \u2014 "])
    end = dice.choice([" (Reporting by Ann Other; editing by Bo Rand)", " Photo: Jo Doe/AP", " More to follow.", ""])
    return Text(text.headline, line + text.body + end, text.origin)


def fact_out(text: Text, _: random.Random, __: list[Text]) -> Text | None:
    """Leave out the first sentence with a number."""
    sentences = text.sentences
    told = [i for i, s in enumerate(sentences) if NUMBER.search(s)]
    if not told or len(sentences) < 2:
        return None
    del sentences[told[0]]
    return Text(text.headline, " ".join(sentences), text.origin)


def fact_word_out(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """Leave out a number or a name."""
    found = list(NUMBER.finditer(text.body)) or list(NAME.finditer(text.body))
    if not found:
        return None
    at = dice.choice(found)
    return Text(text.headline, " ".join((text.body[: at.start()] + text.body[at.end() :]).split()), text.origin)


def fact_in(text: Text, dice: random.Random, _: list[Text]) -> Text:
    """Add a sentence with a fact."""
    extra = dice.choice([
        "At least 14 officers were sent to the scene.", "It happened at around 17:40.", "A further 6 were hurt.",
        "The cost was put at 3 million.", "Anna Petrov, who lives near by, saw it.",
    ])  # fmt: skip
    return Text(text.headline, f"{text.body} {extra}", text.origin)


def number(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """Change a number."""
    found = list(NUMBER.finditer(text.body))
    words = [m for w in WORDS for m in re.finditer(rf"\b{w}\b", text.body)]
    if not found and not words:
        return None
    at = dice.choice(found or words)
    old = at[0]
    new = WORDS.get(old) or str(int(old) + dice.choice([1, 2, 3, 7, 10]))
    return Text(text.headline, text.body[: at.start()] + new + text.body[at.end() :], text.origin)


def name(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """Change a name."""
    found = [m for m in NAME.finditer(text.body) if m[0].lower() not in DAYS]
    if not found:
        return None
    at = dice.choice(found)
    new = dice.choice([n for n in NAMES if n != at[0]])
    return Text(text.headline, re.sub(rf"\b{at[0]}\b", new, text.body), text.origin)


def lower_name(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """Change a name in text without capitals: one known place or person for another."""
    if any(c.isupper() for c in text.body):
        return None
    places = ["london", "paris", "iran", "russia", "france", "germany", "ukraine", "scotland", "england", "greece",
              "syria",
              "obama", "cameron", "trump", "clinton", "merkel", "putin", "brussels", "washington",
              "australia"]  # fmt: skip
    found = [p for p in places if re.search(rf"\b{p}\b", text.body)]
    if not found:
        return None
    old = dice.choice(found)
    new = dice.choice([p for p in places if p != old])
    return Text(text.headline, re.sub(rf"\b{old}\b", new, text.body), text.origin)


def negation(text: Text, dice: random.Random, _: list[Text]) -> Text | None:
    """Turn a statement into its contrary."""
    found = list(VERB.finditer(text.body))
    if not found:
        return None
    at = dice.choice(found)
    return Text(text.headline, text.body[: at.end()] + " not" + text.body[at.end() :], text.origin)


Make = Callable[[Text, random.Random, list[Text]], Text | None]
SAME: dict[str, Make] = {f.__name__: f for f in (verbatim, typographic, added, cut, truncated, light, headline, inside,
                                                 credited, fact_out, fact_word_out, fact_in)}  # fmt: skip
OTHER: dict[str, Make] = {f.__name__: f for f in (number, name, lower_name, negation)}
FACTS = {"fact_out", "fact_word_out", "fact_in"}


def pairs(each: int = 400, seed: int = 20261123) -> Iterator[Pair]:
    """Yield pairs of each kind, the same ones each time."""
    dice = random.Random(seed)
    real = blogs()
    names = sorted(name for name, posts in real.items() if len(posts) > 5)

    def some() -> tuple[Text, list[Text]]:
        posts = real[dice.choice(names)]
        return dice.choice(posts), posts

    for kind, make in {**SAME, **OTHER}.items():
        made = tries = 0
        while made < each and tries < each * 40:
            tries += 1
            text, posts = some()
            changed = make(text, dice, posts)
            if changed is None or (changed == text and kind != "verbatim"):
                continue
            made += 1
            yield (
                Pair(kind, kind in SAME, text, changed)
                if dice.random() < 0.5
                else Pair(kind, kind in SAME, changed, text)
            )
    yield from topic(real, names, dice, each)


SCORE = re.compile(r"\b\d{1,3} ?- ?\d{1,3}\b|goal|wicket|overs?\b", re.IGNORECASE)


def topic(real: dict[str, list[Text]], names: list[str], dice: random.Random, each: int) -> Iterator[Pair]:
    """Yield posts of the same blog that differ: neighbours, and neighbours that tell scores."""
    made = 0
    while made < each * 3:
        posts = real[dice.choice(names)]
        at = dice.randrange(len(posts) - 1)
        a, b = posts[at], posts[min(len(posts) - 1, at + dice.choice([1, 1, 2, 3]))]
        if a.body != b.body and a is not b and a.body not in b.body and b.body not in a.body:
            made += 1
            yield Pair("topic", same=False, a=a, b=b)
    scored = [(a, b) for n in names for posts in [[p for p in real[n] if SCORE.search(p.body)]]
              for a, b in pairwise(posts) if a.body != b.body]  # fmt: skip
    for a, b in dice.sample(scored, min(each, len(scored))):
        yield Pair("scores", same=False, a=a, b=b)
