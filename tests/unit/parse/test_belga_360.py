"""Answers of Belga's 360 archive."""

import json
from datetime import UTC, datetime

from schemas import Media
from tests.unit.parse.agency_samples import read


def component(asset: str, text: str) -> dict[str, object]:
    """Return a component with a text."""
    return {"assetType": asset, "proxies": [{"varcharData": text, "clobData": "None"}]}


def test_an_answer() -> None:
    """A text is its lead and body; a picture its caption and credit; what is neither is a bad part."""
    answer = {
        "newsObjects": [
            {
                "newsObjectId": 11,
                "assetType": "Short",
                "headLine": "Brand in de haven",
                "language": "nl",
                "createDate": 1714563600000,
                "validateDate": 1714565130000,
                "authors": [{"name": "ARE", "type": "AUTHOR"}, {"name": "TFI", "type": "EDITOR"}],
                "newsComponents": [component("Lead", "Een loods brandde af."), component("Body", "Twee gewonden.")],
            },
            {
                "newsObjectId": 12,
                "assetType": "Picture",
                "headLine": "De kaai",
                "credit": "BELGA",
                "renderUrls": {"highres": "https://example.org/q.jpg"},
                "newsComponents": [component("Caption", "Brandweer op de kaai")],
            },
            7,
        ]
    }

    parsed = read(json.dumps(answer), "application/json")

    text, picture = parsed.posts
    assert parsed.format == "belga-360"
    assert (text.id, text.headline, text.language, text.authors) == ("11", "Brand in de haven", "nl", ("ARE",))
    assert text.body_text == "Een loods brandde af.\n\nTwee gewonden."
    assert text.published_at == datetime(2024, 5, 1, 11, 40, tzinfo=UTC)
    assert text.updated_at == datetime(2024, 5, 1, 12, 5, 30, tzinfo=UTC)
    assert (picture.headline, picture.body_text) == ("De kaai", None)
    assert picture.media == (
        Media(type="image", url="https://example.org/q.jpg", caption="Brandweer op de kaai", credit="BELGA"),
    )
    assert [bad.place for bad in parsed.bad] == ["/newsObjects/2"]
