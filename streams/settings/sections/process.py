"""A process's files: the newsroom's, and its log."""

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, Field


class LogLevel(StrEnum):
    """The least important message that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """What a log line looks like."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


class ProcessSettings(BaseModel):
    """Where the newsroom's file is, and what the log looks like."""

    config: Path = Field(
        Path("liveline.yaml"),
        description="The newsroom's file. Without one, nothing is configured and pushes are refused.",
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="Libraries below `warning` stay silent whatever this says.")
    log_format: LogFormat = Field(LogFormat.AUTO, description="`auto`: for people on a terminal, JSON otherwise.")
