"""Many rows gathered into one event: a device's trace, chunk by chunk, each row accounted for."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.tables.templates import reference, template
from daytwo.doors.connectors.tables.values import Moment
from daytwo.record.batches.events import TraceRecorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from daytwo.doors.connectors.records import ImportRecord, RowRead
    from daytwo.doors.connectors.tables.templates import Ref, Template
    from daytwo.doors.connectors.tables.view import RowView

MOST_HELD = 1_000
"""Rows set aside in the middle of a chunk; beyond it the chunk is closed as it is."""


@dataclass(frozen=True, slots=True)
class GatherSpec:
    """How rows make a trace.

    Attributes:
        batch: The batch that the rows belong to.
        name: The trace's name, such as `press`.
        time: The date column that says when.
        columns: The columns whose values are kept, in order.
        most: Rows of a chunk, at the most.
    """

    batch: Template
    name: Template
    time: Ref
    columns: tuple[str, ...]
    most: int


@dataclass(slots=True)
class Chunk:
    """Rows gathered so far."""

    batch: str
    name: str
    started: datetime
    columns: tuple[str, ...]
    units: dict[str, str]
    rows: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    values: list[list[str]] = field(default_factory=list)

    def event(self) -> TraceRecorded:
        """Return what the rows say."""
        by_column = zip(*self.values, strict=True)
        return TraceRecorded(
            batch_id=self.batch,
            name=self.name,
            started_at=self.started,
            offsets_ms=tuple(self.offsets),
            values={c: list(v) for c, v in zip(self.columns, by_column, strict=True)},
            units=self.units,
        )


def gather_spec(record: Mapping[str, Any]) -> GatherSpec:
    """Return the specification of a trace that was found to make sense."""
    return GatherSpec(
        batch=template(record["batch"]),
        name=template(record["name"]),
        time=reference(record["time"]),
        columns=tuple(record["columns"]),
        most=record.get("most", 360),
    )


class Gatherer:
    """Holds a file's rows back until their chunk is full, so that each can be told what it made."""

    def __init__(self, spec: GatherSpec, finish: Callable[[Chunk, int], ImportRecord]) -> None:
        """Take the specification and what makes a record of a finished chunk and its last row."""
        self._spec, self._finish = spec, finish
        self._chunk: Chunk | None = None
        self._held: deque[RowRead] = deque()

    def take(self, row: RowRead, view: RowView | None) -> Iterator[RowRead]:
        """Take a row, and yield those whose fate is known.

        Args:
            row: As it was read, without records.
            view: Its cells; None for a row that was set aside.
        """
        if view is None:
            self._held.append(row)
            if self._chunk is None or len(self._held) > MOST_HELD:
                yield from self.close()
            return
        batch, name = view.text(self._spec.batch), view.text(self._spec.name)
        cell = view.cell(self._spec.time)
        if cell is None or not isinstance(cell.value, Moment):  # pragma: no cover - required column
            self._held.append(row)
            return
        at = cell.value.starts
        chunk = self._chunk
        if chunk is not None and (
            (chunk.batch, chunk.name) != (batch, name) or len(chunk.rows) >= self._spec.most
        ):
            yield from self.close()
            chunk = None
        if chunk is None:
            columns = view.table.columns
            units = {name: columns[name].unit for name in self._spec.columns if columns[name].unit}
            chunk = self._chunk = Chunk(batch, name, at, self._spec.columns, units)
        yield from self._let_go(chunk)
        chunk.rows.append(row.row)
        chunk.offsets.append(round((at - chunk.started).total_seconds() * 1000))
        chunk.values.append([_text(view, column) for column in self._spec.columns])
        self._held.append(row)

    def close(self) -> Iterator[RowRead]:
        """Yield what is held; the chunk's last row brings its record."""
        chunk, self._chunk = self._chunk, None
        last = chunk.rows[-1] if chunk else 0
        while self._held:
            row = self._held.popleft()
            if chunk is not None and row.row == last and row.refused is None:
                uses = tuple((row.file, number) for number in chunk.rows[:-1])
                record = self._finish(chunk, last)
                row = replace(row, records=(*row.records, record), uses=uses, reference=False)
            yield row

    def _let_go(self, chunk: Chunk) -> Iterator[RowRead]:
        """Yield the rows that are certainly not the last of their chunk, as waiting for it."""
        while self._held:
            row = self._held.popleft()
            waiting = row.refused is None and row.row in chunk.rows[-1:]
            yield replace(row, reference=True) if waiting else row


def _text(view: RowView, column: str) -> str:
    cell = view.cells.get(column)
    return "" if cell is None or column in view.faults else cell.text
