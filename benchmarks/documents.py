"""Invented documents in the mix that a newsroom sees: new posts, edits, repeats, the same news from another source.

Nothing is taken from anybody; the words are combined at random from a seed, so that two posts are alike only where the
generator means it.
"""

import html
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import yaml
from harness import PARTITIONS, Raw

from schemas import Document
from schemas.envelope import document_headers

# Records have their documents' times: of older ones, Kafka would delete the entries while they are counted.
START = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=5)
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "liveblogsum-json"
"""Collected live blogs; not part of the project, and absent from most checkouts."""
POSTS = "application/vnd.liveline.post+json"
_WORDS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text())
_NAMES = [f"{first} {last}" for first in _WORDS["first_names"] for last in _WORDS["last_names"]]


@dataclass
class Story:
    """Posts of one coverage as its sources tell them."""

    coverage: str
    sources: tuple[str, ...]
    chance: random.Random
    told: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    def sentence(self) -> str:
        """Return a sentence, sometimes with a quotation, a number or a place."""
        chance = self.chance.random()

        def pick(kind: str) -> str:
            return self.chance.choice(_WORDS[kind])

        where = "".join(self.chance.choices(_WORDS["syllables"], k=3)).capitalize()
        core = (
            f"{pick('of')} {pick('who')} {pick('did')} {where} {pick('thing')} "
            f"{pick('how')} {pick('mood')} {pick('why')}, {pick('and')} {pick('kind')} {pick('thing')}"
        )
        if chance < 0.2:
            return f"\u201c{core.capitalize()},\u201d {pick('say')} {self.chance.choice(_NAMES)}."
        if chance < 0.4:
            return f"In {pick('places')}, {core} for {self.chance.randint(3, 980)} {pick('who')}."
        if chance < 0.55:
            return f"{self.chance.choice(_NAMES)} of {where} {pick('say')} that {core}."
        return f"{core[:1].upper()}{core[1:]}."

    def post(self, at: datetime) -> dict[str, Any]:
        """Return a new post of about 1.4 kB as JSON, with its markup, a byline, a link and often a picture."""
        self.number += 1
        paragraphs = [" ".join(self.sentence() for _ in range(self.chance.choice((1, 2, 2)))) for _ in range(4)]
        body = "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in paragraphs)
        source = self.chance.choice(self.sources)
        link = f"https://news.example/{self.coverage}/{self.number}"
        post = {
            "id": f"{self.coverage}-{self.number}",
            "url": f"https://news.example/live/{self.coverage}#post-{self.number}",
            "published_at": at.isoformat().replace("+00:00", "Z"),
            "headline": self.sentence().strip("\u201c\u201d.")[:90],
            "body_html": f'{body}<p>More in our <a href="{link}">full report</a>.</p>',
            "authors": [self.chance.choice(_NAMES)],
            "source": source,
        }
        if self.chance.random() < 0.4:
            post["media"] = [{"type": "image", "url": f"{link}.jpg", "caption": self.sentence(), "credit": "A. Reyes"}]
        if self.chance.random() < 0.1:
            post["key_event"] = True
        self.told.append(post)
        return post

    def edited(self, at: datetime) -> dict[str, Any]:
        """Return one of the last posts with another sentence at its end."""
        place = self.chance.randrange(max(0, len(self.told) - 30), len(self.told))
        post = {**self.told[place], "updated_at": at.isoformat().replace("+00:00", "Z")}
        post["body_html"] += f"<p>{html.escape(self.sentence(), quote=False)}</p>"
        self.told[place] = post
        return post

    def retold(self, at: datetime) -> dict[str, Any]:
        """Return the news of one of the last posts as another source has it: an opening line of its own, a new id."""
        first = self.told[self.chance.randrange(max(0, len(self.told) - 20), len(self.told))]
        self.number += 1
        others = [source for source in self.sources if source != first["source"]]
        post = {
            **first,
            "id": f"{self.coverage}-{self.number}",
            "url": f"https://other.example/{self.number}",
            "published_at": at.isoformat().replace("+00:00", "Z"),
            "body_html": f"<p>Updates are coming in.</p>{first['body_html']}",
            "source": self.chance.choice(others),
        }
        self.told.append(post)
        return post


def stories(count: int, seed: int) -> list[Story]:
    """Return coverages with three sources each."""
    return [
        Story(f"coverage-{n}", tuple(f"source-{n}-{s}" for s in "abc"), random.Random(seed * 1000 + n))
        for n in range(count)
    ]


def posts(count: int, *, coverages: int = 40, seed: int = 11) -> Iterator[Document]:
    """Yield single posts: 72 % new, 15 % edits, 8 % repeated as they are, 5 % told by another source."""
    chance, told = random.Random(seed), stories(coverages, seed)
    for number in range(count):
        story, at = told[chance.randrange(coverages)], START + timedelta(seconds=number)
        dice = chance.random()
        if dice < 0.72 or not story.told:
            post = story.post(at)
        elif dice < 0.87:
            post = story.edited(at)
        elif dice < 0.95:
            post = story.told[chance.randrange(len(story.told))]
        else:
            post = story.retold(at)
        yield _document(number, story, str(post["source"]), orjson.dumps(post), POSTS, at)


