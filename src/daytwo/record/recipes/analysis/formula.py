"""The formula balances: what is listed is what is dispensed, charged and stated on the header."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity, Rounding
from daytwo.kernel.units import unit_named
from daytwo.record.recipes.analysis.subject import Finding, Subject, rule, same_dimension
from daytwo.record.recipes.document import ChargeMaterial, Weigh
from daytwo.record.recipes.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.recipes.document import Component

_NOTHING = Decimal(0)
_COUNT = unit_named("tab").dimension
_MASS = unit_named("kg").dimension


@rule("formula.duplicate", Severity.ERROR)
def duplicate(subject: Subject) -> Iterator[Finding]:
    """Each material stands once in the formula: two weights for one code contradict each other.

    References:
        21 CFR 211.186(b)(3), (b)(4).
    """
    seen: set[str] = set()
    for index, component in enumerate(subject.record.formula.inputs):
        if component.material in seen:
            yield Finding(
                f"formula.inputs[{index}].material",
                f"{component.material} is listed twice; give one quantity, several weigh steps.",
            )
        seen.add(component.material)


@rule("formula.amount", Severity.ERROR)
def amount(subject: Subject) -> Iterator[Finding]:
    """Every amount of header and formula is above nothing.

    References:
        21 CFR 211.186(b)(2), (b)(4), (b)(7) (an accurate statement of weight or measure).
    """
    header, formula = subject.record.header, subject.record.formula
    stated = [("header.batch_size", header.batch_size)]
    if header.unit_weight is not None:
        stated.append(("header.unit_weight", header.unit_weight))
    if header.theoretical_yield is not None:
        stated.append(("header.theoretical_yield.quantity", header.theoretical_yield.quantity))
    stated += [
        (f"header.active_ingredients[{index}].amount_per_unit", active.amount_per_unit)
        for index, active in enumerate(header.active_ingredients)
    ]
    stated += [
        (f"formula.inputs[{index}].quantity", entry.quantity)
        for index, entry in enumerate(formula.inputs)
    ]
    stated += [
        (f"formula.outputs[{index}].quantity", entry.quantity)
        for index, entry in enumerate(formula.outputs)
    ]
    for path, quantity in stated:
        if quantity.value <= 0:
            yield Finding(path, f"Amounts are above nothing; this is {quantity}.")


@rule("formula.active_unknown", Severity.ERROR)
def active_unknown(subject: Subject) -> Iterator[Finding]:
    """Each active ingredient is a component.

    References:
        21 CFR 211.186(b)(2), (b)(3).
    """
    for index, active in enumerate(subject.record.header.active_ingredients):
        if active.material not in subject.components:
            yield Finding(
                f"header.active_ingredients[{index}].material",
                f"{active.material} is not among the inputs of the formula.",
            )


@rule("formula.active_amount", Severity.ERROR)
def active_amount(subject: Subject) -> Iterator[Finding]:
    """The batch holds the active ingredient that its units need: not less than 100 per cent.

    Amount per unit times units, plus the stated excess, equals the component's quantity.

    References:
        21 CFR 211.101(a) (formulated to provide not less than 100 percent of the labeled amount);
        211.186(b)(2), (b)(4), (b)(5).
    """
    header = subject.record.header
    if header.batch_size.dimension != _COUNT:
        return
    for index, active in enumerate(header.active_ingredients):
        component = subject.components.get(active.material)
        if component is None:
            continue
        path = f"header.active_ingredients[{index}].amount_per_unit"
        if not same_dimension(active.amount_per_unit, component.quantity):
            yield Finding(path, f"This must be comparable with {component.quantity}.")
            continue
        needed = active.amount_per_unit * header.batch_size.value * _gross(component)
        if needed != component.quantity:
            yield Finding(
                path,
                f"{header.batch_size} of {active.amount_per_unit} each need"
                f" {needed.to(component.quantity.unit)} of {active.material}, excess included;"
                f" the formula has {component.quantity}.",
            )


@rule("formula.unit_weight", Severity.ERROR)
def unit_weight(subject: Subject) -> Iterator[Finding]:
    """The components that stay, without their excess, weigh what the units weigh.

    The comparison is at the decimals of the stated weight, and only among masses.

    References:
        21 CFR 211.186(b)(2), (b)(4), (b)(6).
    """
    header = subject.record.header
    stated = header.unit_weight
    staying = [component for component in subject.components.values() if not component.removed]
    if stated is None or header.batch_size.dimension != _COUNT or not header.batch_size.value:
        return
    if any(c.quantity.dimension != _MASS for c in staying) or stated.dimension != _MASS:
        return
    net = sum((c.quantity.to(stated.unit).value / _gross(c) for c in staying), start=_NOTHING)
    places = max(-int(stated.value.as_tuple().exponent), 0)
    found = Quantity(net / header.batch_size.value, stated.unit)
    found = found.round_to(places, Rounding.HALF_UP)
    if found != stated:
        yield Finding(
            "header.unit_weight",
            f"The components give {found} a unit, without excess and what is removed.",
        )


@rule("formula.output", Severity.ERROR)
def output(subject: Subject) -> Iterator[Finding]:
    """The theoretical yield is one of the outputs.

    References:
        21 CFR 211.186(b)(7); ISA-88 (the formula has the outputs).
    """
    stated = subject.record.header.theoretical_yield
    outputs = subject.record.formula.outputs
    if stated is not None and all(entry.quantity != stated.quantity for entry in outputs):
        yield Finding("formula.outputs", f"No output has the theoretical yield {stated.quantity}.")


@rule("formula.material_unknown", Severity.ERROR)
def material_unknown(subject: Subject) -> Iterator[Finding]:
    """Only components are weighed.

    References:
        21 CFR 211.186(b)(3) (the list of components is complete).
    """
    for placed in subject.steps:
        if isinstance(placed.step, Weigh) and placed.step.material not in subject.components:
            yield Finding(
                f"{placed.path}.material",
                f"{placed.step.id}: {placed.step.material} is not among the inputs of the formula.",
            )


@rule("formula.weigh_unit", Severity.ERROR)
def weigh_unit(subject: Subject) -> Iterator[Finding]:
    """A component is weighed in the dimension in which the formula lists it.

    References:
        21 CFR 211.186(b)(4) (the same weight system for each component).
    """
    for placed in subject.steps:
        step = placed.step
        component = subject.components.get(step.material) if isinstance(step, Weigh) else None
        if (
            isinstance(step, Weigh)
            and component is not None
            and not same_dimension(step.target, component.quantity)
        ):
            yield Finding(
                f"{placed.path}.target",
                f"{step.id}: {step.target} cannot be compared with {component.quantity}.",
            )


@rule("formula.not_dispensed", Severity.ERROR)
def not_dispensed(subject: Subject) -> Iterator[Finding]:
    """Every component is weighed somewhere.

    References:
        21 CFR 211.101(b), 211.186(b)(9).
    """
    weighed = {placed.step.material for placed in subject.steps if isinstance(placed.step, Weigh)}
    for index, component in enumerate(subject.record.formula.inputs):
        if component.material not in weighed:
            yield Finding(f"formula.inputs[{index}]", f"No step weighs {component.material}.")


@rule("formula.dispensed_amount", Severity.ERROR)
def dispensed_amount(subject: Subject) -> Iterator[Finding]:
    """The weigh steps of a component add up to its quantity.

    References:
        21 CFR 211.101(b), 211.186(b)(4).
    """
    for index, component in enumerate(subject.record.formula.inputs):
        targets = [
            placed.step.target
            for placed in subject.steps
            if isinstance(placed.step, Weigh) and placed.step.material == component.material
        ]
        try:
            total = sum(targets[1:], start=targets[0]) if targets else None
        except Refused:
            continue  # formula.weigh_unit says so
        if total is None or not same_dimension(total, component.quantity):
            continue
        if total != component.quantity:
            yield Finding(
                f"formula.inputs[{index}].quantity",
                f"The steps weigh {total} of {component.material}; the formula has"
                f" {component.quantity}.",
            )


@rule("formula.not_charged", Severity.ERROR)
def not_charged(subject: Subject) -> Iterator[Finding]:
    """What is weighed is charged.

    References:
        21 CFR 211.101(d) (each component is added to the batch by one person, verified by another).
    """
    charged = Counter(
        placed.step.weigh for placed in subject.steps if isinstance(placed.step, ChargeMaterial)
    )
    for placed in subject.steps:
        if isinstance(placed.step, Weigh) and not charged[placed.step.id]:
            yield Finding(placed.path, f"No step charges what {placed.step.id} weighs.")


def _gross(component: Component) -> Decimal:
    """Return the factor from the net amount to the amount with excess."""
    excess = component.excess
    if excess is None or excess.unit != "%" or excess.value < 0:
        return Decimal(1)
    return 1 + excess.value / 100


RULES = (
    duplicate,
    amount,
    active_unknown,
    active_amount,
    unit_weight,
    output,
    material_unknown,
    weigh_unit,
    not_dispensed,
    dispensed_amount,
    not_charged,
)
