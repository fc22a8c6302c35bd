"""`docs/configuration.md`, made from the models, so that it can't say something else than they do."""

from datetime import timedelta
from enum import Enum
from typing import Annotated, Any, get_args

from pydantic import BaseModel, PlainSerializer, TypeAdapter
from pydantic.fields import FieldInfo

from schemas.alert_rule import AlertRule, Sink
from schemas.duration import duration_text
from schemas.newsroom import Coverage, KnownName, Newsroom, Source
from schemas.webhook import FixedWebhook
from streams.settings.model import Settings
from streams.settings.values import Address
from streams.settings.variables import variable

_INTRODUCTION = """\
# Configuration

<!-- Made by `python -m streams.settings.reference > docs/configuration.md`; edit the field descriptions instead. -->

A process is told what to do by environment variables, the newsroom by `liveline.yaml`.
`liveline config check` says what is in force and what is wrong, each with its place.
An empty variable counts as absent. A variable that begins with `LIVELINE_` and is none of these is warned about.

## Environment

| variable | default | meaning |
|---|---|---|
"""

_TOKENS = """
## Tokens

A source pushes with a bearer token of its own. It is read from `LIVELINE_TOKEN_<SOURCE ID>`, the id in capitals with
`-` and `.` as `_`, or from the file that `LIVELINE_TOKEN_<SOURCE ID>_FILE` names (as container secrets are mounted).
For the source `evening-post` that is `LIVELINE_TOKEN_EVENING_POST`. A source without a token can't push. Tokens are
never printed or logged.
"""

_WEBHOOK_SECRETS = """
## Secrets of webhooks

A webhook that `liveline.yaml` lists is signed with the secret in `LIVELINE_WEBHOOK_SECRET_<ID>`, or in the file that
`LIVELINE_WEBHOOK_SECRET_<ID>_FILE` names: `whsec_` and 24 to 64 bytes in base64. Only who delivers needs it.
"""

_SINK_ADDRESSES = """
## Addresses of sinks

A sink of alerts that `liveline.yaml` lists sends to the address in `LIVELINE_SINK_<ID>`, or in the file that
`LIVELINE_SINK_<ID>_FILE` names: an [Apprise URL](https://appriseit.com/services/), or `print:`.
It is never printed or logged. Only who delivers needs it. [alerts.md](alerts.md#sinks) has examples.
"""

_NEWSROOM = """
## liveline.yaml

```yaml
coverages:
  - id: harbour-fire
    title: Harbour fire
    country: GB
    sources:
      - id: evening-post
        url: https://example.org/live/harbour-fire
        every: 15s
        timezone: Europe/London
        language: en-GB
      - id: coast-wire
alerts: []
sinks: []
webhooks:
  - id: desk-system
    url: https://desk.example.org/liveline
    filter: {coverage: [harbour-fire], key_event: true}
    events: [entry]
```
"""


def reference() -> str:
    """Return the page in Markdown."""
    rows = "".join(
        f"| `{variable(name)}` | {_default(field)} | {field.description}{_choices(field)} |\n"
        for name, field in Settings.model_fields.items()
        if name not in Settings.not_variables()
    )
    tables = "".join(
        f"\n### {title}\n\n| key | default | meaning |\n|---|---|---|\n{_rows(model)}" for title, model in _MODELS
    )
    return _INTRODUCTION + rows + _TOKENS + _WEBHOOK_SECRETS + _SINK_ADDRESSES + _NEWSROOM + tables


_MODELS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("The file", Newsroom),
    ("A coverage", Coverage),
    ("A name of a coverage", KnownName),
    ("A source", Source),
    ("A rule of alerts", AlertRule),
    ("A sink of alerts", Sink),
    ("A webhook", FixedWebhook),
)
_PLAIN = {
    ("Newsroom", "coverages"): "The news events being covered.",
    ("Newsroom", "alerts"): "Rules of what an editor is told; `docs/alerts.md` has ten.",
    ("Newsroom", "sinks"): "Where alerts are sent.",
    ("Newsroom", "webhooks"): "Where entries are delivered to.",
    ("Coverage", "id"): "Small letters, digits, `.`, `_` and `-`.",
    ("Coverage", "title"): "For people.",
    ("Coverage", "sources"): "The publishers' live blogs about it.",
    ("FixedWebhook", "id"): "Small letters, digits, `.`, `_` and `-`.",
    ("Source", "id"): "Small letters, digits, `.`, `_` and `-`; unique over all coverages.",
}


def _rows(model: type[BaseModel]) -> str:
    return "".join(
        f"| `{name}` | {_default(field)} | {field.description or _PLAIN[(model.__name__, name)]}{_choices(field)} |\n"
        for name, field in model.model_fields.items()
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value: Any = field.default
    if value is None or value == ():
        return "absent"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, timedelta):
        value = duration_text(value)
    if isinstance(value, tuple):
        value = f"[{', '.join(map(str, value))}]"
    for serializer in field.metadata if isinstance(value, Address) else ():
        if isinstance(serializer, PlainSerializer):
            value = TypeAdapter(Annotated[Any, serializer]).dump_python(value)
    return f"`{value}`"


def _choices(field: FieldInfo) -> str:
    kinds = (field.annotation, *get_args(field.annotation))
    found = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)), None)
    return f" One of {', '.join(f'`{choice.value}`' for choice in found)}." if found else ""


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201
