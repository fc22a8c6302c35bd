"""Webhooks: who is sent what, as `liveline.yaml` and `/v1/webhooks` have it, and what became of each delivery."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import ConfigDict, Field

from schemas.model import Model, UtcTime, absent

FilterValues = Mapping[str, str | int | bool | tuple[str | int | bool, ...]]
"""A filter by the names of the query parameters: a value, or a list of values."""


class WebhookEvent(StrEnum):
    """What may be sent."""

    ENTRY = "entry"
    ALERT = "alert"


class WebhookStatus(StrEnum):
    """Whether anything is sent."""

    ACTIVE = "active"
    DISABLED = "disabled"


class DeliveryStatus(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    """To be sent, or sent again."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """Given up: all waits are used, or the endpoint is gone."""


class FixedWebhook(Model):
    """A webhook of `liveline.yaml`; its secret stands in `LIVELINE_WEBHOOK_SECRET_<ID>`."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")
    url: str = Field(pattern=r"^https?://[!-~]+$", max_length=2000, description="Where deliveries are posted.")
    filter: FilterValues = Field(default={}, description="The filters of the streams; without any, everything.")
    events: tuple[WebhookEvent, ...] = Field(
        default=(WebhookEvent.ENTRY,), min_length=1, description="What is sent: entries, alerts."
    )
    description: str | None = Field(default=None, max_length=500, description="For people.")


class NewWebhook(Model):
    """What `POST /v1/webhooks` takes."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(pattern=r"^https?://[!-~]+$", max_length=2000)
    filter: FilterValues = Field(default={})
    events: tuple[WebhookEvent, ...] = Field(default=(WebhookEvent.ENTRY,), min_length=1)
    description: str | None = Field(default=None, max_length=500)


class WebhookPatch(Model):
    """What `PATCH /v1/webhooks/{id}` takes: what is absent stays."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, pattern=r"^https?://[!-~]+$", max_length=2000)
    filter: FilterValues | None = None
    events: tuple[WebhookEvent, ...] | None = Field(default=None, min_length=1)
    description: str | None = Field(default=None, max_length=500)
    status: WebhookStatus | None = None


class Webhook(Model):
    """A subscription, as it is shown."""

    id: str
    url: str
    filter: FilterValues
    events: tuple[WebhookEvent, ...]
    description: str | None = absent("For people.")
    status: WebhookStatus
    disabled_reason: str | None = absent("Why nothing is sent.")
    fixed: bool = absent("It stands in `liveline.yaml` and is changed there.", default=False)
    created_at: UtcTime
    secret: str | None = absent("What its deliveries are signed with; shown once.")


class Delivery(Model):
    """A message to a webhook, and what became of it."""

    id: str
    type: str = Field(description="The body's `type`.")
    entry_id: str | None = absent("Of an entry.")
    alert_id: str | None = absent("Of an alert.")
    revision: int | None = absent("Of the entry or the alert.")
    status: DeliveryStatus
    attempt: int = Field(description="How often it was sent.")
    at: UtcTime = Field(description="When it was sent last; before that, when it was taken up.")
    http_status: int | None = absent("Of the last answer.")
    error: str | None = absent("Why the last attempt failed.")
    next_at: UtcTime | None = absent("When it is sent next; absent while an earlier revision is pending.")
