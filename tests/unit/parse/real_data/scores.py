"""How well the parsers read the collected files, by format: posts found, and fields right in those found."""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.unit.parse.real_data.collected import FIELDS, Row, exported_truth, files, found, truth

HEADER = (
    "| format | files | posts | F1 | headline | body | instant | flags | status | no date |\n" + "|---" * 10 + "|\n"
)


@dataclass(slots=True)
class Score:
    """What was counted of one format."""

    files: int = 0
    expected: int = 0
    given: int = 0
    matched: int = 0
    undated: int = 0
    """Posts whose document has no date: their instant can't be judged and is counted in no share."""
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))

    @property
    def f1(self) -> float:
        """Harmonic mean of how many of the posts were found and how many of the found are posts."""
        return 2 * self.matched / (self.expected + self.given) if self.expected + self.given else 1.0

    def share(self, name: str) -> float:
        """Return the share of matched posts whose field is right."""
        judged = self.matched - (self.undated if name == "published" else 0)
        return self.right[name] / judged if judged else 1.0

    def count(self, expected: list[Row], given: list[Row]) -> None:
        """Add a file's posts."""
        self.files += 1
        self.expected += len(expected)
        self.given += len(given)
        for wanted, got in _pairs(expected, given):
            self.matched += 1
            undated = wanted["published"] == "received"
            self.undated += undated
            for name in FIELDS:
                self.right[name] += wanted[name] == got[name] and not (undated and name == "published")


def _pairs(expected: list[Row], given: list[Row]) -> list[tuple[Row, Row]]:
    """Match posts by id, else by the two of headline, body and instant that agree."""
    left = list(given)
    pairs = []
    for wanted in expected:
        got = next((each for each in left if _same(wanted, each)), None)
        if got is not None:
            left.remove(got)
            pairs.append((wanted, got))
    return pairs


def _same(wanted: Row, got: Row) -> bool:
    if wanted["id"]:
        return wanted["id"] == got["id"]
    return sum(wanted[name] == got[name] for name in ("headline", "body", "published")) > 1


def scores() -> dict[str, Score]:
    """Return the score of each format; a file is counted under the format it is, not the one it was taken for."""
    by_format: dict[str, Score] = defaultdict(Score)
    for file in files():
        expected = list(exported_truth(file)) if file.startswith("rss/2") else truth().get(file, [])
        name, given = found(file)
        by_format[expected[0]["format"] if expected else name or "no post in it"].count(expected, given)
    return by_format


def table() -> str:
    """Return the scores as the table in docs/formats.md."""
    lines = []
    for name, score in sorted(scores().items()):
        if not score.expected:
            continue
        shares = " | ".join(f"{100 * score.share(each):.1f}" for each in FIELDS)
        lines.append(
            f"| `{name}` | {score.files} | {score.expected:,} | {score.f1:.3f} | {shares} | {score.undated or ''} |\n"
        )
    return HEADER + "".join(lines)
