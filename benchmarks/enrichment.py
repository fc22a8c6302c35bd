"""How good the enrichers are, and what they cost, on the collected data beside the project.

    .venv/bin/python benchmarks/enrichment.py --data ../shared/data [--part 0|1] [--wrong]

Quotations and places are measured on the development halves (the even sha1 of a text), `--part` takes one half of
those. The model of names has read the development sets: `tools/enrich/train.py --fold N` measures it on what is kept
aside. Figures: enrichment_figures.csv holds what a person read in 419 posts, by the sha1 of the post; no text. Set
`c` was read after the rules were written and before they were run on it.
"""

import argparse
import csv
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha1
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from schemas import Change, Coverage, Document, Entry, Source, Status
from schemas.entry import Entity
from schemas.post import Post
from streams.dedupe.revision.correction import is_correction
from streams.enrich.entities import entities
from streams.enrich.figures import figures
from streams.enrich.places.mentions import mentions_of
from streams.enrich.places.resolve import resolve
from streams.enrich.quotes import quotes
from streams.enrich.registry import Enrich, enrichers
from streams.exceptions import ParseError
from streams.parse import Limits, parse

HERE = Path(__file__).parent
AT = datetime(2024, 5, 1, tzinfo=UTC)
NEAR_KM = 161
FULL_WORDS = 5
PRONOUNS = {"he", "she", "they", "who", "it", "i", "we", "which", "her", "him"}


