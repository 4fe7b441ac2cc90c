"""Evaluating an entry: what was entered at a step, against what the master asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import singledispatch
from typing import TYPE_CHECKING

from daytwo.kernel.quantity import Quantity
from daytwo.record.batches.errors import EntryRefused
from daytwo.record.batches.rules.discrepancies import Finding, finding
from daytwo.record.recipes.calculation import percent_of_theoretical
from daytwo.record.recipes.document import (
    ChargeMaterial,
    CheckEquipment,
    Confirm,
    EnterChoice,
    EnterNumber,
    EnterText,
    LineClearance,
    Weigh,
    Yield,
)
from daytwo.record.recipes.enums import OnException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.record.recipes.document import Step

_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,9})?", re.ASCII)
_YES = frozenset({"yes", "on", "true", "1"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an entry comes to.

    Attributes:
        entry: As entered, normalised (blanks off), by field.
        result: What follows from it, for people and expressions: text by name.
        findings: Discrepancies that it brings up.
        named: Quantities that later expressions may use.
    """

    entry: dict[str, str]
    result: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    named: dict[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier steps of the batch gave.

    Attributes:
        batch_id: The batch.
        named: Quantities by the names that the master gives them.
        by_step: Quantities by step id.
        equipment: Equipment assigned so far, id to class.
    """

    batch_id: str
    named: Mapping[str, Quantity]
    by_step: Mapping[str, Quantity]
    equipment: Mapping[str, str]


def looks_back(step: Step) -> bool:
    """Say whether judging an entry at this step needs what earlier steps gave.

    References:
        21 CFR 211.101(c), 211.103: what was weighed is what is charged; yields are calculated.
    """
    return isinstance(step, ChargeMaterial | Yield)


@singledispatch
def evaluate(
    step: Step,
    entry: Mapping[str, str],  # noqa: ARG001 - each kind of step reads it
    known: Known,  # noqa: ARG001 - the kinds that look back read it
) -> Outcome:
    """Judge an entry; pure: lots and equipment are asked by the command.

    Args:
        step: The step of the approved master.
        entry: Text by field, as the form or the program sent it.
        known: What earlier steps gave.

    Raises:
        EntryRefused: A field is missing or unreadable; the field is named.

    References:
        21 CFR 211.68(b), 211.101, 211.110, 211.188(b); silence never passes.
    """
    raise EntryRefused("kind", "kind", f"This step's kind is not known: {type(step).__name__}.")


@evaluate.register(Confirm)
def _confirm(step: Confirm, entry: Mapping[str, str], known: Known) -> Outcome:  # noqa: ARG001
    if entry.get("confirmed", "").strip().lower() not in _YES:
        raise EntryRefused("unconfirmed", "confirmed", "Confirm that the instruction was done.")
    return Outcome({"confirmed": "yes"})


@evaluate.register(EnterNumber)
def _number(step: EnterNumber, entry: Mapping[str, str], known: Known) -> Outcome:  # noqa: ARG001
    value = _read_number(entry, "value", step.decimals)
    quantity = Quantity(value, step.unit)
    named = {step.name: quantity} if step.name else {}
    findings = _limits(step, quantity)
    return Outcome({"value": str(value)}, {"value": str(quantity)}, findings, named)


@evaluate.register(EnterText)
def _text(step: EnterText, entry: Mapping[str, str], known: Known) -> Outcome:  # noqa: ARG001
    text = _required(entry, "value")
    if len(text) > step.max_length:
        raise EntryRefused("long", "value", f"At most {step.max_length} characters.")
    return Outcome({"value": text})


@evaluate.register(EnterChoice)
def _choice(step: EnterChoice, entry: Mapping[str, str], known: Known) -> Outcome:  # noqa: ARG001
    choice = _required(entry, "value")
    if choice not in step.options:
        raise EntryRefused("choice", "value", f"Choose one of: {', '.join(step.options)}.")
    findings: tuple[Finding, ...] = ()
    if choice not in step.accepted:
        text = f"{step.title}: {choice}; accepted is {' or '.join(step.accepted)}."
        _refuse_where_told(step, "not_accepted", text)
        findings = (finding("not_accepted", text),)
    return Outcome({"value": choice}, findings=findings)


@evaluate.register(Weigh)
def _weigh(step: Weigh, entry: Mapping[str, str], known: Known) -> Outcome:  # noqa: ARG001
    lot, balance = _required(entry, "lot"), _required(entry, "balance")
    unit = step.target.unit
    gross = _read_number(entry, "gross")
    tare = _read_number(entry, "tare") if step.tare_required else Decimal(0)
    if tare < 0:
        raise EntryRefused("tare", "tare", "A container does not weigh less than nothing.")
    if gross <= tare:
        raise EntryRefused("gross", "gross", "The gross weight must be above the tare.")
    net = Quantity(gross - tare, unit)
    findings: tuple[Finding, ...] = ()
    if not step.tolerance_low <= net <= step.tolerance_high:
        text = f"{step.title}: net {net}, wanted {step.tolerance_low} to {step.tolerance_high}."
        if step.on_exception is OnException.REFUSE:
            raise EntryRefused("tolerance", "gross", f"{text} Add or take away, then weigh again.")
        findings = (finding("tolerance", text),)
    taken = {"lot": lot, "balance": balance, "tare": str(tare), "gross": str(gross)}
    named = {step.name: net} if step.name else {}
    return Outcome(taken, {"net": str(net)}, findings, named)


@evaluate.register(ChargeMaterial)
def _charge(step: ChargeMaterial, entry: Mapping[str, str], known: Known) -> Outcome:
    label = _required(entry, "container")
    wanted = container_label(known.batch_id, step.weigh)
    if label != wanted:
        detail = f"This is not the container of {step.weigh}; its label reads {wanted}."
        raise EntryRefused("container", "container", detail)
    taken = {"container": label}
    if step.equipment_class is not None:
        taken["equipment"] = _required(entry, "equipment")
        if known.equipment.get(taken["equipment"]) != step.equipment_class:
            detail = f"{taken['equipment']} is not the {step.equipment_class} of this batch."
            raise EntryRefused("equipment", "equipment", detail)
    return Outcome(taken, {"charged": str(known.by_step.get(step.weigh, ""))})


@evaluate.register(CheckEquipment)
def _equipment(step: CheckEquipment, entry: Mapping[str, str], known: Known) -> Outcome:  # noqa: ARG001
    return Outcome({"equipment": _required(entry, "equipment")})


@evaluate.register(LineClearance)
def _clearance(step: LineClearance, entry: Mapping[str, str], known: Known) -> Outcome:  # noqa: ARG001
    taken: dict[str, str] = {}
    for number, item in enumerate(step.items, start=1):
        answer = entry.get(f"item-{number}", "").strip().lower()
        if answer not in _YES:
            detail = f"Not cleared: {item}. Clear it, then tick it; or report what is wrong."
            raise EntryRefused("clearance", f"item-{number}", detail)
        taken[f"item-{number}"] = "yes"
    return Outcome(taken)


@evaluate.register(Yield)
def _yield(step: Yield, entry: Mapping[str, str], known: Known) -> Outcome:
    taken: dict[str, str] = {}
    if step.actual_step is not None:
        if step.actual_step not in known.by_step:
            raise EntryRefused("actual", "value", f"{step.actual_step} has given no value yet.")
        actual = known.by_step[step.actual_step]
    else:
        taken["value"] = str(_read_number(entry, "value"))
        actual = Quantity(Decimal(taken["value"]), str(step.actual_unit))
    percent = percent_of_theoretical(step, actual, known.named)
    findings: tuple[Finding, ...] = ()
    if not step.low <= percent <= step.high:
        text = f"{step.title}: {percent} of theory, wanted {step.low} to {step.high}."
        _refuse_where_told(step, "yield_limit", text)
        findings = (finding("yield_limit", text),)
    result = {"actual": str(actual), "percent": str(percent)}
    return Outcome(taken, result, findings, {step.name: percent} if step.name else {})


def container_label(batch_id: str, weigh_step_id: str) -> str:
    """Return what the label of a weighed container reads.

    References:
        21 CFR 211.101(b): containers of subdivided material are identified.
    """
    return f"{batch_id}/{weigh_step_id}"


def _limits(step: EnterNumber, quantity: Quantity) -> tuple[Finding, ...]:
    for code, low, high in (
        ("action_limit", step.action_low, step.action_high),
        ("alert_limit", step.alert_low, step.alert_high),
    ):
        if (low is not None and quantity < low) or (high is not None and quantity > high):
            word = "action" if code == "action_limit" else "alert"
            bounds = f"{low if low is not None else '-'} to {high if high is not None else '-'}"
            text = f"{step.title}: {quantity}, {word} limits {bounds}."
            if code == "action_limit" and step.on_exception is OnException.REFUSE:
                raise EntryRefused("limit", "value", f"{text} It cannot be taken.")
            return (finding(code, text),)
    return ()


def _refuse_where_told(step: EnterChoice | Yield, code: str, text: str) -> None:
    if step.on_exception is OnException.REFUSE:
        raise EntryRefused(code, "value", f"{text} It cannot be taken.")


def _required(entry: Mapping[str, str], name: str) -> str:
    text = entry.get(name, "").strip()
    if not text:
        raise EntryRefused("missing", name, f"The field {name} is empty; nothing passes unsaid.")
    if len(text) > 4000 or not text.isprintable():  # noqa: PLR2004 - a bound, not a rule
        raise EntryRefused("unreadable", name, f"The field {name} holds signs that cannot be kept.")
    return text


def _read_number(entry: Mapping[str, str], name: str, decimals: int | None = None) -> Decimal:
    text = _required(entry, name)
    if not _NUMBER.fullmatch(text):
        detail = f"{text[:40]!r} is not a number; write it like 2.34."
        raise EntryRefused("number", name, detail)
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise EntryRefused("number", name, f"{text[:40]!r} is not a number.") from None
    places = -int(value.as_tuple().exponent)
    if decimals is not None and places != decimals:
        form = {0: "as a whole number", 1: "with one decimal"}.get(
            decimals, f"with {decimals} decimals"
        )
        raise EntryRefused("decimals", name, f"Enter the value {form}.")
    return value
