"""What the log says of a newsroom that was read again."""

from schemas.newsroom import Newsroom
from streams.settings.newsroom_changes import newsroom_changes

BEFORE = {
    "coverages": [
        {"id": "fire", "title": "Fire", "sources": [{"id": "post"}, {"id": "wire"}]},
        {"id": "flood", "sources": [{"id": "gazette"}]},
    ],
    "alerts": [{"id": "hurt", "when": "entry.breaking"}],
    "sinks": [{"id": "desk"}],
}


def test_what_was_added_removed_and_changed_is_named_by_its_id() -> None:
    """A source that moves to another coverage has changed, its coverage has not; what stayed is not named."""
    after = {
        "coverages": [
            {"id": "fire", "title": "Harbour fire", "sources": [{"id": "post", "timezone": "Europe/London"}]},
            {"id": "flood", "sources": [{"id": "gazette"}, {"id": "wire"}]},
            {"id": "storm"},
        ],
        "alerts": [{"id": "hurt", "when": "entry.key_event"}, {"id": "quiet", "silence": "20m"}],
    }

    assert newsroom_changes(Newsroom.model_validate(BEFORE), Newsroom.model_validate(after)) == {
        "coverages_added": ["storm"],
        "coverages_changed": ["fire"],
        "sources_changed": ["post", "wire"],
        "alerts_added": ["quiet"],
        "alerts_changed": ["hurt"],
        "sinks_removed": ["desk"],
    }


def test_the_same_newsroom_has_no_changes() -> None:
    """Another order of coverages is none either."""
    turned = {**BEFORE, "coverages": BEFORE["coverages"][::-1]}

    assert newsroom_changes(Newsroom.model_validate(BEFORE), Newsroom.model_validate(turned)) == {}
