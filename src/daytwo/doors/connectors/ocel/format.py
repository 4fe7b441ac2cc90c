"""OCEL 2.0 as a format: a part for all events or objects, and one for those of each type."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from daytwo.doors.connectors.formats import Format, Misfit, Part, survey_part
from daytwo.doors.connectors.ocel.jsonlog import read_json
from daytwo.doors.connectors.ocel.log import Log
from daytwo.doors.connectors.ocel.sqlitelog import MAGIC, read_sqlite
from daytwo.doors.connectors.tables.rows import RawRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from daytwo.doors.connectors.ocel.log import Event, Thing
    from daytwo.doors.connectors.tables.mapping import TableFile

_OWN = {"id", "type", "time"}
_RELATION, _OBJECT, _ATTRIBUTE = "rel:", "obj:", "attribute:"
_KINDS = {"event": "events", "object": "objects"}


def parts(path: Path) -> tuple[Part, ...]:
    """List the parts of a log."""
    with closing(_loaded(path)) as log:
        found: list[Part] = []
        for kind, whole in _KINDS.items():
            counts = log.counts(kind)
            found.append(Part(whole, _Table(log, kind, "").header, sum(counts.values())))
            types = log.event_types if kind == "event" else log.object_types
            found += [
                Part(f"{kind}:{name}", _Table(log, kind, name).header, counts.get(name, 0))
                for name in types.of
            ]
        return tuple(found)


def rows(path: Path, table: TableFile) -> Iterator[RawRow]:
    """Yield the header, then a row for each event or object, numbered by its place in the log."""
    kind, _, type_ = table.part.partition(":")
    with closing(_loaded(path)) as log:
        yield from _Table(log, kind.removesuffix("s") if not type_ else kind, type_).rows()


def _loaded(path: Path) -> Log:
    try:
        with path.open("rb") as stream:
            is_sqlite = stream.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise Misfit(f"cannot be read ({error.strerror or error})") from error
    log = Log()
    try:
        (read_sqlite if is_sqlite else read_json)(path, log)
    except BaseException:
        log.close()
        raise
    return log


class _Table:
    """The events or objects of one type, or of all, as rows."""

    def __init__(self, log: Log, kind: str, type_: str) -> None:
        self.log, self.kind, self.type = log, kind, type_
        types = log.event_types if kind == "event" else log.object_types
        chosen = [types.of.get(type_, {})] if type_ else types.of.values()
        self.attributes = list(dict.fromkeys(name for one in chosen for name in one))
        self.qualifiers, self.targets = log.qualifiers(kind, type_)
        own = ["id", *(() if type_ else ("type",)), *(("time",) if kind == "event" else ())]
        self.header = (
            *own,
            *map(_headed, self.attributes),
            *(f"{_RELATION}{name}" for name in self.qualifiers),
            *(f"{_OBJECT}{name}" for name in self.targets),
        )

    def rows(self) -> Iterator[RawRow]:
        yield RawRow(0, self.header)
        if self.kind == "event":
            for event in self.log.events(self.type):
                own = self._own(event, event.time)
                yield self._row(event.number, own, event.attributes, event.objects)
        else:
            for thing in self.log.things(self.type):
                last = {name: text for name, text, _ in thing.values}
                yield self._row(thing.number, self._own(thing), last, thing.related)

    def _own(self, one: Event | Thing, *time: str) -> tuple[str, ...]:
        return (one.id, *(() if self.type else (one.type,)), *time)

    def _row(
        self,
        number: int,
        own: tuple[str, ...],
        texts: dict[str, str],
        related: Sequence[tuple[str, str]],
    ) -> RawRow:
        by_qualifier: dict[str, list[str]] = {}
        by_type: dict[str, dict[str, None]] = {}
        for target, qualifier in related:
            by_qualifier.setdefault(qualifier, []).append(target)
            if self.targets and (of := self.log.type_of(target)) is not None:
                by_type.setdefault(of, {})[target] = None
        return RawRow(
            number,
            (
                *own,
                *(texts.get(name, "") for name in self.attributes),
                *("|".join(by_qualifier.get(name, ())) for name in self.qualifiers),
                *("|".join(by_type.get(name, ())) for name in self.targets),
            ),
        )


def _headed(attribute: str) -> str:
    clash = attribute in _OWN or attribute.startswith((_RELATION, _OBJECT))
    return f"{_ATTRIBUTE}{attribute}" if clash else attribute


FORMAT = Format(
    name="ocel",
    title="Object-centric event log (OCEL 2.0)",
    suffixes=(".jsonocel", ".json", ".sqlite", ".db"),
    has_parts=True,
    sparse=True,
    parts=parts,
    survey=partial(survey_part, parts=parts),
    rows=rows,
)
