"""Many rows gathered into one event: a device's trace, chunk by chunk, each row accounted for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.tables.templates import reference, template
from daytwo.doors.connectors.tables.values import Moment
from daytwo.doors.connectors.tables.view import Absent
from daytwo.record.batches.events import TraceRecorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from daytwo.doors.connectors.records import ImportRecord, RowRead
    from daytwo.doors.connectors.tables.templates import Ref, Template
    from daytwo.doors.connectors.tables.values import Value
    from daytwo.doors.connectors.tables.view import RowView

MOST_OPEN = 64
"""Traces that may lie interleaved in a file; beyond it the oldest chunk is closed as it is."""


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
    last: RowRead | None = None

    def add(self, row: RowRead, at: Value, values: list[str]) -> None:
        """Take one more point."""
        if isinstance(at, Moment):
            self.offsets.append(round((at.starts - self.started).total_seconds() * 1000))
            self.rows.append(row.row)
            self.values.append(values)
            self.last = row

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
    """Holds the last row of each open chunk back, so that it can be told what the chunk became."""

    def __init__(self, spec: GatherSpec, finish: Callable[[Chunk, int], ImportRecord]) -> None:
        """Take the specification and what makes a record of a finished chunk and its last row."""
        self._spec, self._finish = spec, finish
        self._open: dict[tuple[str, str], Chunk] = {}

    def take(self, row: RowRead, view: RowView | None) -> Iterator[RowRead]:
        """Take a row, and yield those whose fate is known.

        Args:
            row: As it was read, without records.
            view: Its cells; None for a row that was set aside.
        """
        if view is None:
            yield row
            return
        key = view.text(self._spec.batch), view.text(self._spec.name)
        at = view.cells[self._spec.time.column].value
        chunk = self._open.get(key)
        if chunk is not None and len(chunk.rows) >= self._spec.most:
            yield self._closed(key)
            chunk = None
        if chunk is None:
            if len(self._open) >= MOST_OPEN:
                yield self._closed(next(iter(self._open)))
            chunk = self._open[key] = self._begun(key, at, view)
        elif chunk.last is not None:
            yield replace(chunk.last, reference=True)
        chunk.add(row, at, [_text(view, column) for column in self._spec.columns])

    def close(self) -> Iterator[RowRead]:
        """Yield what is held."""
        while self._open:
            yield self._closed(next(iter(self._open)))

    def _begun(self, key: tuple[str, str], at: Value, view: RowView) -> Chunk:
        columns = view.table.columns
        units = {name: columns[name].unit for name in self._spec.columns if columns[name].unit}
        if not isinstance(at, Moment):
            raise Absent(str(self._spec.time))
        return Chunk(*key, at.starts, self._spec.columns, units)

    def _closed(self, key: tuple[str, str]) -> RowRead:
        chunk = self._open.pop(key)
        last = chunk.last
        if last is None:
            raise Absent(chunk.name)
        uses = tuple((last.file, number) for number in chunk.rows[:-1])
        record = self._finish(chunk, last.row)
        return replace(last, records=(record,), uses=uses, reference=False)


def _text(view: RowView, column: str) -> str:
    cell = view.cells.get(column)
    return "" if cell is None or column in view.faults else cell.text
