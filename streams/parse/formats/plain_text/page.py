"""A live page as plain text: the user's clipboard, a text export, an e-mailed digest."""

from datetime import timedelta

from schemas.post import Kind, Post, TimeBasis
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.plain_text.key_events import without_key_events
from streams.parse.formats.plain_text.page_day import is_dateline, page_day
from streams.parse.formats.plain_text.section import Section
from streams.parse.formats.plain_text.sections import Page, cut
from streams.parse.formats.plain_text.time_line import read_time_line
from streams.parse.lines.body import read_body
from streams.parse.lines.headlines import looks_like_headline
from streams.parse.lines.lines import Line, is_hard_wrapped, read_lines, unwrap
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.times.clock_days import Dated, resolve
from streams.parse.times.moment import Moment, at_clock, stamp_day
from streams.parse.times.stamp import Stamp
from streams.parse.words.byline import names_of_line

_LOOKED_AT_LINES = 400


def _is_live_page(payload: Payload) -> bool:
    if payload.looks_like_json or payload.looks_like_xml or payload.looks_like_html or b"\0" in payload.head:
        return False
    if payload.media_type not in ("text/plain", "text/markdown", "application/octet-stream", ""):
        return False
    lines = read_lines(payload.text[:60_000])[:_LOOKED_AT_LINES]
    alone = inline = 0
    for line in lines:
        if found := read_time_line(line):
            alone += not found.rest
            inline += bool(found.rest) and line.after_blank
    return alone > 0 or inline > 1 or (inline == 1 and read_time_line(lines[0]) is not None)


@parser("plain-text", looks_like=_is_live_page, rank=90)
def parse_plain_text(payload: Payload) -> Parsed:
    """Read a page's lead as a summary and each time line with what follows as a post."""
    lines = read_lines(payload.text)
    if not lines:
        raise ParseError("the text has no line to read")
    if is_hard_wrapped(lines):
        lines = unwrap(lines)
    page = cut(lines)
    lead, sections = without_key_events(page.lead, page.sections)
    if len(sections) > payload.limits.max_posts:
        raise ParseError(f"the text has {len(sections):,} posts; at most {payload.limits.max_posts:,} are read")
    moments = _moments(sections, page, payload)
    summary = _summary(lead, payload, compact=page.compact)
    posts, bad = collect(
        payload,
        ((f"line {section.place + 1}", (section, moment)) for section, moment in zip(sections, moments, strict=True)),
        lambda item: _post(*item, payload, compact=page.compact),
    )
    if not posts and not bad and summary is None:
        raise ParseError("the text has neither a time line such as 12:40 PM nor a lead")
    return Parsed((*([summary] if summary else []), *posts), tuple(bad))


def _moments(sections: list[Section], page: Page, payload: Payload) -> list[Moment]:
    dated = [
        Dated(section.time_line.stamp, stamp_day(section.heading, payload) if section.heading else None)
        for section in sections
    ]
    return resolve(dated, payload, page_day(page, payload))


def _post(section: Section, moment: Moment, payload: Payload, *, compact: bool) -> Post:
    body = read_body(section.lines, compact=compact)
    author = section.time_line.author
    return build_post(
        payload,
        published=moment,
        updated=_updated(section.updated, moment, section.time_line.stamp, payload) if section.updated else None,
        headline=section.headline,
        body_text=body.text,
        media=body.media,
        authors=[*([author] if author else []), *body.authors],
    )


def _updated(mark: Stamp, published: Moment, stamp: Stamp, payload: Payload) -> Moment | None:
    """Return when a post was updated; a clock alone is the first such time after it was published."""
    if mark.clock is None:
        return None
    zone = mark.zone or stamp.zone
    if day := stamp_day(mark, payload):
        return Moment(at_clock(day, mark.clock, zone, payload))
    day = published.at.astimezone(payload.source.zone).date()
    at = at_clock(day, mark.clock, zone, payload)
    if at < published.at.replace(second=0):
        at = at_clock(day + timedelta(days=1), mark.clock, zone, payload)
    return Moment(at, TimeBasis.DATE_INFERRED)


def _summary(lead: list[Line], payload: Payload, *, compact: bool) -> Post | None:
    """Return the lead as a post; the page's title and byline are no part of it."""
    authors: list[str] = []
    lines = [line for line in lead if not is_dateline(line.text)]
    if lines and looks_like_headline(lines[0].text):
        del lines[0]
    while lines and (names := names_of_line(lines[0].text)):
        authors += names
        del lines[0]
    body = read_body(lines, compact=compact)
    if not body.text:
        return None
    return build_post(
        payload, body_text=body.text, media=body.media, authors=[*authors, *body.authors], kind=Kind.SUMMARY
    )
