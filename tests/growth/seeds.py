"""The small documents that grow: each format's samples, and one here for each format that has none of its name."""

import json
from pathlib import Path
from typing import Final

SAMPLES: Final = Path(__file__).parents[1] / "samples"

_POST: Final = {
    "id": "p1", "headline": "Fire at Marrow Quay", "body_html": "<p>A hall burns.</p>", "summary": "A hall burns.",
    "authors": ["Ana Reyes"], "media": [{"type": "image", "url": "https://example.org/q.jpg", "caption": "The quay"}],
    "published_at": "2024-05-01T12:34:00Z", "url": "https://example.org/live#p1", "language": "en",
}  # fmt: skip
_ITEM: Final = {
    "id": "p1", "title": "Fire at Marrow Quay", "link": "https://example.org/live/p1", "content": "<p>A hall burns.</p>",
    "author": "Ana Reyes", "published": "2024-05-01T12:34:00Z", "summary": "A hall burns.", "tags": ["harbour"],
}  # fmt: skip
_NEWS_OBJECT: Final = {
    "newsObjectId": 11, "assetType": "Short", "headLine": "Brand in de haven", "createDate": 1714563600000,
    "authors": [{"name": "ARE", "type": "AUTHOR"}], "newsComponents": [
        {"assetType": "Body", "proxies": [{"varcharData": "Een loods brandde af.", "clobData": "None"}]},
    ],
}  # fmt: skip
_PROSE: Final = (
    "Fire at Marrow Quay\n\nHundreds of people have been taken to safety after a fire broke out at a fuel depot on the "
    "quay.\n\nThe harbour is closed, Ilse Varga said. (Photo: Ada Brook)\n"
)

SEEDS: Final[dict[str, list[tuple[str, bytes]]]] = {
    "cloudevents": [(
        ".json",
        json.dumps([{
            "specversion": "1.0", "id": "1", "source": "/desk", "type": "post", "time": "2024-05-01T12:34:00Z",
            "datacontenttype": "application/vnd.liveline.post+json", "data": _POST,
        }]).encode(),
    )],
    "belga-360": [(".json", json.dumps({"newsObjects": [_NEWS_OBJECT]}).encode())],
    "cp-publish": [(
        ".xml",
        b"<Publish><PublishDateTime>2024-05-01T12:00:00</PublishDateTime><ContentItem><ContentItemID>7</ContentItemID>"
        b"<Headline>Fire</Headline><Byline>By Ana Reyes, The Canadian Press</Byline><ContentText>&lt;p&gt;A hall burns."
        b"&lt;/p&gt;</ContentText><CreatedDateTime>2024-05-01T11:00:00</CreatedDateTime></ContentItem></Publish>",
    )],
    "press-release": [(
        ".xml",
        b'<release id="17" lang="no"><title>Brann</title><publicationDate>01.05.2024 15:40</publicationDate><leadtext>To '
        b"skadd.</leadtext><body>&lt;p&gt;Brann.&lt;/p&gt;</body><images><image><url>https://example.org/q.jpg</url>"
        b"<caption>Kaia</caption></image></images><categories><category><label>Brann</label></category></categories>"
        b"</release>",
    )],
    "ritzau": [(
        ".xml",
        b"<ArrayOfRBNews><RBNews><NewsID>9a69</NewsID><headline>Brand</headline><subtitle>Ild</subtitle><byLine>ana/ritzau"
        b"</byLine><content>&lt;p&gt;To kom til skade.&lt;/p&gt;</content><PublishDate>2024-05-01T13:40:00</PublishDate>"
        b"<IPTCList><IPTC>1</IPTC></IPTCList></RBNews></ArrayOfRBNews>",
    )],
    "post": [(".json", json.dumps([_POST]).encode())],
    "feed-items": [(".json", json.dumps([_ITEM]).encode())],
    "text": [(".txt", _PROSE.encode())],
}  # fmt: skip


def seeds_of(name: str) -> list[tuple[str, bytes]]:
    """Return the documents of a format that grow, with the ending that tells their kind."""
    folder = SAMPLES / name
    own = [(path.suffix, path.read_bytes()) for path in sorted(folder.iterdir())] if folder.is_dir() else []
    return own or SEEDS.get(name, [])
