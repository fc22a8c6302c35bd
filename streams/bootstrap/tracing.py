"""Where a process' spans go, by its settings."""

import importlib

from streams.exceptions import SettingsError
from streams.settings import Settings
from streams.telemetry.tracing import Tracing, Untraced


def tracing_of(settings: Settings, process: str) -> Tracing:
    """Return what records spans; `process` is the command that runs.

    Raises `SettingsError` when a collector is named and OpenTelemetry is not installed.
    """
    if settings.otlp is None:
        return Untraced()
    try:
        # Half a second and 20 MB that only those pay who trace.
        module = importlib.import_module("streams.telemetry.otlp")
    except ModuleNotFoundError as error:
        raise SettingsError(
            "LIVELINE_OTLP: OpenTelemetry is not installed; expected `pip install liveline-stream[otlp]`"
        ) from error
    tracing: Tracing = module.OtlpTracing(settings.otlp, process)
    return tracing
