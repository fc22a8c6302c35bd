"""The Common Expression Language over entries: parsed, checked against the schema and compiled to Python closures."""

from streams.alerts.cel.errors import CelSyntaxError, CelTypeError, CostExceededError, EvaluationError
from streams.alerts.cel.expression import (
    Expression,
    OnlyId,
    Reading,
    compile_alert_condition,
    compile_condition,
    compile_value,
)

__all__ = [
    "CelSyntaxError",
    "CelTypeError",
    "CostExceededError",
    "EvaluationError",
    "Expression",
    "OnlyId",
    "Reading",
    "compile_alert_condition",
    "compile_condition",
    "compile_value",
]
