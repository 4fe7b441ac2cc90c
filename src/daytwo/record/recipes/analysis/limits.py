"""Limits exist where they matter, stand in order, and are in the unit of the value."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity
from daytwo.kernel.units import unit_named
from daytwo.record.recipes.analysis.subject import Finding, Subject, rule, within
from daytwo.record.recipes.document import EnterChoice, EnterNumber, EnterText, Weigh, Yield
from daytwo.record.recipes.enums import Criticality, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.recipes.document import Step

_CRITICAL = frozenset({Criticality.CPP, Criticality.CQA})
_ALL = Quantity.parse("100 %")
_ORDER = ("action_low", "alert_low", "target", "alert_high", "action_high")


@rule("limits.missing", Severity.ERROR)
def missing(subject: Subject) -> Iterator[Finding]:
    """A critical value has a limit: an action limit, or answers that are not accepted.

    A free text can have none, so it is no form for a critical value.

    References:
        21 CFR 211.110(b) (valid in-process specifications); ICH Q8(R2) (CPP, CQA).
    """
    for placed in subject.steps:
        step = placed.step
        if step.criticality not in _CRITICAL:
            continue
        if isinstance(step, EnterNumber) and step.action_low is None and step.action_high is None:
            yield Finding(
                placed.path, f"{step.id} is {step.criticality}: give action_low or action_high."
            )
        elif isinstance(step, EnterChoice) and set(step.accepted) >= set(step.options):
            yield Finding(
                f"{placed.path}.accepted",
                f"{step.id} is {step.criticality}: at least one option must not be accepted.",
            )
        elif isinstance(step, EnterText):
            yield Finding(
                placed.path,
                f"{step.id} is {step.criticality}: a free text has no limit; use a number or a"
                " choice.",
            )


@rule("limits.unit", Severity.ERROR)
def unit(subject: Subject) -> Iterator[Finding]:
    """Target and limits are in the dimension of the value.

    References:
        21 CFR 211.68(b), 211.186(b)(4).
    """
    for placed in subject.steps:
        step = placed.step
        for name, limit in _limits(step):
            dimension = _dimension(step)
            if dimension is not None and limit.dimension != dimension:
                yield Finding(
                    f"{placed.path}.{name}",
                    f"{step.id}: {name} {limit} is not a {dimension} as the value is.",
                )


@rule("limits.order", Severity.ERROR)
def order(subject: Subject) -> Iterator[Finding]:
    """Action limits lie outside alert limits, and the target within both.

    References:
        21 CFR 211.110(b); PDA TR 29 and ICH Q7 glossary use (alert warns before action).
    """
    for placed in subject.steps:
        step = placed.step
        if not isinstance(step, EnterNumber):
            continue
        given = [(name, limit) for name, limit in _limits(step) if name in _ORDER]
        for (low_name, low), (high_name, high) in pairwise(given):
            touching = "target" in {low_name, high_name}
            if _wrong(low, high, touching=touching):
                yield Finding(
                    f"{placed.path}.{high_name}",
                    f"{step.id}: {high_name} {high} must be above {low_name} {low}.",
                )


@rule("limits.tolerance", Severity.ERROR)
def tolerance(subject: Subject) -> Iterator[Finding]:
    """A weighing tolerance is a range around the target.

    References:
        21 CFR 211.101(b), (c).
    """
    for placed in subject.steps:
        step = placed.step
        if not isinstance(step, Weigh):
            continue
        inside = within(step.tolerance_low, step.target, step.tolerance_high)
        if step.target.value <= 0:
            yield Finding(f"{placed.path}.target", f"{step.id}: weigh more than nothing.")
        if inside is False or step.tolerance_low == step.tolerance_high:
            yield Finding(
                f"{placed.path}.tolerance_low",
                f"{step.id}: {step.target} must lie between {step.tolerance_low} and"
                f" {step.tolerance_high}; these are weights, not differences.",
            )


@rule("limits.yield", Severity.ERROR)
def yields(subject: Subject) -> Iterator[Finding]:
    """Limits of a yield are percentages, the low one below 100 % and the high one not below it.

    References:
        21 CFR 211.103, 211.186(b)(7), 211.192.
    """
    for placed in subject.steps:
        step = placed.step
        if not isinstance(step, Yield):
            continue
        if step.low.unit != "%" or step.high.unit != "%":
            yield Finding(f"{placed.path}.low", f"{step.id}: give low and high in %.")
        elif not (step.low < _ALL <= step.high):
            yield Finding(
                f"{placed.path}.low",
                f"{step.id}: 100 % must be above {step.low} and not above {step.high}.",
            )
        if step.theoretical.value <= 0:
            yield Finding(f"{placed.path}.theoretical", f"{step.id}: this must be above nothing.")


@rule("limits.choice", Severity.ERROR)
def choice(subject: Subject) -> Iterator[Finding]:
    """A choice has several different options, and the accepted ones are among them.

    References:
        21 CFR 211.186(b)(9) (complete control instructions).
    """
    for placed in subject.steps:
        step = placed.step
        if not isinstance(step, EnterChoice):
            continue
        if len(set(step.options)) != len(step.options) or len(step.options) < 2:  # noqa: PLR2004
            yield Finding(
                f"{placed.path}.options", f"{step.id}: give two or more different options."
            )
        if not step.accepted or not set(step.accepted) <= set(step.options):
            yield Finding(
                f"{placed.path}.accepted", f"{step.id}: accepted must be some of the options."
            )


@rule("limits.decimals", Severity.WARNING)
def decimals(subject: Subject) -> Iterator[Finding]:
    """A limit is not finer than the value that is compared with it.

    References:
        USP General Notices 7.20 (a result is reported to the places of its limit); R12.
    """
    for placed in subject.steps:
        step = placed.step
        if not isinstance(step, EnterNumber):
            continue
        for name, limit in _limits(step):
            finer = -int(limit.value.normalize().as_tuple().exponent) > step.decimals
            if limit.unit == step.unit and finer:
                yield Finding(
                    f"{placed.path}.{name}",
                    f"{step.id}: {name} {limit} is finer than the {step.decimals} decimals that"
                    " are entered.",
                )


def _limits(step: Step) -> Iterator[tuple[str, Quantity]]:
    if isinstance(step, EnterNumber):
        names: tuple[str, ...] = _ORDER
    elif isinstance(step, Weigh):
        names = ("tolerance_low", "tolerance_high")
    else:
        return
    for name in names:
        limit = getattr(step, name)
        if limit is not None:
            yield name, limit


def _dimension(step: Step) -> str | None:
    if isinstance(step, EnterNumber):
        return unit_named(step.unit).dimension
    return step.target.dimension if isinstance(step, Weigh) else None


def _wrong(low: Quantity, high: Quantity, *, touching: bool) -> bool:
    try:
        return low > high if touching else low >= high
    except Refused:
        return False  # limits.unit says so


RULES = (missing, unit, order, tolerance, yields, choice, decimals)
