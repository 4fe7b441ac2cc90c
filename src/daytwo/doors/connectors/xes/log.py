"""A XES log as a stream of traces and events with their attributes, in file order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daytwo.doors.connectors.expansion import open_unpacked
from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.xmlfile import Start, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daytwo.doors.connectors.xmlfile import End

_KINDS = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})
_PASSED = frozenset({"extension", "global", "classifier"})


@dataclass(slots=True)
class Node:
    """A trace or an event.

    Attributes:
        kind: `trace` or `event`.
        line: On which it begins.
        values: Attribute to text as written. One inside another is named `outer/inner`; what a
            list repeats is joined by `|`.
        doubled: An attribute that it has twice; empty when there is none.
        number: For an event, its position in its trace, from 1; 0 outside a trace.
        last: For an event, whether its trace has none after it.
        ended: For a trace: how many events it has, once it has ended; else -1.
    """

    kind: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    doubled: str = ""
    number: int = 0
    last: bool = False
    ended: int = -1


def walk(path: Path) -> Iterator[tuple[Node | None, Node]]:
    """Yield each event with its trace as it ends, and each trace after its events.

    Args:
        path: The file, plain or gzip.

    Yields:
        (trace, event), the trace None for an event outside a trace; then (trace, trace).

    Raises:
        Misfit: It is no XES, or broken; with the line.

    References:
        IEEE 1849-2016, clauses 4 and 5.
    """
    with open_unpacked(path) as stream:
        walker = _Walker()
        for item in read_xml(stream):
            yield from walker.take(item)


class _Walker:
    """Follows the elements of one log."""

    def __init__(self) -> None:
        self.trace: Node | None = None
        self.event: Node | None = None
        self.waiting: Node | None = None
        self.names: list[tuple[str, bool]] = []
        self.skipped = self.depth = 0

    def take(self, item: Start | End) -> Iterator[tuple[Node | None, Node]]:
        if isinstance(item, Start):
            self.depth += 1
            if self.skipped:
                self.skipped += 1
            else:
                yield from self._start(item)
            return
        self.depth -= 1
        if self.skipped:
            self.skipped -= 1
        else:
            yield from self._end(item)

    def _start(self, item: Start) -> Iterator[tuple[Node | None, Node]]:
        name = item.name
        if self.depth == 1:
            if name != "log":
                raise Misfit(f"line {item.line}: is no XES: it begins with <{name}>, not <log>")
        elif name in _KINDS:
            self._attribute(item)
        elif name == "values" and self.names:
            self.names.append((self.names[-1][0], True))
        elif name == "trace" and not self._inside():
            self.trace = Node("trace", item.line)
        elif name == "event" and self.event is None and not self.names:
            if self.trace is not None and self.waiting is not None:
                yield self.trace, self.waiting
            number = 0 if self.trace is None else 1
            number += self.waiting.number if self.waiting else 0
            self.waiting, self.event = None, Node("event", item.line, number=number)
        elif name in _PASSED and not self._inside():
            self.skipped = 1
        else:
            raise Misfit(f"line {item.line}: <{name}> has no place there in XES")

    def _inside(self) -> bool:
        return bool(self.names) or self.trace is not None or self.event is not None

    def _attribute(self, item: Start) -> None:
        key = item.attributes.get("key")
        if not key:
            raise Misfit(f"line {item.line}: an attribute has no key")
        outer, repeats = self.names[-1] if self.names else ("", False)
        name = f"{outer}/{key}" if outer else key
        self.names.append((name, False))
        node = self.event or self.trace
        if node is None:
            return
        if node is self.trace and self.waiting is not None:
            raise Misfit(f"line {item.line}: attribute {key!r} of a trace stands after its events")
        value = item.attributes.get("value")
        if value is None:
            return
        if name not in node.values:
            node.values[name] = value
        elif repeats or "/" in name:
            node.values[name] += f"|{value}"
        else:
            node.doubled = name

    def _end(self, item: End) -> Iterator[tuple[Node | None, Node]]:
        if self.names:
            self.names.pop()
        elif item.name == "event" and self.event is not None:
            if self.trace is None:
                yield None, self.event
            else:
                self.waiting = self.event
            self.event = None
        elif item.name == "trace" and self.trace is not None:
            self.trace.ended = 0
            if self.waiting is not None:
                self.trace.ended, self.waiting.last = self.waiting.number, True
                yield self.trace, self.waiting
            yield self.trace, self.trace
            self.trace = self.waiting = None
