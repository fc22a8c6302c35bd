"""The two databases: the archive, which can be built anew, and the state, which cannot."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Duration


class ArchiveSettings(BaseModel):
    """Where the databases are, and how long the archive keeps entries."""

    archive: str = Field(
        "sqlite:///liveline.db",
        description="Database URL of the gateway's read model: `sqlite:///FILE`, a file of one gateway on a local "
        "disk, or `postgresql://USER@HOST/NAME`, which any number of gateways share. It can be deleted: it is "
        "built anew from Kafka.",
        pattern=r"^[a-z][a-z0-9+]*://",
    )
    archive_kept: Duration | None = Field(
        None,
        description="Entries whose newest revision is older are forgotten by the archive, each hour and by `liveline "
        "archive prune`; absent: everything is kept. Kafka's own retention is another matter.",
        ge=timedelta(minutes=1),
    )
    state: str = Field(
        "sqlite:///liveline-state.db",
        description="Database URL of what must not be lost: webhooks and their deliveries, acknowledgements, mutes. "
        "`sqlite:///FILE`, or `postgresql://USER@HOST/NAME`, which several gateways need. Back it up: unlike the "
        "archive it can't be built anew, and a corrupt one stops what needs it.",
        pattern=r"^[a-z][a-z0-9+]*://",
    )
