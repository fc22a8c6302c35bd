"""Pictures and players as they can be shown."""

import pytest

from schemas.post import Media, MediaType
from streams.parse.items.shown_media import shown_media

SMOKE = "https://example.org/2024/smoke-over-quay.jpg"


def image(url: str | None = SMOKE, caption: str | None = None, credit: str | None = None) -> Media:
    """Return a picture."""
    return Media(type=MediaType.IMAGE, url=url, caption=caption, credit=credit)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([image(caption="smoke-over-quay")], [image()]),
        ([image(caption="Smoke over quay")], [image()]),
        ([image(caption="IMG_2041.JPG")], [image()]),
        ([image(caption="Screen-Shot-2024-05-02-at-075118")], [image()]),
        ([image(caption="Smoke over the north quay")], [image(caption="Smoke over the north quay")]),
        ([image("https://1.gravatar.com/avatar/0a1b?s=96", "ana")], []),
        ([image("https://example.org/share/1200x675_nameplate.png")], []),
        ([image("quay.jpg")], []),
        ([image("quay.jpg", "The quay")], [image(None, "The quay")]),
        ([image(None, None, "Jo Mason")], [image(None, None, "Jo Mason")]),
        ([image("//example.org/2024/smoke-over-quay.jpg")], [image()]),
    ],
)
def test_what_no_reader_gets_is_left_out(given: list[Media], shown: list[Media]) -> None:
    """File names are no captions, portraits and nameplates no pictures, a file of the sender's own no address."""
    assert shown_media(given) == tuple(shown)


def test_one_picture_in_several_sizes_is_one() -> None:
    """The first size stays, with what any of them says; another kind or file is another."""
    crops = [
        image("https://example.org/fire_1775_8efb28-videoSixteenByNine1600.jpg"),
        image("https://example.org/fire_1775_8efb28-superJumbo.jpg?quality=75", "Smoke", "Jo Mason"),
        image("https://example.org/quay-300x200.jpg"),
        image("https://example.org/quay-1200x800.jpg"),
        image("https://example.org/photo?id=1"),
        image("https://example.org/photo?id=2"),
    ]

    shown = shown_media(crops)

    assert [(item.url, item.caption, item.credit) for item in shown] == [
        ("https://example.org/fire_1775_8efb28-videoSixteenByNine1600.jpg", "Smoke", "Jo Mason"),
        ("https://example.org/quay-300x200.jpg", None, None),
        ("https://example.org/photo?id=1", None, None),
        ("https://example.org/photo?id=2", None, None),
    ]
