"""Make the word lists of streams/enrich/entities/data: first names, surnames, words without a capital.

    build/geo/bin/pip install names==0.3.0
    build/geo/bin/python tools/enrich/word_lists.py SHARED_DATA_FOLDER POSTS.jsonl streams/enrich/entities/data

Names are the US Census Bureau's of 1990 (public domain), by the package `names`. Common words are those that the
labelled corpora and the posts ({"body_text"} a line) write small more often than with a capital; posts in
small letters only are left out.
"""

import json
import re
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from labelled import corpora

NO_FIRST_NAMES = {"may", "will", "in", "so", "an", "see", "my", "do", "ha", "ma", "said", "park", "lee", "king", "west"}
"""First names that are common words, or more often surnames."""
SURNAMES = 8_000
FIRST_NAMES = 1_800
LEAST = 4
"""Times that a word must have been written small."""
MANY_CAPITALS = 0.01


def main(data: str, posts: str, target: str) -> None:
    """Write the lists."""
    texts = [each.text for each in corpora(Path(data))]
    for line in Path(posts).read_text(encoding="utf-8").splitlines():
        body = json.loads(line)["body_text"] or ""
        if sum(map(str.isupper, body)) > MANY_CAPITALS * len(body):
            texts.append(body)
    small, capital = Counter(), Counter()
    for text in texts:
        for match in re.finditer(r"[^\W\d_]+", text):
            word = match[0]
            if word.islower():
                small[word] += 1
            elif not re.search(r"(?:^|[.!?:\u201c\"\n]\s?)$", text[: match.start()][-2:]):
                capital[word.lower()] += 1
    common = sorted(w for w, count in small.items() if count >= LEAST and count > capital[w] and len(w) > 1)
    census = files("names")
    first = [
        line.split()[0].lower()
        for name in ("dist.male.first", "dist.female.first")
        for line in (census / name).read_text().splitlines()[:FIRST_NAMES]
    ]
    # Those of people whom the census didn't count, and whom newsrooms name.
    first += (Path(__file__).parent / "first_names.txt").read_text(encoding="utf-8").split()
    last = [line.split()[0].lower() for line in (census / "dist.all.last").read_text().splitlines()[:SURNAMES]]
    first_names = sorted({name for name in first if name not in NO_FIRST_NAMES})
    for name, words in (("common", common), ("first_names", first_names), ("surnames", sorted(set(last)))):
        path = Path(target) / f"{name}.txt"
        path.write_text("\n".join(words) + "\n", encoding="utf-8", newline="\n")
        print(f"{path.name}: {len(words):,} words, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
