"""What crosses a border: models of documents, posts, entries, alerts and dead letters, and of the newsroom."""

from schemas.alert import Alert
from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document
from schemas.entry import Change, Entity, EntityType, Entry, Origin, Place, Quote, SourceReport
from schemas.newsroom import Coverage, Identity, Newsroom, Source
from schemas.post import Content, Embed, Kind, Media, MediaType, Post, Status, Subject, TimeBasis

__all__ = [
    "Alert",
    "Change",
    "Content",
    "Coverage",
    "DeadLetter",
    "Document",
    "Embed",
    "Entity",
    "EntityType",
    "Entry",
    "Identity",
    "Kind",
    "Media",
    "MediaType",
    "Newsroom",
    "Origin",
    "Place",
    "Post",
    "Quote",
    "Source",
    "SourceReport",
    "Stage",
    "Status",
    "Subject",
    "TimeBasis",
]
