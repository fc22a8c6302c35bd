"""What a person reads: the title, the reason, the sources, links, and what changed since they were told last."""

from typing import Any

from sink_world import alert, entry

from streams.sinks.message import IN_DOUBT, message_of
from streams.sinks.waiting import gathers


def figures(**values: int) -> list[dict[str, Any]]:
    """Return an entry's figures."""
    return [{"kind": kind, "value": value, "text": str(value), "start": 0, "end": 1} for kind, value in values.items()]


def test_a_message_has_title_reason_sources_links_and_what_changed() -> None:
    """The same in plain text and HTML, in which nothing of a source's text is markup."""
    links = {"entry": "https://live.example/c#e", "desk": "https://live.example/desk#a"}
    before = alert("a", 1, sources=["s"], urgency=3, entry=entry("e") | {"figures": figures(dead=1)})
    after = alert(
        "a", 2, "updated", 4, title="Fire <at> the quay", reason="dead: 2", sources=["s", "t"], urgency=2, links=links,
        causes=[{"entry_id": "e", "revision": 2}],
        entry=entry("e", 2) | {"figures": figures(dead=2, injured=4), "is_correction": True},
    )  # fmt: skip

    message = message_of([after], {"a": before})

    assert message.title == "Fire <at> the quay"
    assert message.text == (
        "Fire <at> the quay\n\n"
        "Why: dead: 2 (rule rule-a)\n"
        "Since 12:00 UTC: urgency 3 → 2; dead 1 → 2; injured none → 4; the source corrects itself; also reported by t; "
        "1 more report\n"
        "Sources: s, t\nUrgency: 2\n"
        "The report: https://live.example/c#e\nAt the desk: https://live.example/desk#a\n"
        "alert a, revision 2, 2024-05-01 12:04:00 UTC\n"
    )
    assert "<h3>Fire &lt;at&gt; the quay</h3>" in message.html
    assert '<a href="https://live.example/c#e">The report</a>' in message.html
    assert message.urgent
    assert message.lines == ("12:04:00  updated, urgency 2: Fire <at> the quay  [rule-a]",)


def test_rules_that_speak_of_one_entry_are_named_together() -> None:
    """One message, one headline, each rule with its reason."""
    both = [alert(name, title="Fire", reason=f"because of {name}", entry=entry("e")) for name in "ab"]
    assert gathers(both[0]) == gathers(both[1])

    message = message_of(both)

    assert message.title == "Fire"
    assert message.text.count("Fire\n") == 1
    assert "Why: because of a (rule rule-a)\nUrgency: 3\nWhy: because of b (rule rule-b)" in message.text
    assert "alert a, revision 1" in message.text
    assert "alert b, revision 1" in message.text
    assert message.lines == ("12:00:00  raised, urgency 3: Fire  [rule-a, rule-b]",)


def test_what_was_gathered_tells_each_alert_as_it_stands() -> None:
    """Its newest revision, with what it did before."""
    message = message_of([alert("a"), alert("b", minutes=1), alert("a", 2, "updated", 5)], in_doubt=True)

    assert message.title == "2 alerts: a 2"
    assert "Meanwhile: raised at 12:00 UTC, updated at 12:05 UTC" in message.text
    assert IN_DOUBT in message.text
    assert IN_DOUBT in message.html
