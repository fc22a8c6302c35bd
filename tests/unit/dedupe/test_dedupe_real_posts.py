"""The promises about identity and near-duplicates, over real posts, where the collected data is at hand."""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / ".." / "shared" / "data"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the collected live blogs (../shared/data) are not here"),
]


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])


def test_the_same_news_is_found_and_other_news_is_not_merged() -> None:
    """Recall at least 97 %, 85 % with a fact more or less; false merges at most 0.5 %, none on a changed number."""
    from dedupe_pairs import FACTS, pairs  # noqa: PLC0415
    from dedupe_quality import decide  # noqa: PLC0415

    from streams.dedupe import Thresholds  # noqa: PLC0415

    merged: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair in pairs(60):
        verdict, met = decide(pair, Thresholds())
        merged[pair.same, pair.kind].append(verdict.same and met)

    def share(kinds: list[tuple[bool, str]]) -> float:
        decided = [one for kind in kinds for one in merged[kind]]
        return sum(decided) / len(decided)

    assert share([kind for kind in merged if kind[0] and kind[1] not in FACTS]) >= 0.97
    assert share([kind for kind in merged if kind[1] in FACTS]) >= 0.85
    assert share([kind for kind in merged if not kind[0]]) <= 0.005
    assert not any(merged[False, "number"])


def test_real_pairs_labelled_by_reading() -> None:
    """Copied text is one report, and no update or other story of the same event is hidden behind another."""
    from dedupe_quality import decide  # noqa: PLC0415
    from dedupe_rss import labelled  # noqa: PLC0415

    from streams.dedupe import Thresholds  # noqa: PLC0415

    decided = [(pair.kind, decide(pair, Thresholds())) for pair in labelled()]

    assert len(decided) > 50
    assert all(verdict.same and met for kind, (verdict, met) in decided if kind == "copied")
    assert not any(verdict.same and met for kind, (verdict, met) in decided if kind == "different")


def test_identity_is_decided_rightly_in_every_kind() -> None:
    """At least 98 % in the mean over the kinds and 95 % in each."""
    from dedupe_identity import cases, truth  # noqa: PLC0415

    right: dict[str, list[bool]] = defaultdict(list)
    for kind, decided in [*cases(40, 11), *truth()]:
        right[kind].append(decided)
    shares = {kind: sum(decided) / len(decided) for kind, decided in right.items()}

    assert len(shares) >= 9
    assert min(shares.values()) >= 0.95, shares
    assert sum(shares.values()) / len(shares) >= 0.98
