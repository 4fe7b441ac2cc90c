"""An object-centric event log on disk: what every reader fills and every writer empties."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from daytwo.doors.connectors.formats import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOST_NAMES = 1_900
"""Types of a log, attributes of a type, qualifiers: a table cannot have more columns."""

START = "1970-01-01T00:00:00Z"
"""The time of an object's first values, by convention of OCEL 2.0."""

_LAYOUT = """
PRAGMA journal_mode = OFF; PRAGMA cache_size = -32768;
CREATE TABLE event (n INTEGER PRIMARY KEY, id TEXT, type TEXT, time TEXT, attributes TEXT);
CREATE INDEX event_id ON event (id);
CREATE TABLE object (n INTEGER PRIMARY KEY, id TEXT, type TEXT);
CREATE INDEX object_id ON object (id);
CREATE TABLE value (object TEXT, name TEXT, text TEXT, time TEXT, at REAL);
CREATE INDEX value_of ON value (object, name);
CREATE TABLE e2o (event INTEGER, object TEXT, qualifier TEXT,
    PRIMARY KEY (event, object, qualifier)) WITHOUT ROWID;
CREATE TABLE o2o (source TEXT, target TEXT, qualifier TEXT,
    PRIMARY KEY (source, target, qualifier)) WITHOUT ROWID;
BEGIN;
"""


@dataclass(slots=True)
class Event:
    """One event.

    Attributes:
        number: Its place in the log, from 1.
        attributes: By name, as text.
        objects: Id and qualifier of each object that it speaks of.
    """

    number: int
    id: str
    type: str
    time: str
    attributes: dict[str, str]
    objects: list[tuple[str, str]]


@dataclass(slots=True)
class Thing:
    """One object.

    Attributes:
        number: Its place in the log, from 1.
        values: Name, text and time of each value that an attribute had, in the order of time.
        related: Id and qualifier of each object that it names.
    """

    number: int
    id: str
    type: str
    values: list[tuple[str, str, str]]
    related: list[tuple[str, str]]


@dataclass(slots=True)
class Types:
    """Types by name, each with its attributes and their kind (`string`, `integer` …)."""

    of: dict[str, dict[str, str]] = field(default_factory=dict)

    def declare(self, name: str, attributes: Mapping[str, str]) -> None:
        """Add a type, or attributes to it; the first kind that is said of one stands."""
        known = self.of.get(name)
        if known is None:
            known = self.of[name] = {}
            if len(self.of) > MOST_NAMES:
                raise Misfit(f"has more than {MOST_NAMES} types")
        for attribute, kind in attributes.items():
            if attribute not in known:
                known[attribute] = kind
        if len(known) > MOST_NAMES:
            raise Misfit(f"has more than {MOST_NAMES} attributes of {name!r}")