def main() -> None:
    """Print a table a part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--part", type=int, choices=(0, 1), help="one half of the development halves")
    parser.add_argument("--wrong", action="store_true", help="print what is wrong")
    args = parser.parse_args()
    bodies = {sha1(body.encode(), usedforsecurity=False).hexdigest()[:12]: body for body in posts(args.data)}
    measure_figures(bodies, wrong=args.wrong)
    measure_quotes(args.data, args.part)
    measure_places(args.data, args.part)
    measure_corrections(args.data)
    measure_cost(list(bodies.values()))


def posts(data: Path) -> Iterator[str]:
    """Yield the body of each post of the collected documents."""
    for path in sorted(data.glob("liveblogsum-json/*/*.json")):
        for block in json.loads(path.read_bytes())["documents"]:
            yield " ".join(block["text"]) if isinstance(block["text"], list) else block["text"]
    for folder in ("jsonld-html", "html-other", "guardian-dcr", "guardian-capi", "bbc-live", "sourcefabric",
                   "plaintext", "ninjs", "newsml", "rss"):  # fmt: skip
        for path in sorted(p for p in (data / folder).rglob("*") if p.is_file() and p.suffix != ".csv"):
            document = Document(
                id="x", source_id="s", coverage_id="c", received_at=AT, content_type="", body=path.read_bytes()
            )
            try:
                parsed = parse(document, Source.model_construct(id="s"), Limits())
            except ParseError:
                continue
            yield from (post.body_text for post in parsed.posts if post.body_text)


def measure_figures(bodies: dict[str, str], *, wrong: bool) -> None:
    """Compare kind, value and bound with what a person read."""
    for sets in ("abc", "c"):
        _measure_figures(bodies, sets, wrong=wrong)


def _read_by_a_person(sets: str) -> dict[tuple[str, int, str, str], list[list[Any]]]:
    wanted: dict[tuple[str, int, str, str], list[list[Any]]] = defaultdict(list)
    with (HERE / "enrichment_figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["set"] in sets:
                key = row["post"], int(row["chars"]), row["language"], row["year"]
                value = tuple(float(part) for part in row["value"].split(";")) if row["value"] else ()
                wanted[key] += [[row["kind"], value, row["bound"], row["unsure"] == "1"]] if row["kind"] else []
    return wanted


def _measure_figures(bodies: dict[str, str], sets: str, *, wrong: bool) -> None:
    wanted = _read_by_a_person(sets)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    bounds = 0
    for (post, chars, language, year), labels in wanted.items():
        if post not in bodies:
            continue
        text, open_labels = bodies[post][:chars], list(labels)
        for figure in figures(text, language, None, int(year) if year else None):
            value = tuple(float(v) for v in (figure.value if isinstance(figure.value, tuple) else (figure.value,)))
            fits = [label for label in open_labels if label[:2] == [figure.kind.value, value]]
            fits.sort(key=lambda label: label[3])
            if fits:
                open_labels.remove(fits[0])
                counts[figure.kind.value][0] += not fits[0][3]
                bounds += not fits[0][3] and fits[0][2] == (figure.bound or "")
                continue
            counts[figure.kind.value][1] += 1
            if wrong:
                print("  wrong:", post, figure.kind.value, figure.value, repr(figure.text))
        for kind, value, _, unsure in open_labels:
            counts[kind][2] += not unsure
            if wrong and not unsure:
                print("  missed:", post, kind, value)
    print(f"figures, {len(wanted)} posts of sets {sets}")
    for kind, (right, false, missed) in sorted(counts.items()):
        print(f"  {kind:10} right {right:3} wrong {false:2} missed {missed:2}")
    right, false, missed = (sum(c[i] for c in counts.values()) for i in range(3))
    print(
        f"  precision {right / (right + false):.3f}  recall {right / (right + missed):.3f}  bound {bounds / right:.3f}"
    )


def measure_quotes(data: Path, part: int | None) -> None:
    """Compare with PolNeAR's attributed stretches and with the labelled live-blog posts."""
    right = wrong = missed = named = spoken = 0
    for row in _lines(data / "enrich/polnear-quotes/quotes.jsonl", part):
        found = list(quotes(row["text"], _entities(row["text"], "en")))
        open_quotes = list(row["quotes"])
        for quote in found:
            match = next((w for w in open_quotes if _same(quote.text, w["text"])), None)
            if match is None:
                continue
            open_quotes.remove(match)
            right += match["attributed"]
            wrong += not match["attributed"]
            source = (match.get("source") or [""])[0]
            if match["attributed"] and source and source.lower() not in PRONOUNS:
                spoken += 1
                named += _same_speaker(quote.speaker, [source])
        missed += sum(w["attributed"] and w["words"] >= FULL_WORDS for w in open_quotes)
    print(f"quotations, PolNeAR: precision {right / (right + wrong):.3f}  recall (5 words on) "
          f"{right / (right + missed):.3f}  speaker {named / spoken:.3f} of {spoken}")  # fmt: skip
    right = wrong = missed = named = spoken = 0
    for line in (data / "enrich/liveblog-labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["body_text"]
        open_quotes = list(row["quotes"])
        for quote in quotes(text, entities(text, row["headline"], row["language"], ())):
            match = next((w for w in open_quotes if _same(quote.text, w["text"])), None)
            if match:
                open_quotes.remove(match)
            if match and (match.get("unsure") or match["kind"] == "neutral"):
                continue
            doubtful = any(w.get("unsure") and _plain(quote.text) in _plain(w["text"]) for w in row["quotes"])
            right += bool(match) and match["kind"] != "scare"
            wrong += (not match and not doubtful) or bool(match and match["kind"] == "scare")
            if match and match.get("speaker"):
                spoken += 1
                named += _same_speaker(quote.speaker, match["speaker"])
        missed += sum(w["kind"] in {"full", "block"} and not w.get("unsure") for w in open_quotes)
    print(f"quotations, live blogs: precision {right / (right + wrong):.3f}  recall {right / (right + missed):.3f}  "
          f"speaker {named / spoken:.3f} of {spoken}")  # fmt: skip


def measure_places(data: Path, part: int | None) -> None:
    """Compare names of places and their points with four corpora; demonyms of the corpora are none of ours."""
    for corpus in ("geovirus", "tr-news", "lgl", "geowebnews"):
        total = found = located = near = 0
        for row in _lines(data / f"enrich/geo/{corpus}.jsonl", part):
            mentions = mentions_of(_entities(row["text"], "en"))
            meant = resolve(row["text"], mentions, None)
            for toponym in row["toponyms"]:
                if toponym.get("lat") is None or "emonym" in str(toponym.get("type")):
                    continue
                total += 1
                at = next(
                    (i for i, e in enumerate(mentions) if e.start < toponym["end"] and e.end > toponym["start"]), None
                )
                found += at is not None
                known = None if at is None else meant[at]
                if known and known.country:
                    located += 1
                    there = float(toponym["lat"]), float(toponym["lon"])
                    near += _km((known.latitude, known.longitude), there) <= NEAR_KM
        print(f"places, {corpus:10} of {total}: found {found / total:.3f}  within 161 km of the located "
              f"{near / located:.3f}, of all {near / total:.3f}")  # fmt: skip


def measure_corrections(data: Path) -> None:
    """Count what is found and wrongly found among posts that talk of corrections."""
    counts: dict[tuple[bool, bool], int] = defaultdict(int)
    for line in (data / "enrich/corrections.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row.get("unsure"):
            counts[row["is_correction"], is_correction(Post.model_construct(body_text=row["body_text"]))] += 1
    print(f"corrections: found {counts[True, True]} of {counts[True, True] + counts[True, False]}, wrongly "
          f"{counts[False, True]} of {counts[False, True] + counts[False, False]}")  # fmt: skip


def measure_cost(bodies: list[str]) -> None:
    """Print the processor time of each enricher for the median post, the best of three: others use the machine too."""
    run, coverage = enrichers(), Coverage(id="c", country="GB")
    spent: dict[str, list[float]] = defaultdict(list)
    whole = []
    for body in bodies[:: max(1, len(bodies) // 2000)]:
        entry = Entry.model_construct(
            entry_id="e", revision=1, change=Change.CREATED, status=Status.USABLE, coverage_id="c", source_id="s",
            received_at=AT, processed_at=AT, body_text=body, language="en",
        )  # fmt: skip
        total = 0.0
        for each in run:
            micros = min(_micros(each.run, entry, coverage) for _ in range(3))
            found = each.run(entry, coverage)
            spent[each.name].append(micros)
            total += micros
            update = {name: value for name in found.__slots__ if (value := getattr(found, name)) is not None}
            entry = entry.model_copy(update=update)
        whole.append(total)
    print(f"cost, {len(whole)} posts, median of {statistics.median(map(len, bodies)):.0f} characters:")
    for name, times in spent.items():
        print(f"  {name:10} {statistics.median(times):6.0f} us")
    print(
        f"  {'together':10} {statistics.median(whole):6.0f} us, 95 % within {sorted(whole)[int(len(whole) * 0.95)]:.0f}"
    )


def _micros(run: Enrich, entry: Entry, coverage: Coverage) -> float:
    begin = time.process_time_ns()
    run(entry, coverage)
    return (time.process_time_ns() - begin) / 1000


def _lines(path: Path, part: int | None) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        digest = int(sha1(row["text"].encode(), usedforsecurity=False).hexdigest(), 16)
        if digest % 2 == 0 and part in {None, digest // 2 % 2}:
            yield row


def _entities(text: str, language: str) -> list[Entity]:
    return entities(text, "", language, ())


def _plain(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _same(a: str, b: str) -> bool:
    one, other = _plain(a), _plain(b)
    short, long = sorted((one, other), key=len)
    return one == other or (bool(short) and short in long and len(short) > 0.7 * len(long))


def _same_speaker(found: str | None, wanted: list[str]) -> bool:
    if not found:
        return False
    words = {_plain(word) for word in found.split() if len(word) > 3} or {_plain(found)}
    return any(_plain(found) in _plain(w) or _plain(w) in _plain(found) or
               any(word in _plain(w) for word in words) for w in wanted)  # fmt: skip


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    phi, psi = radians(a[0]), radians(b[0])
    half = sin((psi - phi) / 2) ** 2 + cos(phi) * cos(psi) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * 6371 * asin(min(1, sqrt(half)))


if __name__ == "__main__":
    main()
