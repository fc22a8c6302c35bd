"""Which room of the code may know which: imports point one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each room with what it may import of ours, besides itself. What stands to the right never knows what is on its left:
# cli -> app, demo -> gateway, replay, agents, ingest -> runtime -> pipeline -> parse, dedupe, enrich -> schemas
PURE = {"schemas", "streams.exceptions"}
STEPS = PURE | {"streams.text", "streams.parse", "streams.dedupe", "streams.enrich", "streams.stories"}
BASE = PURE | {"streams.topology", "streams.record", "streams.background"}
MAY = {
    "schemas": set(),
    "streams.exceptions": set(),
    "streams.distribution": set(),
    "streams.background": set(),
    "streams.topology": set(),
    "streams.record": {"schemas"},
    "streams.parse": PURE,
    "streams.dedupe": PURE | {"streams.text"},
    "streams.text": set(),
    "streams.enrich": PURE | {"streams.text"},
    "streams.stories": PURE | {"streams.dedupe"},  # its memory is part of the deduplication's
    "streams.alerts": PURE,
    "streams.settings": PURE | {"streams.alerts"},  # `liveline.yaml` is refused if a rule's condition is wrong
    "streams.logs": {"streams.settings"},
    "streams.time_limit": set(),
    "streams.pipeline": STEPS | {"streams.time_limit"},
    "streams.embedded": PURE,
    "streams.archive": BASE | {"streams.gateway"},  # the gateway's own read model: the two are one
    "streams.runtime": BASE,
    "streams.client": PURE,
    "streams.ingest": BASE | {"streams.runtime"},
    "streams.agents": BASE
    | {"streams.telemetry", "streams.runtime", "streams.pipeline", "streams.dedupe", "streams.alerts"},
    "streams.gateway": BASE
    | {
        "streams.telemetry",
        "streams.runtime",
        "streams.ingest",
        "streams.archive",
        "streams.distribution",
        "streams.webhooks",
        "streams.replay",
        "streams.alerts",  # the desk runs a rule over the last day
    },
    "streams.webhooks": BASE
    | {"streams.runtime", "streams.ingest", "streams.archive", "streams.gateway", "streams.generations"},
    "streams.telemetry": {"streams.distribution"},
    "streams.sinks": BASE | {"streams.runtime", "streams.archive", "streams.webhooks", "streams.alerts"},
    "streams.replay": BASE | {"streams.runtime", "streams.pipeline", "streams.dedupe"},
    "streams.generations": BASE | {"streams.runtime", "streams.replay"},
    "streams.demo": BASE | {"streams.ingest", "streams.client"},
    # The composition root and the command line know everyone.
    "streams.bootstrap": None,
    "streams.offline": STEPS | {"streams.pipeline", "streams.time_limit"},
    "streams.cli": None,
    "streams.__main__": {"streams.cli"},
    "streams.testing": None,
}


def room_of(module: str) -> str:
    """Return the room that a module belongs to."""
    return module.split(".", maxsplit=1)[0] if module.startswith("schemas") else ".".join(module.split(".")[:2])


def modules() -> Iterator[tuple[str, Path]]:
    """Yield every module of ours with its file."""
    for path in sorted([*(ROOT / "schemas").rglob("*.py"), *(ROOT / "streams").rglob("*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(module: str, path: Path) -> Iterator[str]:
    """Yield the modules of ours that a file imports, wherever in the file."""
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith(("schemas", "streams")))
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], base]).rstrip(".")
            if base == "streams":  # from streams import parse
                yield from (f"streams.{name.name}" for name in node.names)
            elif base.startswith(("schemas", "streams.")):
                yield base


MODULES = dict(modules())


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    """A parser knows nothing of Kafka, the pipeline nothing of the agents, and nobody of the command line."""
    if module == "streams":
        return
    room = room_of(module)
    assert room in MAY, f"{room} is a new room: say in this test what it may import"
    allowed = MAY[room]
    if allowed is None:
        return

    wrong = {name for name in imported(module, MODULES[module]) if room_of(name) not in allowed | {room}}

    assert not wrong


def test_the_rule_sees_imports_inside_functions_and_relative_ones(tmp_path: Path) -> None:
    """What a rule doesn't see, it doesn't hold."""
    path = tmp_path / "x.py"
    path.write_text(
        "import streams.cli\nfrom streams import gateway\nfrom . import y\nfrom ..agents import entries\n"
        "def f():\n    from streams.runtime.ledger.ledger import Ledger\n"
    )

    assert sorted(imported("streams.parse.x", path)) == [
        "streams.agents",
        "streams.cli",
        "streams.gateway",
        "streams.parse",
        "streams.runtime.ledger.ledger",
    ]


HEAVY = {"faust", "mode", "aiokafka", "confluent_kafka", "aiohttp", "socket", "sqlite3"}
CORE = {*STEPS, "streams.alerts", "streams.offline", "streams.pipeline", "streams.record", "streams.topology"}


@pytest.mark.parametrize("module", [m for m in MODULES if room_of(m) in CORE])
def test_the_core_knows_no_kafka_no_network_and_no_database(module: str) -> None:
    """Parse, deduplicate and enrich are functions from values to values."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert not {name.partition(".")[0] for name in names} & HEAVY


BY_NAME = {
    "streams.bootstrap.tracing": "OpenTelemetry, which only those load who trace",
    "streams.cli.lazy": "commands, each when it is called",
    "streams.enrich.registry": "the enrichers, by the listing of their folder",
    "streams.parse.registry": "the formats, by the listing of their folder",
}


def test_few_modules_are_imported_by_name() -> None:
    """A string that becomes an import is seen by none of the rules above, so who does that is listed."""
    found = set()
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
        names = {node.id for node in called if isinstance(node, ast.Name)}
        names |= {node.attr for node in called if isinstance(node, ast.Attribute)}
        if names & {"import_module", "__import__"}:
            found.add(module)

    assert found == set(BY_NAME)


@pytest.mark.parametrize("module", [m for m in MODULES if room_of(m) != "streams.testing"])
def test_nothing_that_runs_knows_the_fakes(module: str) -> None:
    """`streams.testing` is for tests; the rooms that know everyone are no exception."""
    assert "streams.testing" not in set(map(room_of, imported(module, MODULES[module])))
