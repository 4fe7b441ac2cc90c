"""What an import appends, made up: a batch of another system with its results, as one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.laboratory.events import LaboratoryResultFinal
    from daytwo.record.ledger.bulk import BulkItem

RESULTS = 19
EVENTS = RESULTS + 1
"""Events of one item."""


def items(first: int, count: int) -> Iterator[BulkItem]:
    """Yield import commands.

    Args:
        first: Number of the first batch.
        count: How many.
    """
    from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
    from daytwo.record.batches.events import BatchImported  # noqa: PLC0415
    from daytwo.record.ledger.append import Intent, Pending  # noqa: PLC0415
    from daytwo.record.ledger.bulk import BulkItem  # noqa: PLC0415
    from daytwo.record.ledger.envelope import Actor, Origin  # noqa: PLC0415

    who = Actor("ivo", "Ivo Kunz", "integrator")
    for number in range(first, first + count):
        name = batch_name(number)
        ref = {"file": "results.csv", "row": number, "field": "", "mapping": "bench v1"}
        batch = BatchImported(
            name, "P-1", "Product one", "50 mg", None, "2025-01-02", "day", "released"
        )
        results = (_result(name, n) for n in range(RESULTS))
        yield BulkItem(
            Intent(new_id(), "import.batch", "0" * 64, who, Origin("import", "old-lims", ref)),
            (
                Pending(f"batch/{name}", batch),
                *(Pending(f"laboratory/batch/{name}", result) for result in results),
            ),
        )


def _result(name: str, number: int) -> LaboratoryResultFinal:
    from daytwo.record.laboratory.events import LaboratoryResultFinal as Final  # noqa: PLC0415

    test = f"test_{number}"
    title = f"Test number {number}"
    return Final(f"{name}:{test}", "batch", name, "final", test, title, f"9{number}.5", "%")


def batch_name(number: int) -> str:
    """Return the id of an item's batch; names sort as their numbers do."""
    return f"IMP-{number:07d}"


def append(first: int, count: int) -> int:
    """Append items through the door; return the number of events.

    Raises:
        RuntimeError: One was not made; a figure would mean nothing.
    """
    from daytwo.record.ledger.bulk import transact_bulk  # noqa: PLC0415 - after setup

    events = 0
    for outcome in transact_bulk(items(first, count)):
        if outcome.status != "made":
            message = f"{outcome.intent.command_id}: {outcome.status} {outcome.error}"
            raise RuntimeError(message)
        events += outcome.events
    return events
