"""The settings of a process, put together from their sections; each default is explained where it stands."""

from collections.abc import Mapping

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from schemas.entry import SourceId
from schemas.newsroom import Newsroom
from streams.settings.prefix import PREFIX
from streams.settings.sections.access import AccessSettings
from streams.settings.sections.alerts import AlertsSettings
from streams.settings.sections.archive import ArchiveSettings
from streams.settings.sections.dedupe import DedupeSettings
from streams.settings.sections.deliver import DeliverSettings
from streams.settings.sections.enrich import EnrichSettings
from streams.settings.sections.gateway import GatewaySettings
from streams.settings.sections.kafka import EMBEDDED, KafkaSettings
from streams.settings.sections.page import PageSettings
from streams.settings.sections.parse import ParseSettings, TextSettings
from streams.settings.sections.poll import PollSettings
from streams.settings.sections.process import ProcessSettings
from streams.settings.sections.tracing import TracingSettings
from streams.settings.sections.worker import ShutdownSettings, WorkerHealthSettings, WorkerSettings


class _Environment(EnvSettingsSource):
    """Environment variables, but for what comes from `liveline.yaml` and from one variable a source."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:
        if field_name in Settings.not_variables():
            return None, field_name, False
        return super().get_field_value(field, field_name)

    def field_is_complex(self, field: FieldInfo) -> bool:  # noqa: ARG002
        """Read each value as plain text; none is JSON."""
        return False


# Pydantic takes the fields of the last base first: from the bottom up, this is the order of the reference and in which
# problems are told.
class Settings(
    ProcessSettings,
    PageSettings,
    AccessSettings,
    TracingSettings,
    PollSettings,
    WorkerHealthSettings,
    GatewaySettings,
    DeliverSettings,
    ArchiveSettings,
    ShutdownSettings,
    AlertsSettings,
    DedupeSettings,
    TextSettings,
    EnrichSettings,
    ParseSettings,
    WorkerSettings,
    KafkaSettings,
    BaseSettings,
):
    """All that a process is told; made by `load_settings`, handed to what needs it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    newsroom: Newsroom = Field(Newsroom(), description="What `liveline.yaml` says.")
    has_newsroom: bool = Field(default=False, description="Whether there is a `liveline.yaml`.")
    tokens: Mapping[SourceId, SecretStr] = Field({}, description="What a source pushes with. Never printed.")
    webhook_secrets: Mapping[str, SecretStr] = Field(
        {}, description="What a webhook of `liveline.yaml` is signed with. Never printed."
    )
    sink_addresses: Mapping[str, SecretStr] = Field({}, description="Where a sink sends to. Never printed.")

    @staticmethod
    def not_variables() -> frozenset[str]:
        """Return the fields that no variable of their name sets."""
        return frozenset({"newsroom", "has_newsroom", "tokens", "webhook_secrets", "sink_addresses"})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment alone: no file decides unseen what a process does."""
        return init_settings, _Environment(settings_cls)

    @property
    def embedded(self) -> bool:
        """Whether the broker is the one in this process."""
        return self.kafka == EMBEDDED
