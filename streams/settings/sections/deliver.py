"""Deliveries to webhooks."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Bind, Duration, Durations


class DeliverSettings(BaseModel):
    """Where `liveline deliver` listens, and its attempts at an endpoint."""

    deliver_bind: Bind | None = Field(
        None, description="`host:port` of `liveline deliver` for health and metrics; absent: it listens nowhere."
    )
    webhook_internal: bool = Field(
        default=False,
        description="Post to internal addresses, too (loopback, private, link-local): for tests and intranets.",
    )
    webhook_timeout: Duration = Field(
        timedelta(seconds=15),
        description="For one delivery, from connecting to the endpoint's answer.",
        ge=timedelta(milliseconds=100),
    )
    webhook_schedule: Durations = Field(
        (
            timedelta(seconds=5),
            timedelta(minutes=5),
            timedelta(minutes=30),
            timedelta(hours=2),
            timedelta(hours=5),
            timedelta(hours=10),
            timedelta(hours=14),
            timedelta(hours=20),
            timedelta(hours=24),
        ),
        description="Waits between the attempts of a delivery, between commas; the default is that of Standard "
        "Webhooks, three days in all. A webhook of which a delivery used them all is disabled, unless another one "
        "succeeded meanwhile.",
        min_length=1,
        max_length=50,
    )
