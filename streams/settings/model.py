"""The settings of a process; each default is explained where it stands."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from schemas.entry import SourceId
from schemas.newsroom import Newsroom
from streams.settings.values import Address, Bind, Duration, Durations, Hosts, Origins, Proxies, Sites, Time

PREFIX = "LIVELINE_"
EMBEDDED = "embedded"
_LEAST_SECRET_BYTES = 32


class SecurityProtocol(StrEnum):
    """How Kafka is spoken to."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"

    @property
    def sasl(self) -> bool:
        """Whether it needs a user name and a password."""
        return self.value.startswith("SASL_")


class SaslMechanism(StrEnum):
    """How Kafka is told who we are."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


class EntityModel(StrEnum):
    """What finds names in English texts."""

    CRF = "crf"
    SPACY = "spacy"


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


class _Environment(EnvSettingsSource):
    """Environment variables, but for what comes from `liveline.yaml` and from one variable a source."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:
        if field_name in Settings.not_variables():
            return None, field_name, False
        return super().get_field_value(field, field_name)

    def field_is_complex(self, field: FieldInfo) -> bool:  # noqa: ARG002
        """Read each value as plain text; none is JSON."""
        return False


class Settings(BaseSettings):
    """All that a process is told; made by `load_settings`, handed to what needs it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    kafka: str = Field(
        EMBEDDED,
        description="Bootstrap servers (`host:port,host:port`), or `embedded`: a broker in this process's memory, "
        "the default so that trying Liveline needs nothing else. It loses everything at the end.",
        min_length=1,
    )
    kafka_security_protocol: SecurityProtocol = Field(
        SecurityProtocol.PLAINTEXT, description="`SSL` and `SASL_SSL` are TLS; plain by default, as Kafka itself is."
    )
    kafka_sasl_mechanism: SaslMechanism = Field(
        SaslMechanism.SCRAM_SHA_512, description="The strongest that Kafka has for names and passwords."
    )
    kafka_sasl_username: str | None = Field(None, description="Needed with a `SASL_` protocol.")
    kafka_sasl_password: SecretStr | None = Field(None, description="Needed with a `SASL_` protocol. Never printed.")
    kafka_ca_file: Path | None = Field(
        None, description="PEM file of the authorities to trust; absent: the system's own."
    )
    topic_prefix: str = Field(
        "liveline.",
        description="Before each topic's name; another one keeps two installations on one cluster apart.",
        pattern=r"^[A-Za-z0-9._-]{0,100}$",
    )
    partitions: int = Field(
        4,
        description="Of topics that we create: the most workers that can share the work. Can't be lowered later.",
        ge=1,
        le=1000,
    )
    replication: int = Field(
        -1,
        description="Copies of each partition of topics that we create; -1 leaves it to the cluster "
        "(`default.replication.factor`), which knows how many brokers it has.",
        ge=-1,
        le=10,
    )
    application: str = Field(
        "liveline",
        description="The workers' consumer group and the prefix of their transactional ids; workers that share it "
        "share the work.",
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
    )
    session_timeout: Duration = Field(
        timedelta(seconds=6),
        description="A worker that Kafka has not heard of for so long loses its partitions to another one. 6s is "
        "the least that a Kafka broker allows by default; longer means later recovery after a crash.",
        ge=timedelta(seconds=1),
    )
    batch_max_records: int = Field(
        500,
        description="Documents in one transaction: 500 take about 25 ms, more gains hardly any throughput.",
        ge=1,
        le=100_000,
    )
    batch_max_bytes: int = Field(
        4 * 1024 * 1024,
        description="Bytes of documents in one transaction; a larger document makes a transaction of its own.",
        ge=1024,
    )
    parse_max_bytes: int = Field(
        8 * 1024 * 1024,
        description="Size of a document that is read; a larger one is a dead letter that says so.",
        ge=1024,
    )
    parse_max_depth: int = Field(
        200,
        description="Nesting of JSON and HTML; real pages stay far below, deeper ones take parsers minutes. XML has "
        "libxml2's own bound of 256, and its entities are not expanded.",
        ge=10,
        le=1000,
    )
    parse_max_posts: int = Field(
        5_000, description="Posts in one document; the longest live blogs have some 2,000.", ge=1
    )
    parse_timeout: Duration = Field(
        timedelta(seconds=20),
        description="Processor time for one document, from its bytes to its entries; a document that takes more is a "
        "dead letter. The slowest of real pages take 0.1s: this is for what nobody thought of.",
        ge=timedelta(milliseconds=100),
    )
    enrich_entities: EntityModel = Field(
        EntityModel.CRF,
        description="The model of English names: `crf` is Liveline's own; `spacy` is spaCy's small one, which takes "
        "some milliseconds a post and needs `liveline-stream[spacy]`. The same on all workers.",
    )
    enrich_timeout: Duration = Field(
        timedelta(seconds=5),
        description="Processor time of one enricher over one entry; an enricher that takes more is left out, which "
        "`enrichment_errors` of the entry says, and for the other entries of its document too. All enrichers together "
        "take 1ms for the median post, and the first use of one loads its data. Long, so that only a fault meets it: "
        "else the same entry would say something else on a busy machine.",
        ge=timedelta(milliseconds=100),
    )
    parse_max_text: int = Field(1_000_000, description="Characters of a post's headline, text or HTML, each.", ge=100)
    dedupe_quiet: Duration = Field(
        timedelta(hours=48),
        description="Of a coverage without a document for so long only skeletons are kept: its page goes on where it "
        "stopped, but edits no longer say what changed. The same on all workers, as the other `DEDUPE` settings.",
        ge=timedelta(minutes=1),
    )
    dedupe_kept: Duration = Field(
        timedelta(days=90),
        description="And after so long only how far back it reached: posts that are not newer, or have no time, are "
        "not published, for they may have been. At least `DEDUPE_QUIET`.",
        ge=timedelta(minutes=1),
    )
    dedupe_retraction_kept: Duration = Field(
        timedelta(hours=24),
        description="A retraction stands so long on the compacted topic before a tombstone ends it.",
        ge=timedelta(0),
    )
    dedupe_missing_snapshots: int = Field(
        2, description="A `complete` source's post is gone once so many snapshots in a row do not show it.", ge=1
    )
    dedupe_enough_short: float = Field(
        0.85,
        description="How much of a short text (up to 8 meaningful words) another must hold to tell the same news; "
        "`docs/deduplication.md` has the curve. Facts that differ part two texts whatever this says.",
        ge=0,
        le=1,
    )
    dedupe_enough_middle: float = Field(0.75, description="The same for texts of 9 to 19 words.", ge=0, le=1)
    dedupe_enough_long: float = Field(0.65, description="The same for longer ones.", ge=0, le=1)
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
    shutdown_timeout: Duration = Field(
        timedelta(seconds=20),
        description="For finishing what is at hand after SIGTERM; below the 30 s after which Kubernetes kills.",
        ge=timedelta(0),
    )
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
    bind: Bind = Field(
        Address("127.0.0.1", 8080),
        description="`host:port` of the gateway. This machine only, until you say otherwise (`0.0.0.0:8080`).",
    )
    gateway_connections: int = Field(
        20_000,
        description="Connections that a gateway holds, streams included. Fewer where the process may not have so many "
        "open files (`ulimit -n`, of which 64 are kept for other things); the log says so. When all are taken, one "
        "that has not sent a whole request makes room.",
        ge=8,
    )
    gateway_connections_per_address: int = Field(
        2_000,
        description="Of one client address (of IPv6, a /64), at most three quarters of all: an office or a proxy "
        "shares one. Behind a proxy see `LIVELINE_TRUSTED_PROXIES`.",
        ge=1,
    )
    gateway_head_timeout: Duration = Field(
        timedelta(seconds=10),
        description="From connecting to the end of the first request's head.",
        ge=timedelta(milliseconds=100),
    )
    gateway_body_timeout: Duration = Field(
        timedelta(seconds=90),
        description="For a pushed document's body: the largest one, 8 MiB, over 1 Mbit/s takes 67 s.",
        ge=timedelta(milliseconds=100),
    )
    gateway_stall_timeout: Duration = Field(
        timedelta(seconds=20),
        description="A client that reads nothing of what is waiting for it is dropped after so long; a subscriber "
        "comes back with its cursor.",
        ge=timedelta(seconds=1),
    )
    trusted_proxies: Proxies = Field(
        (),
        description="Addresses or networks of proxies in front of the gateway, between commas (`10.0.0.0/8, ::1`). "
        "Their `X-Forwarded-For` says who the client is: its last address that is not among these.",
    )
    worker_bind: Bind | None = Field(
        None, description="`host:port` of the worker's health and metrics; absent: the worker listens nowhere."
    )
    poll_bind: Bind | None = Field(
        None,
        description="`host:port` of `liveline poll` for health, metrics and hubs' calls; absent: it listens nowhere. "
        "Within `liveline up` the gateway does it.",
    )
    poll_internal: bool = Field(
        default=False,
        description="Poll internal addresses, too (loopback, private, link-local). Off: a redirect or a hub that a "
        "page names must not reach what only this network can.",
    )
    poll_timeout: Duration = Field(
        timedelta(seconds=30),
        description="For one request, from connecting to its last byte.",
        ge=timedelta(milliseconds=100),
    )
    poll_host_connections: int = Field(
        1, description="Requests to one host at a time, over all sources; more is impolite.", ge=1, le=16
    )
    poll_host_gap: Duration = Field(
        timedelta(seconds=1),
        description="Between two requests to one host, over all sources.",
        ge=timedelta(0),
    )
    poll_homepage: str | None = Field(
        None,
        description="Address that tells a publisher who polls; it stands in the user agent. Give one.",
        pattern=r"^https?://[!-~]+$",
    )
    public_url: str | None = Field(
        None,
        description="Base address under which others reach the gateway; links in feeds begin with it. "
        "With it, sources that name a WebSub hub are "
        "subscribed to, and polled less; absent: they are only polled.",
        pattern=r"^https?://[!-~]+$",
    )
    otlp: str | None = Field(
        None,
        description="Address of an OpenTelemetry collector, such as `http://collector:4318`: spans of push, processing "
        "and delivery go there by OTLP over HTTP. Needs `liveline-stream[otlp]`; absent: nothing is traced, and a "
        "producer's `traceparent` is only carried on. `OTEL_TRACES_SAMPLER` says how many.",
        pattern=r"^https?://[!-~]+$",
    )
    jwt_secret: SecretStr | None = Field(
        None,
        description="Verifies subscribers' tokens that are signed by HS256; 32 bytes or more. Never printed.",
    )
    jwt_jwks: str | None = Field(
        None,
        description="URL or file of the keys (a JWK set) that verify tokens signed by RS256, ES256 or EdDSA. Beside "
        "`LIVELINE_JWT_SECRET`, the token's `alg` chooses.",
        min_length=1,
    )
    jwt_issuer: str | None = Field(None, description="What a token's `iss` must be; absent: it is not looked at.")
    jwt_audience: str | None = Field(
        None, description="What a token's `aud` must be or hold; absent: it is not looked at."
    )
    admin_token: SecretStr | None = Field(
        None, description="An admin's token that is no JWT and does not expire. Never printed."
    )
    origins: Origins = Field(
        (),
        description="Origins of web pages, between commas (`https://www.example.org`), that may read with the cookie "
        "`liveline_token`; the gateway's own may anyway.",
    )
    page_pictures: Hosts = Field(
        (),
        description="Hosts whose pictures the live page shows, between commas (`media.example.org, *.example.net`; "
        "`*`: any). Pictures of others are links: a picture tells its host who reads.",
    )
    embed_sites: Sites = Field(
        (),
        description="Origins of web pages, between commas (`https://www.example.org`; `*`: any), that may hold a "
        "coverage in an iframe; the gateway's own may anyway.",
    )
    config: Path = Field(
        Path("liveline.yaml"),
        description="The newsroom's file. Without one, nothing is configured and pushes are refused.",
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="Libraries below `warning` stay silent whatever this says.")
    log_format: LogFormat = Field(LogFormat.AUTO, description="`auto`: for people on a terminal, JSON otherwise.")

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

    @model_validator(mode="after")
    def _who_we_are(self) -> Self:
        if self.kafka_security_protocol.sasl:
            for name in ("kafka_sasl_username", "kafka_sasl_password"):
                if not getattr(self, name):
                    raise ValueError(
                        f"{PREFIX}{name.upper()}: missing; {PREFIX}KAFKA_SECURITY_PROTOCOL "
                        f"{self.kafka_security_protocol} needs it"
                    )
        if self.kafka_ca_file and not self.kafka_ca_file.is_file():
            raise ValueError(f"{PREFIX}KAFKA_CA_FILE: no file {str(self.kafka_ca_file)!r}; expected a PEM file")
        if self.jwt_secret and (found := len(self.jwt_secret.get_secret_value().encode())) < _LEAST_SECRET_BYTES:
            raise ValueError(
                f"{PREFIX}JWT_SECRET: found {found} bytes; expected at least {_LEAST_SECRET_BYTES} (RFC 7518, 3.2), "
                "such as `openssl rand -base64 48` prints"
            )
        if self.jwt_jwks and "://" not in self.jwt_jwks and not Path(self.jwt_jwks).is_file():
            raise ValueError(f"{PREFIX}JWT_JWKS: no file {self.jwt_jwks!r}; expected a file or a URL of a JWK set")
        if self.jwt_jwks and "://" in self.jwt_jwks and not self.jwt_jwks.startswith(("https://", "http://")):
            raise ValueError(f"{PREFIX}JWT_JWKS: found {self.jwt_jwks.partition(':')[0]!r}; expected https://")
        return self
