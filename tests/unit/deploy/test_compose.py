"""docker-compose.yml and the image, held against the settings, the contract and deploy/kafka.

No engine is needed, so this can't show that the containers run; it shows that what they are told exists.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings import Settings, load_settings
from streams.settings.newsroom_file import read_newsroom
from streams.topology import MAX_MESSAGE_BYTES

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("topics", "worker", "gateway", "gateways", "poller", "deliverer")
DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()


def settings_of(service: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Load a service's environment as its process would, with the newsroom's file where it is here."""
    for name, value in SERVICES[service]["environment"].items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("LIVELINE_CONFIG", str(ROOT / "deploy" / "docker" / "liveline.yaml"))
    return load_settings()


@pytest.mark.parametrize(
    ("service", "command"),
    [
        ("topics", ["topics", "create"]),
        ("worker", ["worker"]),
        ("gateway", ["gateway"]),
        ("gateways", ["gateway"]),
        ("poller", ["poll"]),
        ("deliverer", ["deliver"]),
    ],
)
def test_each_process_runs_its_command(service: str, command: list[str]) -> None:
    """The commands are those of the contract."""
    assert SERVICES[service]["command"] == command


@pytest.mark.parametrize("service", OURS)
def test_each_variable_is_a_setting(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable is misspelt or out of date, and each value is accepted."""
    known = {f"LIVELINE_{name.upper()}" for name in Settings.model_fields}

    assert set(SERVICES[service]["environment"]) <= known
    assert settings_of(service, monkeypatch).newsroom.coverages


@pytest.mark.parametrize("service", OURS)
def test_all_reach_the_broker_by_the_name_it_gives_itself(service: str) -> None:
    """A client is sent on to the advertised address, so the two must be the same."""
    kafka = SERVICES["kafka"]["environment"]
    address = SERVICES[service]["environment"]["LIVELINE_KAFKA"]

    assert f"INTERNAL://{address}" in kafka["KAFKA_ADVERTISED_LISTENERS"].split(",")
    assert f"INTERNAL://:{address.split(':')[1]}" in kafka["KAFKA_LISTENERS"].split(",")
    assert address in SERVICES["kafka"]["healthcheck"]["test"]


@pytest.mark.parametrize(
    ("service", "setting", "path"),
    [
        ("worker", "worker_bind", "/healthz"),
        ("gateway", "bind", "/readyz"),
        ("gateways", "bind", "/readyz"),
        ("poller", "poll_bind", "/healthz"),
        ("deliverer", "deliver_bind", "/healthz"),
    ],
)
def test_a_health_check_asks_where_the_process_listens(
    service: str, setting: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Port and path of the check are the process's own."""
    port = getattr(settings_of(service, monkeypatch), setting).port

    assert f"http://127.0.0.1:{port}{path}" in SERVICES[service]["healthcheck"]["test"][-1]


@pytest.mark.parametrize(
    ("service", "setting"),
    [
        ("worker", "worker_bind"),
        ("gateway", "bind"),
        ("gateways", "bind"),
        ("poller", "poll_bind"),
        ("deliverer", "deliver_bind"),
    ],
)
def test_metrics_can_be_read_from_outside(service: str, setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a Prometheus beside the containers, and from this machine, also those of a second worker."""
    bind = getattr(settings_of(service, monkeypatch), setting)
    ports = [port.rpartition(":") for port in SERVICES[service]["ports"]]

    assert bind.host == "0.0.0.0"  # noqa: S104  (within the container)
    assert [container for _, _, container in ports] == [str(bind.port)]
    assert ("-" in ports[0][0]) == (service in ("worker", "gateways"))


def test_only_who_asks_for_tokens_is_given_them() -> None:
    """The sources' tokens reach the gateway; neither the broker nor what reads strangers' pages has them."""
    files = {name: [file["path"] for file in service.get("env_file", ())] for name, service in SERVICES.items()}

    assert files == {
        "kafka": [],
        "topics": ["settings.env"],
        "worker": ["settings.env"],
        "gateway": ["settings.env", "tokens.env"],
        "postgres": [],
        "gateways": ["settings.env", "tokens.env"],
        "poller": ["settings.env"],
        "deliverer": ["settings.env", "sinks.env"],
        "prometheus": [],
        "grafana": [],
    }
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"settings.env", "tokens.env", "sinks.env"} <= set(ignored)


def test_images_have_exact_versions() -> None:
    """What is built next year is what was built today; ours has the version that is in it."""
    named = [service["image"] for service in SERVICES.values()] + re.findall(
        r"(?m)^(?:FROM|# syntax=) ?(\S+)", DOCKERFILE
    )
    version = re.search(r'(?m)^version = "(.+)"', (ROOT / "pyproject.toml").read_text())

    assert version
    assert {image for image in named if image.startswith("liveline")} == {f"liveline:{version[1]}"}
    assert [
        image for image in named if not re.search(r":v?\d+\.\d+(\.\d+)?(-[a-z-]+)?(@sha256:[0-9a-f]{64})?$", image)
    ] == []


def test_nothing_starts_before_what_it_needs() -> None:
    """Topics are made once Kafka answers; worker and gateway start once they are made."""
    assert SERVICES["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    for service in ("worker", "gateway", "poller"):
        assert SERVICES[service]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}


def test_only_this_machine_can_connect() -> None:
    """Neither Kafka nor the gateway is open to the network before somebody wants that."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_must_last_is_on_a_volume() -> None:
    """Kafka's log and the archive survive `docker compose down`."""
    kafka, gateway = SERVICES["kafka"], SERVICES["gateway"]
    archive = gateway["environment"]["LIVELINE_ARCHIVE"].removeprefix("sqlite:///")

    assert f"kafka:{kafka['environment']['KAFKA_LOG_DIRS']}" in kafka["volumes"]
    assert f"archive:{Path(archive).parent}" in gateway["volumes"]
    assert set(COMPOSE["volumes"]) == {"kafka", "archive", "postgres", "prometheus"}
    assert "postgres:/var/lib/postgresql/data" in SERVICES["postgres"]["volumes"]


def test_gateways_of_the_profile_share_the_database_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archive and state are on the PostgreSQL of the profile, under the name and password that it is made with."""
    made = SERVICES["postgres"]["environment"]
    settings = settings_of("gateways", monkeypatch)
    expected = f"postgresql://{made['POSTGRES_USER']}:{made['POSTGRES_PASSWORD']}@postgres/{made['POSTGRES_DB']}"

    assert (settings.archive, settings.state) == (expected, expected)
    assert SERVICES["gateways"]["profiles"] == SERVICES["postgres"]["profiles"] == ["postgres"]
    assert SERVICES["gateways"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_kafka_is_the_one_that_the_tests_run_on() -> None:
    """The image has the version of deploy/kafka, and takes the messages that our topics allow."""
    version = re.search(r"<kafka\.version>(.+?)<", (ROOT / "deploy" / "kafka" / "pom.xml").read_text())

    assert version
    assert SERVICES["kafka"]["image"].partition("@")[0] == f"apache/kafka:{version[1]}"
    assert SERVICES["kafka"]["environment"]["KAFKA_MESSAGE_MAX_BYTES"] == MAX_MESSAGE_BYTES


@pytest.mark.parametrize("service", OURS)
def test_our_containers_can_do_little(service: str) -> None:
    """No capabilities, no new privileges, nothing to write on but the data and a temporary folder."""
    told = SERVICES[service]

    assert (told["read_only"], told["cap_drop"], told["tmpfs"]) == (True, ["ALL"], ["/tmp"])  # noqa: S108
    assert told["security_opt"] == ["no-new-privileges:true"]


def test_the_image_holds_what_it_copies() -> None:
    """What the Dockerfile copies exists and .dockerignore lets it through; nothing else is sent."""
    copied = {
        source for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for source in line.split()
    }
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied - {"README.md"})


def test_the_image_is_pinned_and_not_root() -> None:
    """Packages are checked by hash, only wheels are taken, and the process has a user of its own."""
    assert "pip install --require-hashes --only-binary=:all: -r requirements/runtime.txt" in DOCKERFILE
    assert re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE) == ["10001"]
    assert "--uid 10001" in DOCKERFILE


def test_the_newsroom_that_comes_along_is_right() -> None:
    """The file that the containers start with has no problem."""
    newsroom, wrong = read_newsroom(ROOT / "deploy" / "docker" / "liveline.yaml")

    assert wrong == []
    assert newsroom.source("evening-post")


def test_gateway_and_deliverer_share_the_state() -> None:
    """A webhook that is made at the gateway is the deliverer's to serve."""
    gateway, deliverer = (SERVICES[name] for name in ("gateway", "deliverer"))
    assert gateway["environment"]["LIVELINE_STATE"] == deliverer["environment"]["LIVELINE_STATE"]
    assert "archive:/data" in gateway["volumes"]
    assert "archive:/data" in deliverer["volumes"]


def test_prometheus_reads_every_process() -> None:
    """Its targets are the services and the ports on which they listen."""
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    targets = {
        f"{name}:{each['port']}"
        for job in config["scrape_configs"]
        for each in job["dns_sd_configs"]
        for name in each["names"]
    }
    binds = {
        f"{name}:{value.rpartition(':')[2]}"
        for name in OURS
        for variable, value in SERVICES[name]["environment"].items()
        if variable.endswith("BIND")
    }
    assert targets == binds


@pytest.mark.parametrize("service", ["prometheus", "grafana"])
def test_what_is_mounted_is_there(service: str) -> None:
    """A path that is missing would be made a folder by the engine."""
    for volume in SERVICES[service]["volumes"]:
        source = volume.partition(":")[0]
        assert not source.startswith("./") or (ROOT / source).exists(), source
