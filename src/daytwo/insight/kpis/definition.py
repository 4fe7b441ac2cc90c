"""What a KPI definition must say, and the registry of definitions."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.insight.kpis import definitions
from daytwo.kernel.errors import Fault, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daytwo.insight.facts.batch import BatchFact


@dataclass(frozen=True, slots=True)
class Observation:
    """One subject of a KPI: counted with a value, still open, or left out with the reason.

    Attributes:
        subject: The batch.
        value: In the KPI's unit; None when not counted.
        why_not: Reason of the exclusion; empty when counted or open.
        missing: True when it is left out because the record lacks an event it should have.
        open: True while its stop event has not come.
        start_seq: The ledger's number of the start event; None when there is none.
        stop_seq: Likewise of the stop event.
        at: ISO time of the stop event; empty when there is none.
    """

    subject: str
    value: float | None
    why_not: str = ""
    missing: bool = False
    open: bool = False
    start_seq: int | None = None
    stop_seq: int | None = None
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A KPI as ISO 22400-1 §4.3 describes one, and what an audit of it asks for besides.

    `observe` turns batch facts into observations; the evaluator does the rest.
    """

    id: str
    version: int
    name: str
    description: str
    scope: str
    formula: str
    unit: str
    range: str
    trend: str
    timing: str
    audience: str
    production_methodology: str
    effect_model: str
    notes: str
    effective_from: str
    owner: str
    data_sources: str
    start_event: str
    stop_event: str
    calendar: str
    cohort: str
    exclusions: str
    minimum_n: int
    sensitivity: str
    guard: str
    references: str
    observe: Callable[[Sequence[BatchFact]], list[Observation]]


_REGISTRY: dict[str, Definition] = {}


def register(definition: Definition) -> Definition:
    """Add a definition; refuses a second one of the same id, or one with an empty field."""
    if definition.id in _REGISTRY:
        raise Fault("kpi.duplicate", f"Two KPIs have the id {definition.id}.")
    for name in Definition.__dataclass_fields__:
        if getattr(definition, name) in ("", None):
            raise Fault("kpi.incomplete", f"{definition.id}: the field {name} is empty.")
    _REGISTRY[definition.id] = definition
    return definition


def all_definitions() -> tuple[Definition, ...]:
    """Return every definition found in the folder, by id."""
    for module in pkgutil.iter_modules(definitions.__path__, f"{definitions.__name__}."):
        importlib.import_module(module.name)
    return tuple(_REGISTRY[key] for key in sorted(_REGISTRY))


def definition(kpi_id: str) -> Definition:
    """Return one definition; `Unknown` when there is none of this id."""
    found = next((d for d in all_definitions() if d.id == kpi_id), None)
    if found is None:
        known = ", ".join(d.id for d in all_definitions())
        raise Unknown("kpi.unknown", f"There is no KPI {kpi_id}. There are: {known}.")
    return found