def real_posts(count: int, *, seed: int = 13) -> Iterator[Document]:
    """Yield posts of real live blogs, where the data folder is there: 77 % as they came, 15 % edits, 8 % repeats."""
    chance, number = random.Random(seed), 0
    events: dict[str, list[tuple[list[int], str, dict[str, Any]]]] = {}
    for file in sorted(REAL.glob("events/*.json")):
        event, publisher = file.name.split(".")[:2]
        for block in json.loads(file.read_text())["documents"]:
            body = "".join(f"<p>{html.escape(text, quote=False)}</p>" for text in block["text"])
            if isinstance(block["time"], list) and (body or block["title"]):
                post = {"id": block["block_id"], "headline": block["title"], "body_html": body, "language": "en"}
                events.setdefault(event, []).append((block["time"], publisher, post))
    waiting = [(f"coverage-{event[1:]}", sorted(told, key=lambda t: t[0])) for event, told in events.items()]
    shown: list[tuple[str, str, dict[str, Any]]] = []
    while number < count and waiting:
        place, dice, at = chance.randrange(len(waiting)), chance.random(), START + timedelta(seconds=number)
        if dice < 0.77 or not shown:
            coverage, told = waiting[place]
            _, publisher, post = told.pop(0)
            shown.append((coverage, publisher, {**post, "published_at": at.isoformat()}))
            del waiting[place : place + (not told)]
        elif dice < 0.92:
            coverage, publisher, post = shown[index := -chance.randint(1, min(200, len(shown)))]
            shown[index] = coverage, publisher, {**post, "body_html": f"{post['body_html']}<p>More follows.</p>"}
            shown.append(shown.pop(index))
        else:
            shown.append(shown.pop(-chance.randint(1, min(200, len(shown)))))
        coverage, publisher, post = shown[-1]
        source = f"{publisher}-{coverage}"
        yield Document(
            id=f"d{number}", source_id=source, coverage_id=coverage, received_at=at, content_type=POSTS,
            body=orjson.dumps(post),
        )  # fmt: skip
        number += 1


def pages(count: int, *, coverages: int = 40, seed: int = 12, shown: int = 50) -> Iterator[Document]:
    """Yield pages with JSON-LD of 50 posts, newest first, of which 49 were in the page before."""
    told = stories(coverages, seed)
    chance = random.Random(seed)
    for story in told:
        for number in range(shown):
            story.post(START - timedelta(minutes=shown - number))
    for number in range(count):
        story, at = told[chance.randrange(coverages)], START + timedelta(seconds=number)
        story.post(at)
        yield _document(number, story, story.sources[0], page(story, shown), "text/html; charset=utf-8", at)


def page(story: Story, shown: int) -> bytes:
    """Return a page as a publisher's site shows it: its own markup, and schema.org's LiveBlogPosting."""
    newest = story.told[: -shown - 1 : -1]
    blog = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": f"https://news.example/live/{story.coverage}",
        "headline": f"{story.coverage} live",
        "coverageStartTime": START.isoformat(),
        "liveBlogUpdate": [
            {
                "@type": "BlogPosting",
                "@id": post["id"],
                "url": post["url"],
                "headline": post["headline"],
                "datePublished": post["published_at"],
                "articleBody": post["body_html"],
                "author": [{"@type": "Person", "name": name} for name in post["authors"]],
            }
            for post in newest
        ],
    }
    articles = "".join(
        f'<article class="post" id="{post["url"].partition("#")[2]}"><h2>{html.escape(post["headline"])}</h2>'
        f'<div class="post-body">{post["body_html"]}</div><div class="share"><a href="#">Share</a></div></article>'
        for post in newest
    )
    stated = orjson.dumps(blog).decode().replace("</", "<\\/")
    links = "".join(f'<li class="nav"><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{story.coverage} live</title>'
        f'<script type="application/ld+json">{stated}</script></head>'
        f"<body><nav><ul>{links}</ul></nav><main>{articles}</main><footer>{links}</footer></body></html>"
    ).encode()


def _document(number: int, story: Story, source: str, body: bytes, content_type: str, at: datetime) -> Document:
    return Document(
        id=f"d{number}",
        source_id=source,
        coverage_id=story.coverage,
        received_at=at,
        content_type=content_type,
        body=body,
    )


def raw(document: Document) -> Raw:
    """Return the document as a record; its coverage decides about the partition."""
    partition = int(document.coverage_id.rpartition("-")[2]) % PARTITIONS
    return Raw(partition, document.coverage_id.encode(), document.body, document_headers(document))
