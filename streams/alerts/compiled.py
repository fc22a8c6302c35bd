"""A rule that is ready to run: its conditions and title compiled once, whatever number of coverages it watches."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from streams.alerts.cel import Expression, compile_condition
from streams.alerts.cel.figures import largest
from streams.alerts.title import Title

if TYPE_CHECKING:
    from schemas.alert_rule import AlertRule
    from schemas.entry import Entry, FigureKind

_DEFAULT_TITLE: Final = "{coverage.title}: {entry.headline}"
_HASH_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with what it compiles to."""

    rule: "AlertRule"
    version: str
    when: Expression | None
    urgent: Expression | None
    title: Title | None
    falls: tuple["FigureKind", ...]
    """Kinds of figures that `when` or `rises` names: a lower one is told."""
    _coverages: re.Pattern[str] | None

    @classmethod
    def of(cls, rule: "AlertRule") -> "CompiledRule":
        """Compile a rule; raises `CelError`."""
        when = compile_condition(rule.when) if rule.when is not None else None
        urgent = compile_condition(rule.urgent) if rule.urgent is not None else None
        return cls(
            rule=rule,
            version=rule.version,
            when=when,
            urgent=urgent,
            title=Title.compile(rule.title) if rule.title is not None else None,
            falls=tuple(sorted({*rule.rises, *(when.kinds if when else ())})),
            _coverages=_pattern(rule.coverages) if rule.coverages is not None else None,
        )

    def watches(self, coverage_id: str) -> bool:
        """Return whether the rule looks at a coverage."""
        return self._coverages is None or self._coverages.fullmatch(coverage_id) is not None

    def digest(self, entry: "Entry") -> str:
        """Return a hash of the values that `when`, `urgent` and `rises` read."""
        values = [expression.values(entry) for expression in (self.when, self.urgent) if expression]
        values.append([largest(entry, kind) for kind in self.rule.rises])
        return blake2b(repr(values).encode(), digest_size=_HASH_BYTES).hexdigest()

    def figures(self, entry: "Entry") -> dict[str, float]:
        """Return the largest figure of each kind that the rule names."""
        found = {str(kind): largest(entry, kind) for kind in self.falls}
        return {kind: value for kind, value in found.items() if value is not None}


def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str]:
    """Return what matches any of the names, in which `*` stands for any characters."""
    return re.compile("|".join(".*".join(map(re.escape, each.split("*"))) for each in wanted), re.DOTALL)
