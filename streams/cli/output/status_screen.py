"""A status as a screen of text; pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from streams.bootstrap.status import Status

_MIB: Final = 1024 * 1024
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def screen(status: Status) -> Iterator[str]:
    """Yield the lines: topics, lag, processes, sources, archives, dead letters, failed sinks, and what is wrong."""
    yield from _part(
        "Topics",
        (f"{t['topic']:<34} {t['partitions']:>3} partitions {t['offsets']:>12,} offsets" for t in status.topics),
    )
    yield from _part("Lag", (f"{group:<34} {_lag(lags)}" for group, lags in _by_group(status).items()))
    yield from _part("Processes", map(_process, status.processes))
    yield from _part("Sources", map(_source, status.sources))
    yield from _part("Archives", map(_archive, status.archives))
    letters = (f"{each['waiting']:>7,}  {each['source']}, {each['stage']}" for each in status.dead_letters)
    yield from _part("Dead letters that wait", letters)
    yield from _part("Sinks that failed within a day", map(_sink, status.failed_sinks))
    yield from _part("Wrong", status.problems, none="nothing")


def age(seconds: float) -> str:
    """Return an age in its largest unit."""
    size, unit = next((each for each in _UNITS if seconds >= each[0]), _UNITS[-1])
    return f"{max(0, int(seconds // size))} {unit}"


def _part(title: str, lines: Any, none: str = "none") -> Iterator[str]:
    yield title
    empty = True
    for line in lines:
        empty = False
        yield f"  {line}"
    if empty:
        yield f"  {none}"


def _by_group(status: Status) -> dict[str, list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for each in status.lag:
        groups.setdefault(f"{each['group']} on {each['topic']}", []).append(each)
    return groups


def _lag(lags: list[Mapping[str, Any]]) -> str:
    total = sum(each["offsets"] for each in lags)
    behind = ", ".join(f"{each['partition']}: {each['offsets']:,}" for each in lags if each["offsets"])
    return f"{total:,} offsets" + (f" ({behind})" if behind else "")


def _process(process: Mapping[str, Any]) -> str:
    said = [f"{process['kind']:<9} {process['host']}, pid {process['pid']}, {process['version']}"]
    said.append(
        f"since {process['since']}, heard {age(process['age_seconds'])} ago" + ("" if process["alive"] else ": gone")
    )
    said += [f"{agent} {partitions}" for agent, partitions in process.get("partitions", {}).items()]
    if "not_ready" in process:
        said.append(f"not ready: {process['not_ready']}")
    return "; ".join(said)


def _source(source: Mapping[str, Any]) -> str:
    heard = f"{age(source['age_seconds'])} ago" if "age_seconds" in source else "not heard"
    return f"{source['id']:<24} {source['coverage']:<24} {heard}"


def _sink(sink: Mapping[str, Any]) -> str:
    sent = f"last reached at {sink['sent_at']}" if "sent_at" in sink else "never reached"
    return f"{sink['sink']}: {sink['failed']:,} failed, the last at {sink['last_at']} ({sink['error']}); {sent}"


def _archive(archive: Mapping[str, Any]) -> str:
    size = f"{archive['bytes'] / _MIB:,.1f} MiB" if archive["bytes"] is not None else "unknown size"
    return f"{archive['host']}, pid {archive['pid']}: {size}, {archive['offsets_behind']:,} offsets behind"
