"""Where rules of alerts begin, and how alerts are sent."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Duration, Durations, Time


class AlertsSettings(BaseModel):
    """The beginning of rules, and the attempts at a sink."""

    alerts_from: Time | None = Field(
        None,
        description="Where the rules under `alerts` begin when they are run for the first time, such as "
        "`2026-01-31T08:00:00Z`; absent: at what comes next. Later they go on where they stopped, whatever this says.",
    )
    alerts_send_timeout: Duration = Field(
        timedelta(seconds=30),
        description="For one message to a sink; what takes longer counts as in doubt and is sent again.",
        ge=timedelta(milliseconds=100),
    )
    alerts_send_schedule: Durations = Field(
        (
            timedelta(seconds=5),
            timedelta(seconds=15),
            timedelta(minutes=1),
            timedelta(minutes=5),
            timedelta(minutes=15),
            timedelta(minutes=30),
        ),
        description="Waits between the attempts at a sink, between commas; after them a message is a dead letter of "
        "its sink. A sink's `late` may end them before.",
        min_length=1,
        max_length=50,
    )
