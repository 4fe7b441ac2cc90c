"""XES as a format: part `events` has a row for each event, part `cases` one for each trace."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from daytwo.doors.connectors.formats import Format, Misfit, Part, survey_part, unchanged
from daytwo.doors.connectors.tables.rows import RawRow
from daytwo.doors.connectors.xes.log import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from daytwo.doors.connectors.tables.mapping import TableFile
    from daytwo.doors.connectors.xes.log import Node

EVENTS, CASES = "events", "cases"
MOST_COLUMNS = 2_000
_PLACE = ("index", "last")
_SPAN = ("events", "first", "last")
_CASE, _EVENT = "case:", "event:"


@dataclass(slots=True)
class _Columns:
    """The attributes that a log's traces and events have, in the order of first appearance."""

    trace: dict[str, None] = field(default_factory=dict)
    event: dict[str, None] = field(default_factory=dict)
    traces: int = 0
    events: int = 0

    def see(self, node: Node) -> None:
        known = self.trace if node.kind == "trace" else self.event
        for name in node.values:
            if name not in known:
                known[name] = None
        if len(known) > MOST_COLUMNS:
            raise Misfit(f"line {node.line}: has more than {MOST_COLUMNS} kinds of attribute")


def parts(path: Path) -> tuple[Part, ...]:
    """List both parts of a log."""
    seen = _columns(path)
    return (
        Part(EVENTS, _events_header(seen), seen.events),
        Part(CASES, _cases_header(seen), seen.traces),
    )


def rows(path: Path, table: TableFile) -> Iterator[RawRow]:
    """Yield the header, then a row for each event or trace, numbered from 1 in file order."""
    seen = _columns(path)
    yield from (_events if table.part == EVENTS else _cases)(path, seen)


def _columns(path: Path) -> _Columns:
    return _columns_of(*unchanged(path))


@lru_cache(maxsize=8)
def _columns_of(path: Path, *_: int) -> _Columns:
    """Read a log from end to end; asked for before each reading, so kept while it is the same."""
    seen = _Columns()
    for trace, node in walk(path):
        seen.see(node)
        if node is trace:
            seen.traces += 1
        else:
            seen.events += 1
    return seen


def _events_header(seen: _Columns) -> tuple[str, ...]:
    return (
        *(f"{_CASE}{name}" for name in seen.trace),
        *(f"{_EVENT}{n}" if n in _PLACE or n.startswith(_CASE) else n for n in seen.event),
        *_PLACE,
    )


def _cases_header(seen: _Columns) -> tuple[str, ...]:
    return (*(f"{_CASE}{name}" if name in _SPAN else name for name in seen.trace), *_SPAN)


def _events(path: Path, seen: _Columns) -> Iterator[RawRow]:
    yield RawRow(0, _events_header(seen))
    number = 0
    for trace, node in walk(path):
        if node is trace:
            continue
        number += 1
        doubled = node.doubled or (trace.doubled if trace else "")
        if doubled:
            yield RawRow(number, (), _doubled(node, doubled))
            continue
        of_trace: Mapping[str, str] = trace.values if trace else {}
        place = (str(node.number), "yes" if node.last else "no") if trace else ("", "")
        cells = (
            *(of_trace.get(name, "") for name in seen.trace),
            *(node.values.get(name, "") for name in seen.event),
            *place,
        )
        yield RawRow(number, cells)


def _cases(path: Path, seen: _Columns) -> Iterator[RawRow]:
    yield RawRow(0, _cases_header(seen))
    number = 0
    span = _Span()
    for trace, node in walk(path):
        if node is not trace:
            span.see(node.values.get("time:timestamp", "") if trace else "")
            continue
        number += 1
        if node.doubled:
            yield RawRow(number, (), _doubled(node, node.doubled))
        else:
            values = (node.values.get(name, "") for name in seen.trace)
            yield RawRow(number, (*values, str(node.ended), span.first, span.last))
        span = _Span()


def _doubled(node: Node, name: str) -> str:
    return f"has the attribute {name!r} twice (line {node.line})"


@dataclass(slots=True)
class _Span:
    """The earliest and the latest of a trace's times, as they are written."""

    first: str = ""
    last: str = ""
    begins: datetime | None = None
    ends: datetime | None = None

    def see(self, text: str) -> None:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return
        # Only for comparing: a time without a zone is compared as if all were of one zone.
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        if self.begins is None or at < self.begins:
            self.begins, self.first = at, text
        if self.ends is None or at >= self.ends:
            self.ends, self.last = at, text


FORMAT = Format(
    name="xes",
    title="Event log (XES)",
    suffixes=(".xes.gz", ".xes"),
    has_parts=True,
    sparse=True,
    parts=parts,
    survey=partial(survey_part, parts=parts),
    rows=rows,
)
