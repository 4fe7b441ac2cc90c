"""What the rules of the analysis look at, and how a rule is declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from daytwo.kernel.errors import Fault, Refused
from daytwo.record.recipes.enums import Severity
from daytwo.record.recipes.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from daytwo.kernel.quantity import Quantity
    from daytwo.record.recipes.document import Component, MasterBatchRecord, PlacedStep


class Finding(NamedTuple):
    """Where a rule is broken, and how to mend it."""

    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A record with what several rules look up.

    Attributes:
        steps: Every step in the order of execution.
        by_id: The first step of each id.
        components: The first component of each material code.
    """

    record: MasterBatchRecord
    steps: tuple[PlacedStep, ...]
    by_id: dict[str, PlacedStep] = field(default_factory=dict)
    components: dict[str, Component] = field(default_factory=dict)

    @classmethod
    def of(cls, record: MasterBatchRecord) -> Subject:
        """Return the subject of a record."""
        subject = cls(record, record.steps())
        for placed in subject.steps:
            subject.by_id.setdefault(placed.step.id, placed)
        for component in record.formula.inputs:
            subject.components.setdefault(component.material, component)
        return subject


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of the analysis."""

    code: str
    severity: Severity
    find: Callable[[Subject], Iterator[Finding]]

    def issues(self, subject: Subject, lines: Mapping[str, int]) -> Iterator[Issue]:
        """Return what the rule finds, each with its line.

        A rule that cannot be computed has not been passed: that is an error of its own.
        """
        try:
            for path, detail in self.find(subject):
                yield Issue(self.severity, self.code, path, _line(path, lines), detail)
        except (Refused, ArithmeticError) as cause:
            detail = f"This could not be checked, for a value without sense: {cause}"
            yield Issue(Severity.ERROR, self.code, "", None, detail)


def rule(code: str, severity: Severity) -> Callable[[Callable[[Subject], Iterator[Finding]]], Rule]:
    """Declare a generator of findings as a rule; its docstring names its References."""

    def declare(find: Callable[[Subject], Iterator[Finding]]) -> Rule:
        if "References:" not in (find.__doc__ or ""):
            raise Fault("analysis.rule", f"The rule {code} does not name its references.")
        return Rule(code, severity, find)

    return declare


def same_dimension(left: Quantity, right: Quantity) -> bool:
    """Say whether two quantities can be compared."""
    return left.dimension == right.dimension


def within(low: Quantity, value: Quantity, high: Quantity) -> bool | None:
    """Say whether low <= value <= high; None when they cannot be compared."""
    try:
        return low <= value <= high
    except Refused:
        return None


def _line(path: str, lines: Mapping[str, int]) -> int | None:
    """Return the line of a path, or of the nearest thing around it."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)
