"""One invented evening told in the many ways in which newsrooms lay out a live page as text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
RECEIVED = datetime(2024, 3, 2, 1, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """A post as it should come out."""

    at: datetime
    headline: str | None
    paragraphs: tuple[str, ...]
    caption: tuple[str, str] | None = None


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2024, 3, day, hour, minute, tzinfo=ZONE)


EVENING: tuple[Told, ...] = (
    Told(
        _at(2, 1, 12),
        "Last ferry brings passengers back to Marrow Quay",
        (
            "The last of three ferries has tied up with 212 people on board, the harbour master said.",
            '"Nobody is missing and nobody is hurt," Ilse Varga told reporters at 12.50 am.',
        ),
    ),
    Told(
        _at(2, 0, 31),
        "Smoke seen as far as Tillen, 30 miles away",
        ("Residents of Tillen have been told to keep their windows shut.", "A spokesman said the smoke was not toxic."),
        ("Smoke over the harbour seen from Tillen", "Ada Brook/Evening Post"),
    ),
    Told(
        _at(2, 0, 4),
        "Will the bridge open in time for the morning?",
        ("Engineers are looking at the north pier.", "They hope to have an answer by 6am.", "More as we get it."),
    ),
    Told(
        _at(1, 23, 46),
        "Fire service calls in crews from two counties",
        ("Twelve more engines are on their way.",),
    ),
    Told(
        _at(1, 22, 10),
        "'It sounded like thunder': what people on the quay heard",
        ("Joao Lind was locking up his cafe when the first tank went.", "He ran, he said, and did not look back."),
        ("Joao Lind outside his cafe on Marrow Quay", "Tom Ferris/PA"),
    ),
    Told(
        _at(1, 21, 30),
        "Harbour closed to all shipping",
        ("The port authority closed the harbour at 21:25 after a second explosion.", "Ships are being sent to Tillen."),
    ),
    Told(
        _at(1, 21, 2),
        "Fire breaks out at Marrow Quay",
        ("Firefighters have been called to a blaze at a fuel depot.", "We will bring you updates as they come."),
    ),
)

LEAD = (
    "Hundreds of people have been taken to safety after a fire broke out at a fuel depot at Marrow Quay.",
    "The harbour is closed, and three ferries were turned back.",
)


def no_headlines(posts: Sequence[Told]) -> tuple[Told, ...]:
    """Return the posts as a page without headlines tells them."""
    return tuple(replace(post, headline=None) for post in posts)


Clock = Callable[[datetime], str]


def twelve(at: datetime) -> str:
    """12:40 PM."""
    return f"{at.hour % 12 or 12}:{at:%M} {'PM' if at.hour >= 12 else 'AM'}"


def twelve_dotted(at: datetime) -> str:
    """12.40pm."""
    return f"{at.hour % 12 or 12}.{at:%M}{'pm' if at.hour >= 12 else 'am'}"


CLOCKS: dict[str, Clock] = {
    "12:40 PM": twelve,
    "12.40pm": twelve_dotted,
    "12:40 p.m.": lambda at: twelve(at).replace("AM", "a.m.").replace("PM", "p.m."),
    "12:40": lambda at: f"{at:%H:%M}",
    "12.40": lambda at: f"{at:%H.%M}",
    "12:40:05": lambda at: f"{at:%H:%M}:05",
    "19:02(GMT)": lambda at: f"{at:%H:%M}(GMT)",
    "9.15am GMT": lambda at: f"{twelve_dotted(at)} GMT",
    "0915 GMT": lambda at: f"{at:%H%M} GMT",
    "19h02": lambda at: f"{at:%Hh%M}",
    "[19:02]": lambda at: f"[{at:%H:%M}]",
    "Posted at 19:02": lambda at: f"Posted at {at:%H:%M}",
    "in New York": lambda at: twelve(at.astimezone(ZoneInfo("America/New_York"))).lower() + " ET",
    "1 March 2024 19:02": lambda at: f"{at.day} {at:%B %Y} {at:%H:%M}",
    "March 1, 2024, 7:02 p.m.": lambda at: f"{at:%B} {at.day}, {at.year}, {twelve(at).lower()}",
    "19:02, 1 Mar 2024": lambda at: f"{at:%H:%M}, {at.day} {at:%b %Y}",
    "7:02 p.m. GMT, March 1, 2024": lambda at: f"{twelve(at).lower()} GMT, {at:%B} {at.day}, {at.year}",
    "01/03/2024 19:02": lambda at: f"{at:%d/%m/%Y %H:%M}",
    "2024-03-01 19:02": lambda at: f"{at:%Y-%m-%d %H:%M}",
    "Fri 1 March 19:02": lambda at: f"{at:%a} {at.day} {at:%B} {at:%H:%M}",
    "Ana Reyes1 March 2024 19:02": lambda at: f"Ana Reyes{at.day} {at:%B %Y} {at:%H:%M}",
}


def loose(post: Told, clock: str) -> str:
    """Each thing a paragraph of its own, as pages copied from a browser come out."""
    return "\n\n".join([clock, *([post.headline] if post.headline else []), *post.paragraphs, *_captions(post)])


def compact(post: Told, clock: str) -> str:
    """Lay out a line each; a post without a headline leaves its line blank."""
    return "\n".join([clock, post.headline or "", *post.paragraphs, *_captions(post)])


def semi_compact(post: Told, clock: str) -> str:
    """Put the headline right under the clock, the paragraphs parted by blank lines."""
    head = f"{clock}\n{post.headline}" if post.headline else clock
    return "\n\n".join([head, *post.paragraphs, *_captions(post)])


def on_the_line(post: Told, clock: str) -> str:
    """Put the headline, or without one the first paragraph, on the time line."""
    first, *others = [*([post.headline] if post.headline else []), *post.paragraphs, *_captions(post)]
    return "\n\n".join([f"{clock} {first}", *others])


def on_the_line_dashed(post: Told, clock: str) -> str:
    """Do the same with a dash, and a line each."""
    first, *others = [*([post.headline] if post.headline else []), *post.paragraphs, *_captions(post)]
    return "\n".join([f"{clock} - {first}", *others])


LAYOUTS = {f.__name__: f for f in (loose, compact, semi_compact, on_the_line, on_the_line_dashed)}


def _captions(post: Told) -> list[str]:
    return [f"{post.caption[0]} - {post.caption[1]}"] if post.caption else []


def page(
    posts: Sequence[Told],
    clock: Clock,
    layout: Callable[[Told, str], str],
    lead: Sequence[str] = LEAD,
) -> str:
    """Return the whole text."""
    return "\n\n".join([*lead, *(layout(post, clock(post.at)) for post in posts)]) + "\n"


def at_minute(at: datetime) -> datetime:
    """Return the instant in UTC without its seconds, which few clocks show."""
    return at.astimezone(UTC) - timedelta(seconds=at.second)
