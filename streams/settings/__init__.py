"""What a process is told: `LIVELINE_*` for itself, `liveline.yaml` for the newsroom; read once, then frozen."""

from streams.settings.load import load_settings
from streams.settings.model import Settings
from streams.settings.sections.kafka import SaslMechanism, SecurityProtocol
from streams.settings.sections.process import LogFormat, LogLevel
from streams.settings.values import Address
from streams.settings.variables import unknown_variables

__all__ = [
    "Address",
    "LogFormat",
    "LogLevel",
    "SaslMechanism",
    "SecurityProtocol",
    "Settings",
    "load_settings",
    "unknown_variables",
]
