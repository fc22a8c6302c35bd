"""The Helm chart, rendered by the real helm and held against Kubernetes' schemas, the settings and the commands.

No cluster is needed, so this can't show that the pods run; it shows that what they are told exists.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from streams.settings import Settings, load_settings, unknown_variables
from streams.settings.newsroom_file import read_newsroom
from streams.topology import Names

ROOT = Path(__file__).parents[3]
CHART = ROOT / "deploy" / "helm" / "liveline"
SECRETS = {"LIVELINE_ARCHIVE": "postgresql://liveline@db/liveline", "LIVELINE_STATE": "postgresql://liveline@db/liveline",
           "LIVELINE_KAFKA_SASL_USERNAME": "liveline", "LIVELINE_KAFKA_SASL_PASSWORD": "secret"}  # fmt: skip
NEWSROOM = """\
coverages:
  - id: harbour-fire
    country: NO
    sources: [{id: evening-post, url: https://example.org/live}]
alerts:
  - id: wide
    when: entry.key_event
    on: [created]
"""
SMALL = {"kafka": {"bootstrap": "kafka:9092"}}
LARGE = {
    "kafka": {
        "bootstrap": "k1:9093,k2:9094",
        "partitions": 12,
        "topicPrefix": "news.",
        "application": "news-liveline",
        "securityProtocol": "SASL_SSL",
        "ca": {"secret": "kafka-ca"},
    },
    "settings": {"LIVELINE_BATCH_MAX_BYTES": 8388608, "LIVELINE_DEDUPE_ENOUGH_SHORT": 0.9, "LIVELINE_POLL_INTERNAL": 1},
    "newsroom": NEWSROOM,
    "secrets": {"kafka": "kafka-login", "database": "db", "tokens": "tokens", "access": "access", "sinks": "sinks"},
    "worker": {"replicas": 6, "port": 9081, "keda": {"enabled": True}},
    "gateway": {"replicas": 3, "port": 9080},
    "poller": {"enabled": True, "replicas": 2, "port": 9082},
    "deliverer": {"replicas": 2, "port": 9083},
    "ingress": {"enabled": True, "host": "live.example", "tlsSecret": "live-tls"},
    "networkPolicy": {"egress": [{"ports": [{"port": 4318}]}]},
    "imagePullSecrets": [{"name": "registry"}],
    "podAnnotations": {"example.org/team": "news"},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "news", "operator": "Exists"}],
}  # fmt: skip
ONE_MACHINE = {
    **SMALL,
    "newsroom": NEWSROOM,
    "poller": {"enabled": True},
    "gateway": {"persistence": {"storageClass": "fast"}},
}
NOTHING_OPTIONAL = {
    **SMALL,
    "newsroomConfigMap": "mine",
    "topics": {"enabled": False},
    "deliverer": {"enabled": False},
    "networkPolicy": {"enabled": False},
    "podDisruptionBudgets": False,
}
CASES = {"small": SMALL, "large": LARGE, "one-machine": ONE_MACHINE, "nothing-optional": NOTHING_OPTIONAL}
BINDS = {"worker": "worker_bind", "gateway": "bind", "poll": "poll_bind", "deliver": "deliver_bind"}

Doc = dict[str, Any]


def helm(*arguments: str, values: Doc) -> subprocess.CompletedProcess[str]:
    """Run helm with the values on its standard input."""
    ours = ROOT / "build" / "helm" / "helm"
    program = str(ours) if ours.exists() else shutil.which("helm")
    if program is None:
        pytest.skip("helm is missing: `make chart` brings it")
    return subprocess.run(
        [program, *arguments, "--values", "-"], input=json.dumps(values), capture_output=True, text=True, check=False
    )


def render(values: Doc) -> list[Doc]:
    """Return what the chart makes of the values, as release `news`."""
    return [document for document in yaml.load_all(_rendered(json.dumps(values)), yaml.CSafeLoader) if document]


@functools.cache
def _rendered(values: str) -> str:
    done = helm("template", "news", str(CHART), values=json.loads(values))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=CASES)
def documents(request: pytest.FixtureRequest) -> list[Doc]:
    """Return all documents of each case."""
    return render(CASES[request.param])


def pods(documents: list[Doc]) -> Iterator[tuple[Doc, Doc]]:
    """Yield each pod's template with the document that has it."""
    for document in documents:
        if "template" in document.get("spec", {}):
            yield document["spec"]["template"], document


def containers(documents: list[Doc]) -> Iterator[tuple[Doc, Doc]]:
    """Yield each container with its pod's template."""
    for template, _ in pods(documents):
        for container in template["spec"]["containers"]:
            yield container, template


def of_kind(documents: list[Doc], kind: str) -> list[Doc]:
    """Return the documents of a kind."""
    return [document for document in documents if document["kind"] == kind]


def environment(container: Doc, documents: list[Doc]) -> dict[str, str]:
    """Return what the process finds, with values for the secrets that the chart names by key."""
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind(documents, "ConfigMap")}
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        if "configMapRef" in source:
            found |= maps[source["configMapRef"]["name"]]
    for each in container["env"]:
        found[each["name"]] = each["value"] if "value" in each else SECRETS[each["valueFrom"]["secretKeyRef"]["key"]]
    return found


def settings_of(container: Doc, documents: list[Doc], monkeypatch: pytest.MonkeyPatch, folder: Path) -> Settings:
    """Load the settings as the container's process would, its newsroom from the rendered ConfigMap."""
    for name in [name for name in os.environ if name.startswith("LIVELINE_")]:
        monkeypatch.delenv(name)
    told = environment(container, documents)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    if "LIVELINE_KAFKA_CA_FILE" in told:
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert str(Path(told["LIVELINE_KAFKA_CA_FILE"]).parent) in mounted
        authorities = folder / "ca.crt"
        authorities.touch()
        monkeypatch.setenv("LIVELINE_KAFKA_CA_FILE", str(authorities))
    if "LIVELINE_CONFIG" in told:
        assert "/etc/liveline" in {mount["mountPath"] for mount in container["volumeMounts"]}
        maps = {each["metadata"]["name"]: each["data"] for each in of_kind(documents, "ConfigMap")}
        file = folder / "liveline.yaml"
        file.write_text(maps.get("news-liveline-newsroom", {"liveline.yaml": "coverages: []"})["liveline.yaml"])
        monkeypatch.setenv("LIVELINE_CONFIG", str(file))
    return load_settings()


@pytest.mark.parametrize("case", CASES)
def test_helm_finds_no_fault(case: str) -> None:
    """`helm lint --strict` is silent about each case."""
    done = helm("lint", "--strict", str(CHART), values=CASES[case])

    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARN" not in done.stdout + done.stderr


@pytest.mark.parametrize("version", ["1.27", "1.37"])
def test_kubernetes_takes_every_document(documents: list[Doc], version: str) -> None:
    """Each is what the API's own schema says, and has no field that it doesn't know; KEDA's are not Kubernetes' own."""
    checked = [document for document in documents if not document["apiVersion"].startswith("keda.sh/")]

    for document in checked:
        kubernetes_validate.validate(document, version, strict=True)
    assert len(checked) > 5


def test_names_are_unique(documents: list[Doc]) -> None:
    """Two documents of one kind and name would be one."""
    names = [(document["kind"], document["metadata"]["name"]) for document in documents]

    assert len(names) == len(set(names))


def test_each_process_is_told_settings_that_exist(
    documents: list[Doc], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No variable is misspelt or out of date, and each value is accepted by the settings themselves."""
    for container, _ in containers(documents):
        told = environment(container, documents)
        settings = settings_of(container, documents, monkeypatch, tmp_path)

        assert unknown_variables(told, settings.newsroom) == ()
        assert not settings.embedded


def test_each_process_runs_a_command() -> None:
    """The commands are Liveline's; the job's is `liveline topics create`."""
    commands = [container["args"] for container, _ in containers(render(LARGE))]

    assert sorted(commands) == [["deliver"], ["gateway"], ["poll"], ["topics", "create"], ["worker"]]
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "streams", *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_probes_and_services_ask_where_the_process_listens(
    documents: list[Doc], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A port has one number and one name: of the setting, the container, its probes and the services in front."""
    for container, template in containers(documents):
        if container["args"] == ["topics", "create"]:
            continue
        bind = getattr(settings_of(container, documents, monkeypatch, tmp_path), BINDS[container["args"][0]])
        port = container["ports"][0]
        assert (bind.host, bind.port) == ("0.0.0.0", port["containerPort"])  # noqa: S104  (within the pod)
        probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
        assert {name: probe["path"] for name, probe in probes.items()} == {
            "startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz",
        }  # fmt: skip
        assert {probe["port"] for probe in probes.values()} == {port["name"]}
        labels = template["metadata"]["labels"].items()
        services = [each for each in of_kind(documents, "Service") if each["spec"]["selector"].items() <= labels]
        assert port["name"] in {each["targetPort"] for service in services for each in service["spec"]["ports"]}


def test_whatever_selects_pods_finds_some(documents: list[Doc]) -> None:
    """A service, a policy or a budget that selects nothing would do nothing, and say nothing."""
    labels = [template["metadata"]["labels"] for template, _ in pods(documents)]
    selectors = [document["spec"]["selector"] for document in of_kind(documents, "Service")]
    selectors += [each["spec"]["selector"]["matchLabels"] for each in of_kind(documents, "PodDisruptionBudget")]
    selectors += [each["spec"]["podSelector"]["matchLabels"] for each in of_kind(documents, "NetworkPolicy")]
    selectors += [each["spec"]["selector"]["matchLabels"] for _, each in pods(documents) if each["kind"] != "Job"]

    assert selectors
    for selector in selectors:
        assert len([each for each in labels if selector.items() <= each.items()]) == 1, selector


def test_no_process_can_do_more_than_it_must(documents: list[Doc]) -> None:
    """No root, no capability, no right at the API; only /tmp and the volume can be written."""
    for container, template in containers(documents):
        pod = template["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        written = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        assert written - {"/data"} == {"/tmp"}  # noqa: S108  (a volume of the pod)
        assert set(container["resources"]) == {"requests", "limits"}
    assert "useradd --system --uid 10001" in (ROOT / "deploy" / "docker" / "Dockerfile").read_text()


def test_what_is_mounted_is_a_volume(documents: list[Doc]) -> None:
    """Each mount has its volume, each volume its mount."""
    for template, document in pods(documents):
        there = {volume["name"] for volume in template["spec"]["volumes"]}
        there |= {each["metadata"]["name"] for each in document["spec"].get("volumeClaimTemplates", ())}
        mounted = {mount["name"] for each in template["spec"]["containers"] for mount in each["volumeMounts"]}

        assert mounted == there


def test_a_pod_has_the_time_that_its_process_takes_to_stop(
    documents: list[Doc], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Killed before `LIVELINE_SHUTDOWN_TIMEOUT`, a worker would leave its open transactions to be done again."""
    for container, template in containers(documents):
        if container["args"] != ["topics", "create"]:
            settings = settings_of(container, documents, monkeypatch, tmp_path)
            assert settings.shutdown_timeout.total_seconds() < template["spec"]["terminationGracePeriodSeconds"]


def test_topics_are_made_before_anything_else() -> None:
    """The job is a hook, and leans on nothing that the chart makes later."""
    (job,) = of_kind(render(LARGE), "Job")
    spec = job["spec"]["template"]["spec"]

    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert "envFrom" not in spec["containers"][0]
    assert [volume for volume in spec["volumes"] if "configMap" in volume] == []


def test_on_sqlite_gateway_and_deliverer_share_a_volume(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One pod with both: a webhook that is made at the gateway is the deliverer's to serve."""
    documents = render(ONE_MACHINE)
    (gateway,) = of_kind(documents, "StatefulSet")
    both = gateway["spec"]["template"]["spec"]["containers"]
    states = {settings_of(each, documents, monkeypatch, tmp_path).state for each in both}

    assert gateway["spec"]["replicas"] == 1
    assert [each["args"] for each in both] == [["gateway"], ["deliver"]]
    assert states == {"sqlite:////data/liveline-state.db"}
    assert all({"name": "data", "mountPath": "/data"} in each["volumeMounts"] for each in both)
    assert gateway["spec"]["volumeClaimTemplates"][0]["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert gateway["spec"]["serviceName"] in {each["metadata"]["name"] for each in of_kind(documents, "Service")}


def test_on_postgresql_nothing_has_a_volume() -> None:
    """Archive and state come from the Secret, for each process that opens them and no other."""
    documents = render(LARGE)
    opened = {
        container["name"]: {each["name"] for each in container["env"]} & {"LIVELINE_ARCHIVE", "LIVELINE_STATE"}
        for container, _ in containers(documents)
    }

    assert of_kind(documents, "StatefulSet") == []
    assert opened == {
        "worker": set(),
        "topics": set(),
        "gateway": {"LIVELINE_ARCHIVE", "LIVELINE_STATE"},
        "poller": {"LIVELINE_STATE"},
        "deliverer": {"LIVELINE_STATE"},
    }


def test_only_who_needs_a_secret_has_it() -> None:
    """Tokens reach the gateways, addresses of sinks the deliverers; what reads strangers' pages has neither."""
    documents = render(LARGE)
    given = {
        container["name"]: [each["secretRef"]["name"] for each in container.get("envFrom", ()) if "secretRef" in each]
        for container, _ in containers(documents)
    }

    assert given == {"worker": [], "topics": [], "poller": [], "gateway": ["tokens", "access"], "deliverer": ["sinks"]}
    assert not any(name in yaml.safe_dump(of_kind(documents, "ConfigMap")) for name in ("PASSWORD", "SECRET", "TOKEN"))


def test_a_newsroom_is_taken_as_it_is_written(tmp_path: Path) -> None:
    """Helm's YAML would read the country NO as false and the key `on` as true."""
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind(render(LARGE), "ConfigMap")}
    file = tmp_path / "liveline.yaml"
    file.write_text(maps["news-liveline-newsroom"]["liveline.yaml"])
    newsroom, wrong = read_newsroom(file)

    assert wrong == []
    assert newsroom.coverages[0].country == "NO"
    assert [str(each) for each in newsroom.alerts[0].on] == ["created"]


@pytest.mark.parametrize(
    ("change", "pods_change"),
    [
        ({"settings": {"LIVELINE_LOG_LEVEL": "debug"}}, True),
        ({"newsroom": NEWSROOM + "sinks: []\n"}, True),
        ({"newsroom": NEWSROOM + "sinks: []\n", "restartOnNewsroom": False}, False),
    ],
    ids=["setting", "newsroom", "newsroom-without-restart"],
)
def test_a_change_restarts_who_reads_it_at_its_start(change: Doc, pods_change: bool) -> None:  # noqa: FBT001
    """A pod's template differs if and only if its process must start anew."""
    before = {**ONE_MACHINE, **({"restartOnNewsroom": False} if "restartOnNewsroom" in change else {})}
    templates = [
        [template["metadata"].get("annotations") for template, each in pods(render(values)) if each["kind"] != "Job"]
        for values in (before, {**before, **change})
    ]

    assert (templates[0] != templates[1]) == pods_change


def test_keda_reads_the_lag_of_the_workers_group() -> None:
    """Group and topic are those that the workers use, and no more pods are asked for than there are partitions."""
    documents = render(LARGE)
    (scaled,) = of_kind(documents, "ScaledObject")
    (worker,) = [each for each in of_kind(documents, "Deployment") if each["metadata"]["name"].endswith("worker")]
    (login,) = of_kind(documents, "TriggerAuthentication")
    trigger = scaled["spec"]["triggers"][0]

    assert scaled["spec"]["scaleTargetRef"]["name"] == worker["metadata"]["name"]
    assert "replicas" not in worker["spec"]
    assert scaled["spec"]["maxReplicaCount"] == 12
    assert (trigger["metadata"]["topic"], trigger["metadata"]["consumerGroup"]) == (Names("news.").raw, "news-liveline")
    assert (trigger["metadata"]["sasl"], trigger["metadata"]["tls"]) == ("scram_sha512", "enable")
    assert trigger["authenticationRef"]["name"] == login["metadata"]["name"]


def test_policies_let_kafka_be_reached_and_only_the_gateway_be_called() -> None:
    """A worker reaches names and brokers, by the ports of kafka.bootstrap; its namespace asks it for metrics."""
    policies = {
        each["metadata"]["name"].rpartition("-")[2]: each["spec"] for each in of_kind(render(LARGE), "NetworkPolicy")
    }
    ports = {
        name: sorted(port["port"] for rule in spec["egress"] for port in rule.get("ports", ()))
        for name, spec in policies.items()
    }

    assert ports["worker"] == [53, 53, 4318, 9093, 9094]
    assert ports["gateway"] == ports["poller"] == [53, 53, 80, 443, 4318, 5432, 9093, 9094]
    assert policies["deliverer"]["egress"] == [{}]
    assert "from" not in policies["gateway"]["ingress"][0]
    assert policies["worker"]["ingress"][0]["from"] == [{"podSelector": {}}]


def test_the_ingress_passes_streams_on_at_once() -> None:
    """Buffering is off, and the time-out is longer than the gateways' beat; hubs reach the poller."""
    (ingress,) = of_kind(render(LARGE), "Ingress")
    annotations = ingress["metadata"]["annotations"]
    backends = {
        path["path"]: path["backend"]["service"]["name"] for path in ingress["spec"]["rules"][0]["http"]["paths"]
    }

    assert annotations["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"
    assert int(annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"]) > 15
    assert backends == {"/v1/websub/": "news-liveline-poller-pods", "/": "news-liveline-gateway"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "kafka.bootstrap: not set"),
        ({**SMALL, "gateway": {"replicas": 2}}, "gateway.replicas: found 2; several gateways need one PostgreSQL"),
        ({**SMALL, "poller": {"enabled": True, "replicas": 2}}, "poller.replicas: found 2"),
        ({**SMALL, "deliverer": {"replicas": 2}}, "deliverer.replicas: found 2"),
        ({"kafka": {"bootstrap": "kafka:9092", "securityProtocol": "SASL_SSL"}}, "secrets.kafka: not set"),
        ({**SMALL, "ingress": {"enabled": True}}, "ingress.host: not set"),
        ({**SMALL, "gatway": {}}, "gatway"),
        ({**SMALL, "settings": {"LIVELINE_LOG_LEVL": "debug"}}, "LIVELINE_LOG_LEVL"),
        ({**SMALL, "settings": {"LIVELINE_ADMIN_TOKEN": "readable"}}, "LIVELINE_ADMIN_TOKEN"),
        ({**SMALL, "settings": {"LIVELINE_BIND": "0.0.0.0:80"}}, "LIVELINE_BIND"),
        ({**SMALL, "worker": {"replicas": "two"}}, "worker/replicas"),
        ({"kafka": {"bootstrap": "kafka"}}, "kafka/bootstrap"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_that_is_wrong_is_refused(values: Doc, said: str) -> None:
    """Nothing is rendered, and the message names the value."""
    done = helm("template", "news", str(CHART), values=values)

    assert done.returncode != 0
    assert said in done.stderr.replace("'", "")


def test_the_schema_is_what_its_code_makes() -> None:
    """A setting that is new or gone is so in the chart, too; the JSON is made, not edited."""
    made = subprocess.run(
        [sys.executable, ROOT / "deploy" / "helm" / "schema.py"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert made.stdout == (CHART / "values.schema.json").read_text()


def test_the_chart_starts_the_version_beside_it() -> None:
    """Its image has the tag of the version in pyproject.toml unless a value says another."""
    version = re.search(r'(?m)^version = "(.+)"', (ROOT / "pyproject.toml").read_text())
    assert version

    (image,) = {container["image"] for container, _ in containers(render(SMALL))}
    assert image == f"liveline:{version[1]}"


def test_every_value_is_described() -> None:
    """values.yaml and the schema name the same values, to the last leaf that the chart knows."""

    def leaves(properties: Doc, values: Doc, path: str) -> Iterator[str]:
        for name in properties.keys() ^ values.keys():
            yield f"{path}{name}"
        for name in properties.keys() & values.keys():
            if "properties" in properties[name] and not name.startswith("resources"):
                yield from leaves(properties[name]["properties"], values[name], f"{path}{name}.")

    schema = json.loads((CHART / "values.schema.json").read_text())["properties"]
    values = yaml.safe_load((CHART / "values.yaml").read_text())

    assert set(leaves(schema, values, "")) == {"global"}  # what Helm itself hands to every chart
