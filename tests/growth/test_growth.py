"""Every parser, and all that the deduplication does with a text, grows with what it reads, not with its square.

Processor time is compared with itself at a tenth of the size and with a known loop in the same process, never with the
clock on the wall. The choice of cases is a fixed one; `make long` takes more of them, `make growth` all.
"""

import random
from collections.abc import Iterable, Iterator

import pytest
from long_forms import LONG

from streams.parse import format_names
from tests.growth.measure import calibration, seconds
from tests.growth.seeds import seeds_of
from tests.growth.units import NUMBER
from tests.growth.work import Case, cases_of_format, cases_of_texts, warm_up

_SMALL = 100_000
_LARGE = 1_000_000
_STEEPEST = 12
"""Times the cost, for ten times the size."""
_UNMEASURABLE = 1.0
"""Known loops (16 to 30 ms each): differences below are the machine's."""
_DEAREST = 75
"""Known loops for 1 MB: 1.2 s where the loop takes 16 ms."""
_CASES_A_FORMAT = 5 if LONG else 3
_NAMED_A_FORMAT = 3 if LONG else 2
_CASES_OF_TEXTS = 12 if LONG else 8
_TRIES = 4
# What was quadratic once, or took gigabytes, wherever markup may stand.
_NAMED = (f"<b id=a{NUMBER}></x><p>", "<![CDATA[", "&", "\u00a0", "\u00c3\u00a9", "\n", f" a{NUMBER}='b'")


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load what parsers load at their first use."""
    warm_up()


@pytest.mark.parametrize("name", format_names())
def test_each_format_has_a_document_that_grows(name: str) -> None:
    """A new format needs a sample named after it, or a seed in `seeds.py`: then it is measured as all others are."""
    assert seeds_of(name)


@pytest.mark.parametrize("name", format_names())
def test_a_parser_grows_with_its_document(name: str) -> None:
    """Ten times the document costs at most twelve times as much, whatever it is that grows."""
    cases = list(cases_of_format(name))
    named = [case for case in cases if case.unit in _NAMED]
    dice = random.Random(name)
    chosen = dice.sample(cases, min(_CASES_A_FORMAT, len(cases))) + dice.sample(named, min(_NAMED_A_FORMAT, len(named)))

    assert list(_steep(chosen)) == []


def test_what_the_deduplication_does_with_a_text_grows_with_it() -> None:
    """Sentences, tokens, facts, the canonical form, corrections and decisions: all of them linear."""
    assert list(_steep(random.Random(1).sample(list(cases_of_texts()), _CASES_OF_TEXTS))) == []


def test_half_a_million_things_that_are_no_blocks_cost_little() -> None:
    """In each list of blocks of a BBC page; its headlines were once made of each of them, for 3 s a MB."""
    lists = [
        case
        for case in cases_of_format("bbc")
        if case.unit in {"1,", "{},"} and case.place.endswith(("blocks[]", "children[]", "titles[]"))
    ]

    assert list(_steep(lists)) == []


def test_growth_that_is_not_linear_is_seen() -> None:
    """The measure itself can fail: work that costs the square of its size does."""
    square = Case("a test", "everywhere", "x", lambda size: lambda: sum(1 for _ in range((size // 400) ** 2)))

    assert list(_steep([square])) != []


def _steep(cases: Iterable[Case]) -> Iterator[str]:
    loop = calibration()
    for case in cases:
        small, large = case.prepare(_SMALL), case.prepare(_LARGE)
        least_small, least_large = float("inf"), float("inf")
        for attempt in range(_TRIES):
            if attempt:  # others use the machine as well, and not evenly
                loop = max(loop, calibration())
            least_small, least_large = min(least_small, seconds(small)), min(least_large, seconds(large))
            steep = least_large > _STEEPEST * least_small + _UNMEASURABLE * loop
            if not steep and least_large <= _DEAREST * loop:
                break
        else:
            yield f"{case}: {least_small:.3f} s for 100 kB, {least_large:.3f} s for 1 MB; known loop {loop:.3f} s"
