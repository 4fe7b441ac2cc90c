"""The result fact: one row a laboratory result or yield of a batch, as a number where it is one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from daytwo.record.ledger.envelope import Recorded


@dataclass(frozen=True, slots=True)
class ResultFact:
    """Grain: one reported value of one batch. Key: `seq`, the ledger's number of its event.

    Attributes:
        seq: Lineage and key.
        batch_id: The batch.
        name: Test code or name of the yield.
        kind: `result`, `yield` or `parameter`.
        value: As a float for statistics; None where the reported text is not a number.
        reported: As reported.
        unit: As reported.
    """

    seq: int
    batch_id: str
    name: str
    kind: str
    value: float | None
    reported: str
    unit: str


TYPES = ("laboratory.result.final", "batch.yield.recorded", "batch.parameter.recorded")
"""The events that this fact is made of."""


def fold(rows: MutableMapping[int, ResultFact], event: Recorded) -> None:
    """Take one event into the rows."""
    row = _read(event)
    if row is not None:
        rows[event.seq] = row


def _read(event: Recorded) -> ResultFact | None:
    payload = event.payload
    if event.type == "laboratory.result.final":
        if payload["subject_kind"] != "batch":
            return None
        name, text, unit = payload["test_code"], payload["value"], payload["unit"]
        return ResultFact(
            event.seq, payload["subject_id"], name, "result", _number(text), text, unit
        )
    batch_id = payload["batch_id"]
    if event.type == "batch.parameter.recorded":
        name, text, unit = payload["name"], payload["value"], payload["unit"]
        return ResultFact(event.seq, batch_id, name, "parameter", _number(text), text, unit)
    text = payload["percent"]
    if text is None:
        return None
    return ResultFact(event.seq, batch_id, payload["name"], "yield", _number(text), text, "%")


def _number(text: str) -> float | None:
    try:
        number = float(Decimal(text))
    except InvalidOperation:
        return None
    return number if number == number and abs(number) != float("inf") else None  # noqa: PLR0124
