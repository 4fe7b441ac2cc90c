"""The completeness gate: every element that 21 CFR 211.186(b) asks of a master record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.quantity import Quantity
from daytwo.record.recipes.analysis.subject import Finding, Subject, rule, within
from daytwo.record.recipes.document import LineClearance, Yield
from daytwo.record.recipes.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALL = Quantity.parse("100 %")


@rule("complete.product", Severity.ERROR)
def product(subject: Subject) -> Iterator[Finding]:
    """Name, strength and description of the dosage form.

    References:
        21 CFR 211.186(b)(1).
    """
    found = subject.record.header.product
    if found.strength is None:
        yield Finding("header.product.strength", "State the strength.")
    if found.dosage_form is None:
        yield Finding("header.product.dosage_form", "Describe the dosage form.")


@rule("complete.active_ingredients", Severity.ERROR)
def active_ingredients(subject: Subject) -> Iterator[Finding]:
    """Weight of each active ingredient per dosage unit, and total weight of the unit.

    References:
        21 CFR 211.186(b)(2).
    """
    header = subject.record.header
    if not header.active_ingredients:
        yield Finding(
            "header.active_ingredients", "State each active ingredient's weight per dosage unit."
        )
    if header.unit_weight is None:
        yield Finding("header.unit_weight", "State the total weight of a dosage unit.")


@rule("complete.components", Severity.ERROR)
def components(subject: Subject) -> Iterator[Finding]:
    """A complete list of components, each named specifically enough, with its weight.

    References:
        21 CFR 211.186(b)(3), (b)(4).
    """
    inputs = subject.record.formula.inputs
    if not inputs:
        yield Finding("formula.inputs", "List every component with its weight or measure.")
    for index, component in enumerate(inputs):
        if component.quality is None:
            yield Finding(
                f"formula.inputs[{index}].quality",
                f"State the grade or monograph that tells {component.material} from the like.",
            )


@rule("complete.excess", Severity.ERROR)
def excess(subject: Subject) -> Iterator[Finding]:
    """A calculated excess has a size in percent and a statement.

    References:
        21 CFR 211.186(b)(5).
    """
    for index, component in enumerate(subject.record.formula.inputs):
        path = f"formula.inputs[{index}].excess"
        if component.excess is None:
            if component.excess_reason is not None:
                yield Finding(path, f"State the size of the excess of {component.material}.")
            continue
        if component.excess.unit != "%" or component.excess.value < 0:
            yield Finding(path, "State the excess in %, as 0 or more.")
        elif component.excess.value > 0 and component.excess_reason is None:
            yield Finding(f"{path}_reason", f"State why {component.material} has an excess.")


@rule("complete.theoretical_weights", Severity.ERROR)
def theoretical_weights(subject: Subject) -> Iterator[Finding]:
    """Theoretical weight or measure at appropriate phases: there is a yield step to state it.

    References:
        21 CFR 211.186(b)(6), 211.103.
    """
    if not any(isinstance(placed.step, Yield) for placed in subject.steps):
        yield Finding("procedure", "Add a yield step at each phase where a yield can be taken.")


@rule("complete.theoretical_yield", Severity.ERROR)
def theoretical_yield(subject: Subject) -> Iterator[Finding]:
    """Theoretical yield with the percentages beyond which there is an investigation.

    References:
        21 CFR 211.186(b)(7), 211.192.
    """
    found = subject.record.header.theoretical_yield
    path = "header.theoretical_yield"
    if found is None:
        yield Finding(path, "State the theoretical yield with its lowest and highest percentage.")
    elif found.low.unit != "%" or found.high.unit != "%":
        yield Finding(path, "State the lowest and highest percentage in %.")
    elif not within(found.low, _ALL, found.high) or found.low == found.high:
        yield Finding(path, "100 % must lie between the lowest and the highest percentage.")


@rule("complete.packaging", Severity.ERROR)
def packaging(subject: Subject) -> Iterator[Finding]:
    """Containers, closures and packaging materials, and the labels with their specimens.

    References:
        21 CFR 211.186(b)(8).
    """
    header = subject.record.header
    if not header.containers:
        yield Finding("header.containers", "Describe containers, closures, packaging materials.")
    if not header.labels:
        yield Finding("header.labels", "Name each label, its specimen and who approved it when.")


@rule("complete.instructions", Severity.ERROR)
def instructions(subject: Subject) -> Iterator[Finding]:
    """Complete manufacturing and control instructions: no empty part of the procedure.

    References:
        21 CFR 211.186(b)(9); ISA-88 (a procedure has unit procedures, operations, phases).
    """
    record = subject.record
    if not record.procedure:
        yield Finding("procedure", "Write the procedure.")
    for u, unit_procedure in enumerate(record.procedure):
        if not unit_procedure.operations:
            yield Finding(f"procedure[{u}].operations", f"{unit_procedure.id} has no operation.")
        for o, operation in enumerate(unit_procedure.operations):
            path = f"procedure[{u}].operations[{o}].phases"
            if not operation.phases:
                yield Finding(path, f"{operation.id} has no phase.")
            for p, phase in enumerate(operation.phases):
                if not phase.steps:
                    yield Finding(f"{path}[{p}].steps", f"{phase.id} has no step.")
    for placed in subject.steps:
        if isinstance(placed.step, LineClearance) and not placed.step.items:
            yield Finding(f"{placed.path}.items", f"{placed.step.id}: list what is looked at.")


@rule("complete.controls", Severity.ERROR)
def controls(subject: Subject) -> Iterator[Finding]:
    """Sampling, specifications, special notations and precautions.

    References:
        21 CFR 211.186(b)(9).
    """
    header = subject.record.header
    if not header.specifications:
        yield Finding("header.specifications", "Name the specifications the batch is held to.")
    if not header.sampling:
        yield Finding("header.sampling", "State what is sampled, when and how much.")
    if not header.precautions:
        yield Finding("header.precautions", "State the precautions; if there is none, say so.")


RULES = (
    product,
    active_ingredients,
    components,
    excess,
    theoretical_weights,
    theoretical_yield,
    packaging,
    instructions,
    controls,
)
