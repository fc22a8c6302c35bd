"""What a rule does with entries and time: one file a kind."""

from streams.alerts.revise import Scene
from streams.alerts.rules.burst import BurstRule
from streams.alerts.rules.condition import ConditionRule
from streams.alerts.rules.kind import Kind, Seen
from streams.alerts.rules.silence import SilenceRule

__all__ = ["BurstRule", "ConditionRule", "Kind", "Seen", "SilenceRule", "kind_of"]


def kind_of(scene: Scene) -> Kind:
    """Return the rule of a scene, ready to see entries."""
    rule = scene.compiled.rule
    if rule.burst is not None:
        return BurstRule(scene, rule.burst)
    if rule.silence is not None:
        return SilenceRule(scene, rule.silence)
    return ConditionRule(scene)
