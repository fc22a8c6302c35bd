"""Why a post became a revision or didn't, in a line for a person."""

from streams.dedupe.reason import Reason


def explain(reason: Reason) -> str:
    """Return what was decided about a post, and on what ground."""
    said = f"{reason.entry_id} {reason.rule.value}"
    if reason.identity:
        said += f", told by its {reason.identity}"
    if reason.candidate:
        said += f", compared with {reason.candidate}"
    if reason.similarity is not None:
        said += f", {reason.similarity:.0%} alike"
    return f"{said}, but {reason.veto}" if reason.veto else said