class Log:
    """A private temporary database: gone when it is closed, or when the process ends."""

    def __init__(self) -> None:
        """Open it; SQLite spills it to a nameless file when it outgrows its cache."""
        self.event_types, self.object_types = Types(), Types()
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(_LAYOUT)

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    # ------------------------------------------------------------------ filling
    def add_event(
        self,
        event: tuple[str, str, str],
        attributes: Mapping[str, str],
        related: Iterable[tuple[str, str]],
    ) -> None:
        """Add an event: (id, type, time), its attributes, and (object id, qualifier) of each."""
        texts = json.dumps(dict(attributes), ensure_ascii=False)
        made = self._db.execute(
            "INSERT INTO event (id, type, time, attributes) VALUES (?, ?, ?, ?)", (*event, texts)
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO e2o VALUES (?, ?, ?)",
            [(made.lastrowid, *one) for one in related],
        )

    def complete_event(self, id_: str, time: str, attributes: Mapping[str, str]) -> None:
        """Give an event its time and attributes."""
        texts = json.dumps(dict(attributes), ensure_ascii=False)
        self._db.execute(
            "UPDATE event SET time = ?, attributes = ? WHERE id = ?", (time, texts, id_)
        )

    def incomplete_event(self) -> str:
        """Return the id of an event that has no time; empty when all have one."""
        found = self._db.execute("SELECT id FROM event WHERE time = '' LIMIT 1").fetchone()
        return "" if found is None else str(found[0])

    def link(self, event_id: str, object_id: str, qualifier: str) -> None:
        """Add a relation of an event to an object."""
        self._db.execute(
            "INSERT OR IGNORE INTO e2o SELECT n, ?, ? FROM event WHERE id = ?",
            (object_id, qualifier, event_id),
        )

    def add_object(self, id_: str, type_: str) -> None:
        """Add an object."""
        self._db.execute("INSERT INTO object (id, type) VALUES (?, ?)", (id_, type_))

    def add_value(self, object_id: str, name: str, text: str, time: str) -> None:
        """Add a value that an attribute of an object had from a time on."""
        self._db.execute(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?)", (object_id, name, text, time, _at(time))
        )

    def relate(self, source: str, target: str, qualifier: str) -> None:
        """Add a relation between two objects."""
        self._db.execute("INSERT OR IGNORE INTO o2o VALUES (?, ?, ?)", (source, target, qualifier))

    def keep_related_only(self) -> None:
        """Forget values of, and relations between, objects that are not in the log."""
        inside = "(SELECT id FROM object)"
        self._db.execute(f"DELETE FROM value WHERE object NOT IN {inside}")  # noqa: S608 - constant
        self._db.execute(
            f"DELETE FROM o2o WHERE source NOT IN {inside}"  # noqa: S608 - constant
            f" OR target NOT IN {inside}"
        )

    # ------------------------------------------------------------------ looking
    def has_object(self, object_id: str) -> bool:
        """Tell whether an object is in the log."""
        return self.type_of(object_id) is not None

    def type_of(self, object_id: str) -> str | None:
        """Return an object's type; None for one that is not in the log."""
        found = self._db.execute("SELECT type FROM object WHERE id = ?", (object_id,)).fetchone()
        return None if found is None else str(found[0])

    def last_value(self, object_id: str, name: str) -> str | None:
        """Return the latest value of an object's attribute; None when it never had one."""
        found = self._db.execute(
            "SELECT text FROM value WHERE object = ? AND name = ?"
            " ORDER BY at DESC, rowid DESC LIMIT 1",
            (object_id, name),
        ).fetchone()
        return None if found is None else str(found[0])

    def events(self, type_: str = "") -> Iterator[Event]:
        """Yield events in their order, of one type or all."""
        for number, id_, of, time, texts in self._all("event", type_):
            related = self._db.execute(
                "SELECT object, qualifier FROM e2o WHERE event = ?", (number,)
            ).fetchall()
            yield Event(number, id_, of, time, json.loads(texts), related)

    def things(self, type_: str = "") -> Iterator[Thing]:
        """Yield objects in their order, of one type or all."""
        for number, id_, of in self._all("object", type_):
            values = self._db.execute(
                "SELECT name, text, time FROM value WHERE object = ? ORDER BY at, rowid", (id_,)
            ).fetchall()
            related = self._db.execute(
                "SELECT target, qualifier FROM o2o WHERE source = ?", (id_,)
            ).fetchall()
            yield Thing(number, id_, of, values, related)

    def counts(self, kind: str) -> dict[str, int]:
        """Return how many there are of each type: `event` or `object`."""
        sql = {
            "event": "SELECT type, COUNT(*) FROM event GROUP BY type ORDER BY type",
            "object": "SELECT type, COUNT(*) FROM object GROUP BY type ORDER BY type",
        }[kind]
        return dict(self._db.execute(sql).fetchall())

    def relations(self) -> tuple[int, int]:
        """Return how many relations there are: of events to objects, of objects to objects."""
        e2o = self._db.execute("SELECT COUNT(*) FROM e2o").fetchone()[0]
        return e2o, self._db.execute("SELECT COUNT(*) FROM o2o").fetchone()[0]

    def qualifiers(self, kind: str, type_: str = "") -> tuple[list[str], list[str]]:
        """Return the qualifiers of relations, and the types of the objects that they lead to.

        Args:
            kind: `event` or `object`: where the relations begin.
            type_: Only those that begin at this type.
        """
        if kind == "event":
            origin = "e2o AS r JOIN event AS s ON s.n = r.event LEFT JOIN object AS t"
            origin += " ON t.id = r.object"
        else:
            origin = "o2o AS r JOIN object AS s ON s.id = r.source LEFT JOIN object AS t"
            origin += " ON t.id = r.target"
        found = self._db.execute(
            f"SELECT DISTINCT r.qualifier, t.type FROM {origin}"  # noqa: S608 - constants only
            " WHERE ? = '' OR s.type = ?",
            (type_, type_),
        ).fetchall()
        names = sorted({qualifier for qualifier, _ in found})
        if len(names) > MOST_NAMES:
            raise Misfit(f"has more than {MOST_NAMES} qualifiers")
        return names, sorted({of for _, of in found if of is not None})

    def _all(self, table: str, type_: str) -> Iterator[tuple]:
        columns = {"event": "n, id, type, time, attributes", "object": "n, id, type"}[table]
        where = " WHERE type = ?" if type_ else ""
        return iter(
            self._db.execute(
                f"SELECT {columns} FROM {table}{where} ORDER BY n",  # noqa: S608 - constants only
                (type_,) if type_ else (),
            )
        )


def _at(time: str) -> float:
    """Return a time as a number to sort by; what cannot be read comes first."""
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return float("-inf")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
