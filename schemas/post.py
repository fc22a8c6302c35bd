"""A post: one update as its source wrote it; what a parser yields and what a producer may push as JSON."""

from enum import StrEnum

from pydantic import Field

from schemas.model import Model, UtcTime, absent


class Status(StrEnum):
    """IPTC's publishing status."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class TimeBasis(StrEnum):
    """How `published_at` was found."""

    EXACT = "exact"
    ZONE_ASSUMED = "zone_assumed"
    DATE_INFERRED = "date_inferred"
    RECEIVED = "received"


class Kind(StrEnum):
    """What sort of update a post is."""

    POST = "post"
    SUMMARY = "summary"
    COMMENT = "comment"


class MediaType(StrEnum):
    """What a media item is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


class Media(Model):
    """A picture, video or sound that belongs to a post."""

    type: MediaType = Field(description="What it is.", examples=["image"])
    url: str | None = absent("Where its file is.", examples=["https://example.org/quay.jpg"])
    caption: str | None = absent("What it shows.", examples=["Firefighters on the north quay"])
    credit: str | None = absent("Who made or supplied it.", examples=["A. Reyes/Evening Post"])
    alt: str | None = absent("The text shown in its place.")


class Embed(Model):
    """Something of another provider shown inside a post: a social post, a video, a scorecard."""

    provider: str | None = absent("Who hosts it.", examples=["twitter"])
    url: str | None = absent("Its permanent link.")
    text: str | None = absent("Its text, as far as the source gave it.")


class Subject(Model):
    """A topic as given by the source."""

    name: str | None = absent("Its name.", examples=["Fire"])
    code: str | None = absent("Its code in the scheme.", examples=["medtop:20000148"])
    scheme: str | None = absent("The vocabulary of the code.")


class Content(Model):
    """What a post and an entry have in common: all that the source wrote."""

    url: str | None = absent("Permanent link, with its fragment.")
    published_at: UtcTime | None = absent("First publication, by the source.")
    updated_at: UtcTime | None = absent("Time of this version, by the source.")
    time_basis: TimeBasis | None = absent("How `published_at` was found.")
    headline: str | None = absent("As written by the source; never made up.")
    body_text: str | None = absent("Plain text, paragraphs parted by a blank line, no captions or credits.")
    body_html: str | None = absent("Sanitised HTML.")
    summary: str | None = absent("The source's own summary.")
    authors: tuple[str, ...] = absent("Bylines, one name each.", default=(), examples=[["Ana Reyes"]])
    media: tuple[Media, ...] = absent("Pictures, videos and sound.", default=())
    embeds: tuple[Embed, ...] = absent("Social posts, players, scorecards.", default=())
    links: tuple[str, ...] = absent("Addresses linked from the body.", default=())
    key_event: bool = absent("The source marks it as a key event.", default=False)
    pinned: bool = absent("The source keeps it at the top.", default=False)
    breaking: bool = absent("The source marks it as breaking.", default=False)
    version: str | None = absent("The source's version, when it has one.")
    language: str | None = absent("BCP 47.", examples=["en-GB"])
    kind: Kind = Field(default=Kind.POST, description="`comment`: written by a reader.")
    subjects: tuple[Subject, ...] = absent("Topics as given by the source.", default=())
    urgency: int | None = absent("1 to 9; IPTC: 1 is most urgent.", ge=1, le=9)
    embargo_until: UtcTime | None = absent("Withheld until then.")
    slugline: str | None = absent("An agency's slug: a few words that name the story.", examples=["HARBOUR-FIRE"])
    editorial_note: str | None = absent("An agency's note to desks; never part of the body.", examples=["Adds details"])
    dateline: str | None = absent("Place and agency before the first sentence.", examples=["QUAYSIDE (Agency)"])
    usage_terms: str | None = absent("What may be done with it, by its source.")


class Post(Content):
    """One update as its source wrote it, parsed."""

    id: str | None = absent("The source's own id of the post; absent when it has none.")
    status: Status = Field(default=Status.USABLE, description="`canceled`: deleted or killed by the source.")

    @property
    def gone(self) -> bool:
        """Whether the source took it back."""
        return self.status is Status.CANCELED
