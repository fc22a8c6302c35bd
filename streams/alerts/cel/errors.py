"""What can be wrong with an expression: before it runs, and while it runs."""


class CelError(ValueError):
    """An expression that is refused before it runs; `position` counts characters from 0."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class CelSyntaxError(CelError):
    """The text is no CEL."""


class CelTypeError(CelError):
    """A name, field, function or type does not exist or does not fit."""


class EvaluationError(Exception):
    """One evaluation has no value: the condition is not met."""


class CostExceededError(Exception):
    """One evaluation did more work than it may; unlike other errors, no `||` absorbs it."""


FAILURES = (EvaluationError, ArithmeticError, LookupError, TypeError, ValueError)
"""What an evaluation may raise for want of a value; `&&`, `||` and the macros absorb these as CEL says."""
