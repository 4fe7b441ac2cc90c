"""Names and expressions: defined before use, used when defined, computable, of the right unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.quantity import Quantity
from daytwo.record.recipes import calculation, expression
from daytwo.record.recipes.analysis.subject import Finding, Subject, rule
from daytwo.record.recipes.document import EnterNumber, Weigh, Yield
from daytwo.record.recipes.enums import Severity
from daytwo.record.recipes.errors import ExpressionRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.recipes.document import PlacedStep

_ALL = Quantity.parse("100 %")


@rule("variable.duplicate", Severity.ERROR)
def duplicate(subject: Subject) -> Iterator[Finding]:
    """A name means one thing, and not what it always means.

    References:
        21 CFR 211.68(b) (formulas are accurate).
    """
    seen: set[str] = set(calculation.RESERVED)
    for path, name in _definitions(subject):
        if name in seen:
            yield Finding(path, f"The name {name!r} is taken already.")
        seen.add(name)


@rule("variable.unused", Severity.WARNING)
def unused(subject: Subject) -> Iterator[Finding]:
    """A name is used by an expression.

    References:
        21 CFR 211.68(b).
    """
    used: set[str] = set()
    for _, parsed in _expressions(subject):
        used |= parsed.names
    for path, name in _definitions(subject):
        if name not in used:
            yield Finding(path, f"No expression uses {name!r}.")


@rule("expression.syntax", Severity.ERROR)
def syntax(subject: Subject) -> Iterator[Finding]:
    """An expression is of the allowed language.

    References:
        21 CFR 211.68(b); EU GMP Annex 11 §5.
    """
    for placed in subject.steps:
        if isinstance(placed.step, Yield):
            try:
                expression.parse(placed.step.expression)
            except ExpressionRefused as cause:
                yield Finding(f"{placed.path}.expression", f"{placed.step.id}: {cause.detail}")


@rule("expression.undefined", Severity.ERROR)
def undefined(subject: Subject) -> Iterator[Finding]:
    """A name in an expression is defined by the formula or by an earlier step.

    References:
        21 CFR 211.68(b); 21 CFR 11.10(f) (sequencing).
    """
    for placed, parsed in _expressions(subject):
        known = _units_at(subject, placed)
        for name in sorted(parsed.names - known.keys()):
            later = any(name == other for _, other in _definitions(subject))
            yield Finding(
                f"{placed.path}.expression",
                f"{placed.step.id}: {name!r} "
                + ("gets its value only later." if later else "is not defined."),
            )


@rule("expression.unit", Severity.ERROR)
def unit(subject: Subject) -> Iterator[Finding]:
    """An expression adds like to like, and a yield comes out as a ratio.

    References:
        21 CFR 211.68(b), 211.103.
    """
    for placed, parsed in _expressions(subject):
        known = _units_at(subject, placed)
        if parsed.names <= known.keys():
            try:
                parsed.check_units(known, unit="%")
            except ExpressionRefused as cause:
                yield Finding(f"{placed.path}.expression", f"{placed.step.id}: {cause.detail}")


@rule("expression.actual", Severity.ERROR)
def actual(subject: Subject) -> Iterator[Finding]:
    """A yield's expression compares the actual with the theoretical yield.

    References:
        21 CFR 211.103 (actual yields and percentages of theoretical yield).
    """
    for placed, parsed in _expressions(subject):
        for name in sorted({"actual", "theoretical"} - parsed.names):
            yield Finding(
                f"{placed.path}.expression",
                f"{placed.step.id}: the expression does not use {name}.",
            )


@rule("expression.identity", Severity.ERROR)
def identity(subject: Subject) -> Iterator[Finding]:
    """A yield that equals the theoretical one is 100 %.

    Checked where the expression needs nothing but the two, which finds `* 100` and an upside-down
    quotient is found by a second point at half the yield.

    References:
        21 CFR 211.103.
    """
    for placed, parsed in _expressions(subject):
        step = placed.step
        if not isinstance(step, Yield) or parsed.names != {"actual", "theoretical"}:
            continue
        for share in (_ALL, Quantity.parse("50 %")):
            try:
                found = calculation.percent_of_theoretical(
                    step, step.theoretical * (share / _ALL), {}
                )
            except ExpressionRefused:
                continue  # expression.unit says so
            if found != share:
                yield Finding(
                    f"{placed.path}.expression",
                    f"{step.id}: {share} of the theoretical yield comes out as {found}. A ratio"
                    " becomes a percentage by itself.",
                )
                break


def _expressions(subject: Subject) -> Iterator[tuple[PlacedStep, expression.Expression]]:
    for placed in subject.steps:
        if isinstance(placed.step, Yield):
            try:
                yield placed, expression.parse(placed.step.expression)
            except ExpressionRefused:
                continue  # expression.syntax says so


def _definitions(subject: Subject) -> Iterator[tuple[str, str]]:
    for index, parameter in enumerate(subject.record.formula.parameters):
        yield f"formula.parameters[{index}].name", parameter.name
    for placed in subject.steps:
        if isinstance(placed.step, EnterNumber | Weigh | Yield) and placed.step.name is not None:
            yield f"{placed.path}.name", placed.step.name


def _units_at(subject: Subject, placed: PlacedStep) -> dict[str, str]:
    """Return the unit of each name that has a value when a yield step is performed."""
    known = {p.name: p.quantity.unit for p in subject.record.formula.parameters}
    for earlier in subject.steps[: placed.number - 1]:
        step = earlier.step
        if isinstance(step, EnterNumber | Weigh | Yield) and step.name is not None:
            known[step.name] = calculation.unit_of(step)
    known["batch_size"] = subject.record.header.batch_size.unit
    if isinstance(placed.step, Yield):
        known["theoretical"] = placed.step.theoretical.unit
        known["actual"] = _actual_unit(subject, placed.step)
    return known


def _actual_unit(subject: Subject, step: Yield) -> str:
    source = subject.by_id.get(step.actual_step) if step.actual_step is not None else None
    if source is not None and isinstance(source.step, EnterNumber | Weigh):
        return calculation.unit_of(source.step)
    # Without a source (reference.actual says so) the expression is judged as if it were right.
    return step.actual_unit or step.theoretical.unit


RULES = (duplicate, unused, syntax, undefined, unit, actual, identity)
