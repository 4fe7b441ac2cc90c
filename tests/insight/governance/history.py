"""Batches of another system on the record: slow ones in winter, fast ones in spring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daytwo.kernel.ids import new_id
from daytwo.record.batches.events import BatchImported, ManufactureEnded
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.release.events import BatchDecided

WINTER = ("2026-01-01", "2026-03-15")
SPRING = ("2026-04-01", "2026-06-15")
_MES = Actor("mes", "Old MES", "integrator")


def told(start: datetime, days: list[float], prefix: str) -> None:
    """Record a batch ended each day from a start, released so many days later."""
    pendings = []
    for number, took in enumerate(days):
        name = f"{prefix}-{number:02d}"
        ended = start + timedelta(days=number)
        stream = f"batch/{name}"
        imported = BatchImported(batch_id=name, product_code="P", product_name="Product")
        pendings += [
            Pending(stream, imported, occurred_at=ended),
            Pending(stream, ManufactureEnded(name), occurred_at=ended),
            Pending(
                stream, BatchDecided(name, "released"), occurred_at=ended + timedelta(days=took)
            ),
        ]
    intent = Intent(new_id(), "import.test", "", _MES, Origin("import", "mes"))
    transact(intent, lambda: pendings)


def winter_and_spring() -> None:
    """Record eight slow batches and eight fast ones."""
    told(datetime(2026, 1, 5, tzinfo=UTC), [9.0 + i / 4 for i in range(8)], "W")
    told(datetime(2026, 4, 6, tzinfo=UTC), [4.0 + i / 4 for i in range(8)], "S")
