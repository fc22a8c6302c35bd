"""A rule that was changed takes over what it remembers: what was told already is not told again."""

from typing import TYPE_CHECKING

from streams.alerts import causes

if TYPE_CHECKING:
    from streams.alerts.revise import Scene


def adopt(scene: "Scene") -> None:
    """Make what was remembered under another version of the rule comparable with what the rule reads now."""
    state, rule = scene.state, scene.compiled.rule
    kind = "burst" if rule.burst else "silence" if rule.silence else "when"
    if state.version == scene.compiled.version:
        return
    if state.kind not in {"", kind}:  # of another kind nothing is of use
        state.forget()
    if kind == "when":
        for known in state.entries.values():
            if known.entry is not None:
                causes.compare(scene, known, known.entry)
    state.version, state.kind = scene.compiled.version, kind
    state.unwritten = True
