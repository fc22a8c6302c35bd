"""Real pairs of four days of feeds, labelled by reading: copied, the same news in other words, something else.

`dedupe_rss_labels.csv` names the items by a hash of their links. `different` holds updates and other stories of the
same event: merging one of them would hide news.
"""

import csv
import json
from collections import Counter
from hashlib import sha1
from pathlib import Path

from dedupe_pairs import DATA, Pair, Text, plain
from dedupe_quality import decide

from streams.dedupe.thresholds import Thresholds

LABELS = Path(__file__).with_name("dedupe_rss_labels.csv")


def labelled() -> list[Pair]:
    """Return the labelled pairs that are there."""
    items: dict[tuple[str, str], Text] = {}
    for day in sorted((DATA / "rss").glob("20*")):
        for path in sorted(day.glob("*.json")):
            for item in json.loads(path.read_text()):
                link = sha1(item["link"].encode(), usedforsecurity=False).hexdigest()[:12]
                items[day.name, link] = Text(plain(item["title"]), plain(item["description"]), path.stem)
    with LABELS.open() as rows:
        return [
            Pair(
                row["relation"],
                row["relation"] != "different",
                items[row["day"], row["a"]],
                items[row["day"], row["b"]],
            )
            for row in csv.DictReader(rows)
            if (row["day"], row["a"]) in items and (row["day"], row["b"]) in items
        ]


def main() -> None:
    """Print how many pairs of each label are merged."""
    merged, total = Counter[str](), Counter[str]()
    for pair in labelled():
        verdict, met = decide(pair, Thresholds())
        total[pair.kind] += 1
        merged[pair.kind] += verdict.same and met
    for kind in total:
        print(f"{kind:14} {merged[kind]:3} of {total[kind]:3} merged")


if __name__ == "__main__":
    main()
