"""A post's lines sorted into paragraphs, captions with credits, and bylines."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.post import Media, MediaType
from streams.parse.lines.captions import Caption, read_caption
from streams.parse.lines.lines import Line
from streams.parse.words.byline import names_of_line


@dataclass(slots=True)
class Body:
    """The parts of a post."""

    text: str = ""
    media: list[Media] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)


def read_body(lines: Sequence[Line], *, compact: bool) -> Body:
    """Return the lines' paragraphs as text, the captions as media, the byline's names as authors."""
    body = Body()
    captions: list[Caption] = []
    text = ""
    for place, line in enumerate(lines):
        names = names_of_line(line.text)
        if names and place in (0, len(lines) - 1):
            body.authors += names
            if place == 0 and len(lines) > 1:
                continue  # at the end it may be the linked story's: it stays in the text as well
        if caption := read_caption(line.text):
            captions.append(caption)
            continue
        glue = "" if not text else "\n\n" if compact or line.after_blank or not line.bullet else "\n"
        text += glue + line.text
    body.text = text
    body.media = [
        Media(type=MediaType.IMAGE, caption=caption.text or None, credit=caption.credit or None)
        for caption in _joined(captions)
    ]
    return body


def _joined(captions: list[Caption]) -> list[Caption]:
    """Give a credit on a line of its own to the caption before it, or after it, when that has none."""
    joined: list[Caption] = []
    for caption in captions:
        if not caption.text and joined and joined[-1].text and not joined[-1].credit:
            joined[-1] = Caption(joined[-1].text, caption.credit)
        else:
            joined.append(caption)
    for place in range(len(joined) - 1, 0, -1):
        before, caption = joined[place - 1 : place + 1]
        if not before.text and not caption.credit:
            joined[place - 1 : place + 1] = [Caption(caption.text, before.credit)]
    return joined
