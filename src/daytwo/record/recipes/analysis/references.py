"""What the document refers to exists, is of the right kind, and comes before its use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.recipes.analysis.subject import Finding, Subject, rule
from daytwo.record.recipes.document import (
    ChargeMaterial,
    CheckEquipment,
    EnterNumber,
    Weigh,
    Yield,
)
from daytwo.record.recipes.enums import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.recipes.document import PlacedStep, Step

_MEASURED = (EnterNumber, Weigh)
"""Steps whose value may be an actual yield."""


@rule("reference.duplicate_id", Severity.ERROR)
def duplicate_id(subject: Subject) -> Iterator[Finding]:
    """Every part of the procedure has an id of its own.

    References:
        21 CFR 211.188(b) (each significant step is identified); ISA-88.
    """
    seen: set[str] = set()
    for path, identity in _identities(subject):
        if identity in seen:
            yield Finding(f"{path}.id", f"{identity} is used twice.")
        seen.add(identity)


@rule("reference.weigh_unknown", Severity.ERROR)
def weigh_unknown(subject: Subject) -> Iterator[Finding]:
    """A charge names a weigh step.

    References:
        21 CFR 211.101(d).
    """
    for placed in _charges(subject):
        target = subject.by_id.get(_weigh(placed))
        if target is None or not isinstance(target.step, Weigh):
            yield Finding(
                f"{placed.path}.weigh",
                f"{placed.step.id}: {_weigh(placed)} is not a weigh step.",
            )


@rule("reference.weigh_later", Severity.ERROR)
def weigh_later(subject: Subject) -> Iterator[Finding]:
    """A charge comes after its weighing.

    References:
        21 CFR 211.101(c), (d).
    """
    for placed in _charges(subject):
        target = subject.by_id.get(_weigh(placed))
        if target is not None and isinstance(target.step, Weigh) and target.number > placed.number:
            yield Finding(
                f"{placed.path}.weigh",
                f"{placed.step.id}: {target.step.id} weighs only later.",
            )


@rule("reference.charged_twice", Severity.ERROR)
def charged_twice(subject: Subject) -> Iterator[Finding]:
    """What was weighed once is charged once.

    References:
        21 CFR 211.101(d).
    """
    seen: dict[str, str] = {}
    for placed in _charges(subject):
        first = seen.setdefault(_weigh(placed), placed.step.id)
        if first != placed.step.id:
            yield Finding(
                f"{placed.path}.weigh",
                f"{placed.step.id}: {first} has charged {_weigh(placed)} already.",
            )


@rule("reference.actual", Severity.ERROR)
def actual(subject: Subject) -> Iterator[Finding]:
    """A yield has exactly one source, and a step that is its source measures before it.

    References:
        21 CFR 211.103.
    """
    for placed in subject.steps:
        step = placed.step
        if not isinstance(step, Yield):
            continue
        path = f"{placed.path}.actual_step"
        if (step.actual_step is None) == (step.actual_unit is None):
            yield Finding(path, f"{step.id}: give either actual_step or actual_unit.")
        if step.actual_step is None:
            continue
        source = subject.by_id.get(step.actual_step)
        if source is None or not isinstance(source.step, _MEASURED):
            yield Finding(path, f"{step.id}: {step.actual_step} is no step that measures.")
        elif source.number > placed.number:
            yield Finding(path, f"{step.id}: {step.actual_step} measures only later.")


@rule("reference.equipment_unknown", Severity.ERROR)
def equipment_unknown(subject: Subject) -> Iterator[Finding]:
    """A step's class of equipment is among the requirements.

    References:
        ISA-88 (equipment requirements of a recipe); 21 CFR 211.105, 211.188(b)(2).
    """
    known = {entry.equipment_class for entry in subject.record.equipment}
    for placed in subject.steps:
        wanted = _equipment_class(placed.step)
        if wanted is not None and wanted not in known:
            yield Finding(
                f"{placed.path}.equipment_class",
                f"{placed.step.id}: {wanted} is not among the equipment requirements.",
            )


@rule("reference.equipment_unchecked", Severity.WARNING)
def equipment_unchecked(subject: Subject) -> Iterator[Finding]:
    """Equipment is checked and assigned before it is used.

    References:
        21 CFR 211.67, 211.68(a), 211.182; EU GMP Chapter 5, 5.35.
    """
    checked: set[str] = set()
    for placed in subject.steps:
        wanted = _equipment_class(placed.step)
        if isinstance(placed.step, CheckEquipment):
            checked.add(placed.step.equipment_class)
        elif wanted is not None and wanted not in checked:
            yield Finding(
                f"{placed.path}.equipment_class",
                f"{placed.step.id}: no earlier step checks the {wanted}.",
            )


@rule("reference.equipment_unused", Severity.WARNING)
def equipment_unused(subject: Subject) -> Iterator[Finding]:
    """An equipment requirement is used by a step.

    References:
        ISA-88 (equipment requirements of a recipe).
    """
    used = {_equipment_class(placed.step) for placed in subject.steps}
    for index, entry in enumerate(subject.record.equipment):
        if entry.equipment_class not in used:
            yield Finding(f"equipment[{index}]", f"No step uses the {entry.equipment_class}.")


@rule("reference.sampling", Severity.ERROR)
def sampling(subject: Subject) -> Iterator[Finding]:
    """A sampling instruction names a step and a specification that exist.

    References:
        21 CFR 211.110, 211.186(b)(9).
    """
    known = {entry.id for entry in subject.record.header.specifications}
    for index, entry in enumerate(subject.record.header.sampling):
        path = f"header.sampling[{index}]"
        if entry.step not in subject.by_id:
            yield Finding(f"{path}.step", f"{entry.id}: there is no step {entry.step}.")
        if entry.specification not in known:
            yield Finding(
                f"{path}.specification",
                f"{entry.id}: there is no specification {entry.specification}.",
            )


def _identities(subject: Subject) -> Iterator[tuple[str, str]]:
    for u, unit_procedure in enumerate(subject.record.procedure):
        yield f"procedure[{u}]", unit_procedure.id
        for o, operation in enumerate(unit_procedure.operations):
            yield f"procedure[{u}].operations[{o}]", operation.id
            for p, phase in enumerate(operation.phases):
                yield f"procedure[{u}].operations[{o}].phases[{p}]", phase.id
    for placed in subject.steps:
        yield placed.path, placed.step.id


def _charges(subject: Subject) -> Iterator[PlacedStep]:
    return (placed for placed in subject.steps if isinstance(placed.step, ChargeMaterial))


def _weigh(placed: PlacedStep) -> str:
    return placed.step.weigh if isinstance(placed.step, ChargeMaterial) else ""


def _equipment_class(step: Step) -> str | None:
    return getattr(step, "equipment_class", None)


RULES = (
    duplicate_id,
    weigh_unknown,
    weigh_later,
    charged_twice,
    actual,
    equipment_unknown,
    equipment_unchecked,
    equipment_unused,
    sampling,
)
