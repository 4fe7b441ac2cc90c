"""What a KPI definition must say, and the registry of definitions."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from daytwo.insight.kpis import definitions
from daytwo.insight.kpis.calendar import SPANS
from daytwo.kernel.errors import Fault, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ibis.expr.types import Table

    from daytwo.insight.kpis.measures import Statistic
    from daytwo.insight.kpis.subjects import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A KPI as ISO 22400-1 §4.3 describes one, and what an audit of it asks for besides.

    Attributes:
        statistic: What is made of the subjects: a median of times, a share, a rate, a ratio.
        population: The fact rows that it speaks of; each is one subject, or the figure fails.
        subjects: One row a subject; see `subjects.subjects`.
        dimensions: By what the figure may be split, names of `subjects.DIMENSIONS`.
        minimum_n: Below it no interval of a median is given, and nothing is called enough.
        minimum_persons: A group with fewer persons behind it is withheld; 0 where none are.
        shortest_span: Of a trend, one of `calendar.SPANS`; by less the figure says nothing.
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
    timing: str = "on demand, fresh within a second"
    audience: str
    production_methodology: str = "batch"
    effect_model: str
    notes: str
    effective_from: str = "2026-11-25"
    owner: str
    data_sources: str
    start_event: str
    stop_event: str
    calendar: str = "24/7"
    cohort: str
    exclusions: str
    minimum_n: int
    sensitivity: str
    shortest_span: str = "day"
    guard: str
    references: str
    statistic: Statistic
    population: Callable[[Facts], Sequence[Table]]
    subjects: Callable[[Facts], Table]
    dimensions: tuple[str, ...]
    minimum_persons: int = 0

    def span(self, asked: str) -> str:
        """Return by what a trend goes when a span is asked for: that one, or the shortest."""
        return max(asked, self.shortest_span, key=SPANS.index)


_REGISTRY: dict[tuple[str, int], Definition] = {}
_COMPUTED = ("statistic", "population", "subjects", "dimensions", "minimum_persons")
WORDS = tuple(name for name in Definition.__dataclass_fields__ if name not in _COMPUTED)
"""The fields that are text or numbers for people; the rest is the computation."""


def register(definition: Definition) -> Definition:
    """Add a definition; refuses a second one of the same id and version, or an empty field."""
    key = (definition.id, definition.version)
    if key in _REGISTRY:
        raise Fault("kpi.duplicate", f"Two KPIs are {definition.id} version {definition.version}.")
    for name in Definition.__dataclass_fields__:
        if getattr(definition, name) in ("", None, ()):
            raise Fault("kpi.incomplete", f"{definition.id}: the field {name} is empty.")
    _REGISTRY[key] = definition
    return definition


def all_definitions() -> tuple[Definition, ...]:
    """Return the newest version of every definition found in the folder, K2 before K10."""
    newest = {key[0]: _REGISTRY[key] for key in sorted(_found())}
    return tuple(newest[kpi_id] for kpi_id in sorted(newest, key=_order))


def definition(kpi_id: str, version: int | None = None) -> Definition:
    """Return a definition, the newest version unless one is named; `Unknown` without any."""
    found = versions(kpi_id)
    if not found:
        known = ", ".join(d.id for d in all_definitions())
        raise Unknown("kpi.unknown", f"There is no KPI {kpi_id}. There are: {known}.")
    if version is None:
        return found[-1]
    one = next((d for d in found if d.version == version), None)
    if one is None:
        there = ", ".join(str(d.version) for d in found)
        raise Unknown("kpi.version_unknown", f"{kpi_id} has no version {version}, only {there}.")
    return one


def versions(kpi_id: str) -> tuple[Definition, ...]:
    """Return every version of a definition, the oldest first."""
    return tuple(_REGISTRY[key] for key in sorted(_found()) if key[0] == kpi_id)


def _found() -> list[tuple[str, int]]:
    _load()
    return list(_REGISTRY)


@cache
def _load() -> None:
    """Import what lies in the folder; it stays as it is while a process runs."""
    for module in pkgutil.iter_modules(definitions.__path__, f"{definitions.__name__}."):
        importlib.import_module(module.name)


def _order(kpi_id: str) -> tuple[int, str]:
    number = re.search(r"\d+", kpi_id)
    return (int(number[0]) if number else 0), kpi_id
