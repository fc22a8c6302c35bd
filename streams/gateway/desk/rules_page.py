"""The rules with their last firing, and a dry run of one over the last day."""

from collections.abc import Mapping, Sequence
from typing import Final

from schemas.alert_rule import AlertRule
from streams.archive.alerts.revision import Firing
from streams.gateway.desk.dry_run import DryRun
from streams.gateway.desk.markup import Child, Html, element, joined
from streams.gateway.desk.words import HELD_BACK, counted, time_element

_NONE: Final = "There are no rules yet: they stand under "


def rules_page(rules: Sequence[AlertRule], firings: Mapping[str, Firing], tried: tuple[str, DryRun] | None) -> Html:
    """Return the list of rules; `tried`: the rule that was run, with what came out."""
    if not rules:
        return element(
            "p", _NONE, element("code", "alerts"), " in ", element("code", "liveline.yaml"), ".", class_="empty"
        )
    return element("ol", [_rule(rule, firings.get(rule.id), tried) for rule in rules], class_="rules")


def _rule(rule: AlertRule, firing: Firing | None, tried: tuple[str, DryRun] | None) -> Html:
    last: Child = "Never told anybody"
    if firing is not None:
        last = joined(
            "Last told ", time_element(firing.told_at, "day"), f" · {counted(firing.alerts, 'alert', 'alerts')}"
        )
    outcome = _outcome(tried[1]) if tried is not None and tried[0] == rule.id else None
    button = element(
        "button",
        "Dry run over the last day",
        element("span", f" of {rule.id}", class_="hidden"),
        type="submit",
        class_="plain-button",
    )
    return element(
        "li",
        element("h2", rule.id),
        element("p", element("code", _condition(rule))),
        element("p", f"{_where(rule)} · {_to(rule)}", class_="soft"),
        element("p", last),
        outcome,
        element("form", element("input", type="hidden", name="try", value=rule.id), button, action="/desk/rules"),
        id=f"rule-{rule.id}",
    )


def _condition(rule: AlertRule) -> str:
    if rule.burst is not None:
        return f"burst: {rule.burst.times:g} times the usual, at least {rule.burst.least}, within {rule.burst.within}"
    if rule.silence is not None:
        return f"silence of {rule.silence}"
    count = rule.count
    if count is None:
        return rule.when or ""
    many = (
        counted(count.sources, "source", "sources")
        if count.sources
        else counted(count.entries or 0, "entry", "entries")
    )
    return f"{rule.when} · {many} within {count.within}"


def _where(rule: AlertRule) -> str:
    return "In " + ", ".join(rule.coverages) if rule.coverages else "In all coverages"


def _to(rule: AlertRule) -> str:
    return "to " + ", ".join(each.sink for each in rule.to) if rule.to else "to no sink: it shows here alone"


def _outcome(run: DryRun) -> Html:
    held = [f"{HELD_BACK[reason]}: {count}" for reason, count in sorted(run.tally.held_back.items())]
    busiest = run.tally.busiest
    said = [
        element("p", element("strong", f"It would have told {counted(run.tally.told, 'time', 'times')}"),
                f" over {counted(run.entries, 'revision', 'revisions')} of the last 24 hours."),
        element("p", "The day had more; these were the first of it.") if not run.whole else None,
        element("p", "Held back: " + "; ".join(held)) if held else None,
        element("p", f"Busiest hour: {counted(busiest[1], 'time', 'times')} from ", time_element(busiest[0], "day"))
        if busiest else None,
        element("p", f"The condition failed {counted(run.failures, 'time', 'times')}.") if run.failures else None,
        element("ol", [element("li", time_element(alert.at, "day"), f" {alert.title}") for alert in run.told])
        if run.told else None,
    ]  # fmt: skip
    return element("div", said, class_="outcome", role="status")
