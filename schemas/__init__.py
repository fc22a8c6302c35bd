"""What crosses a border: models of documents, posts, entries, alerts and dead letters, and of the newsroom."""

from schemas.alert import Alert, AlertChange, AlertLinks, AlertSubject, Cause, HeldBack, SubjectKind
from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document
from schemas.entry import (
    Bound,
    Change,
    Entity,
    EntityType,
    Entry,
    Figure,
    FigureKind,
    Origin,
    Place,
    Quote,
    SourceReport,
)
from schemas.newsroom import Coverage, Identity, Newsroom, Source
from schemas.post import Content, Embed, Kind, Media, MediaType, Post, Status, Subject, TimeBasis

__all__ = [
    "Alert",
    "AlertChange",
    "AlertLinks",
    "AlertSubject",
    "Bound",
    "Cause",
    "Change",
    "Content",
    "Coverage",
    "DeadLetter",
    "Document",
    "Embed",
    "Entity",
    "EntityType",
    "Entry",
    "Figure",
    "FigureKind",
    "HeldBack",
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
    "SubjectKind",
    "TimeBasis",
]
