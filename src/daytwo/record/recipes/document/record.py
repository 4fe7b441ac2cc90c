"""The master batch record as one value: header, formula, equipment, procedure.

References:
    ISA-88 / IEC 61512-1 (master recipe; unit procedure, operation, phase); 21 CFR 211.186.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from daytwo.kernel.canonical import digest
from daytwo.record.recipes.document import writing
from daytwo.record.recipes.document.fields import Format, MbrId, NodeId, Text
from daytwo.record.recipes.document.header import EquipmentRequirement, Formula, Header
from daytwo.record.recipes.document.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Steps in the order of execution."""

    id: NodeId
    title: Text
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Phases in the order of execution."""

    id: NodeId
    title: Text
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitProcedure:
    """Operations in the order of execution, on one main piece of equipment."""

    id: NodeId
    title: Text
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStep:
    """A step with its place in the procedure.

    Attributes:
        number: Place in the order of execution, from 1.
        path: Where it stands in the document (`procedure[0].operations[1].phases[0].steps[2]`).
    """

    number: int
    path: str
    unit_procedure: UnitProcedure
    operation: Operation
    phase: Phase
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterBatchRecord:
    """One version's content; the version's number and state are on the ledger, not in it.

    Attributes:
        format: Version of the text form; 1.
        id: Identification of the record, the same for all its versions (`M-0007`).
    """

    format: Format
    id: MbrId
    header: Header
    formula: Formula
    equipment: tuple[EquipmentRequirement, ...] = ()
    procedure: tuple[UnitProcedure, ...] = ()

    def steps(self) -> tuple[PlacedStep, ...]:
        """Return every step in the order of execution, with its place."""
        return tuple(
            PlacedStep(
                number=number,
                path=path,
                unit_procedure=unit_procedure,
                operation=operation,
                phase=phase,
                step=step,
            )
            for number, (path, unit_procedure, operation, phase, step) in enumerate(
                self._walk(), start=1
            )
        )

    def content(self) -> dict[str, Any]:
        """Return the plain tree that an approval signs: what is left out stands at its default.

        Returns:
            Mappings, lists, texts, whole numbers and booleans. A quantity is a text with the
            digits it was written with (`12.000 kg`).
        """
        return writing.plain_mapping(self)

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON of `content()`, hexadecimal.

        References:
            21 CFR 11.70 (a signature binds to the content); RFC 8785.
        """
        return digest(self.content())

    def to_yaml(self) -> str:
        """Return the text form; reading it gives an equal record with the same hash."""
        return writing.to_yaml(self.content())

    def _walk(
        self,
    ) -> Iterator[tuple[str, UnitProcedure, Operation, Phase, Step]]:
        for u, unit_procedure in enumerate(self.procedure):
            for o, operation in enumerate(unit_procedure.operations):
                for p, phase in enumerate(operation.phases):
                    place = f"procedure[{u}].operations[{o}].phases[{p}]"
                    for s, step in enumerate(phase.steps):
                        yield f"{place}.steps[{s}]", unit_procedure, operation, phase, step
