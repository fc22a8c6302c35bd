"""What crosses a border: models of documents, posts, entries, alerts and dead letters, and of the newsroom."""

from schemas.alert import Alert, AlertChange, AlertLinks, AlertSubject, Cause, HeldBack, Insistence, SubjectKind
from schemas.alert_rule import AlertRule, Burst, Count, Per, Quiet, RuleSink, Sink
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
from schemas.newsroom import Coverage, Identity, KnownName, Newsroom, Source
from schemas.post import Content, Embed, Kind, Media, MediaType, Post, Status, Subject, TimeBasis

__all__ = [
    "Alert",
    "AlertChange",
    "AlertLinks",
    "AlertRule",
    "AlertSubject",
    "Bound",
    "Burst",
    "Cause",
    "Change",
    "Content",
    "Count",
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
    "Insistence",
    "Kind",
    "KnownName",
    "Media",
    "MediaType",
    "Newsroom",
    "Origin",
    "Per",
    "Place",
    "Post",
    "Quiet",
    "Quote",
    "RuleSink",
    "Sink",
    "Source",
    "SourceReport",
    "Stage",
    "Status",
    "Subject",
    "SubjectKind",
    "TimeBasis",
]
