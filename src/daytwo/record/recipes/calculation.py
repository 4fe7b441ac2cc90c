"""What the expressions of a master batch record compute when a batch is executed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.recipes import expression
from daytwo.record.recipes.document import EnterNumber, Weigh, Yield

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.kernel.quantity import Quantity
    from daytwo.record.recipes.document import MasterBatchRecord

RESERVED = frozenset({"actual", "theoretical", "batch_size", "min", "max", "round_to"})
"""Names that mean the same in every expression."""


def percent_of_theoretical(
    step: Yield, actual: Quantity, values: Mapping[str, Quantity]
) -> Quantity:
    """Return a yield in % of the theoretical one, rounded as the step declares.

    Args:
        step: The yield step.
        actual: Actual yield, in any unit of the theoretical one's dimension.
        values: What else the expression may name: `known_values` has the constants, the values of
            earlier steps come by their `name`.

    Raises:
        ExpressionRefused: A name has no value, units do not fit, or a division by zero.

    References:
        21 CFR 211.103 (actual yields and percentages of theoretical yield); USP General Notices
        7.20 (rounding).
    """
    everything = {**values, "actual": actual, "theoretical": step.theoretical}
    return expression.parse(step.expression).evaluate(
        everything, unit="%", places=step.decimals, rounding=step.rounding
    )


def known_values(record: MasterBatchRecord) -> dict[str, Quantity]:
    """Return the values that expressions may name before any step was performed."""
    values = {parameter.name: parameter.quantity for parameter in record.formula.parameters}
    return {**values, "batch_size": record.header.batch_size}


def unit_of(step: EnterNumber | Weigh | Yield) -> str:
    """Return the unit of the value that a step gives."""
    if isinstance(step, EnterNumber):
        return step.unit
    return step.target.unit if isinstance(step, Weigh) else "%"
