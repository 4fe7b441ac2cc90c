"""OCEL 2.0 as SQLite: read into a log, and written from one, table by table."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.ocel.log import START

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from daytwo.doors.connectors.ocel.log import Log, Types

MAGIC = b"SQLite format 3\x00"
_LONGEST = 10_000_000  # bytes of a value
_KINDS = {
    "string": "TEXT",
    "time": "TIMESTAMP",
    "integer": "INTEGER",
    "float": "REAL",
    "boolean": "BOOLEAN",
}
_DECLARED = {sql: kind for kind, sql in _KINDS.items()}
_OWN = {"ocel_id", "ocel_time", "ocel_changed_field"}
_NEEDED = ("event", "object", "event_object", "object_object", "event_map_type", "object_map_type")


def read_sqlite(path: Path, log: Log) -> None:
    """Read a file into an empty log.

    The file is opened for reading only, and nothing of it is run: only plain tables are asked,
    views and virtual tables are refused, functions that its schema calls are not trusted.

    Raises:
        Misfit: It is no OCEL 2.0, cut off or damaged.

    References:
        OCEL 2.0 specification, section 6 (relational).
    """
    _whole(path)
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as db:
            db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            db.execute("PRAGMA trusted_schema = OFF")
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise Misfit(f"is damaged: {found}")
            _Reader(db, log).read()
    except sqlite3.Error as error:
        raise Misfit(f"cannot be read as OCEL 2.0 in SQLite: {error}") from error


def _whole(path: Path) -> None:
    """Refuse a file that has fewer pages than its header says."""
    try:
        with path.open("rb") as stream:
            head = stream.read(100)
        size = path.stat().st_size
    except OSError as error:
        raise Misfit(f"cannot be read ({error.strerror or error})") from error
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    if len(head) < 100 or size < pages * (65_536 if page == 1 else page):  # noqa: PLR2004 - header
        raise Misfit("is cut off: it has fewer pages than it says")


class _Reader:
    """Reads the tables of one file."""

    def __init__(self, db: sqlite3.Connection, log: Log) -> None:
        self.db, self.log = db, log
        self.tables = {
            str(name): str(sql)
            for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            if str(sql).upper().lstrip().startswith("CREATE TABLE")
        }

    def read(self) -> None:
        missing = [name for name in _NEEDED if name not in self.tables]
        if missing:
            raise Misfit(f"is no OCEL 2.0: it lacks the table {', '.join(missing)}")
        events = self._types("event", self.log.event_types)
        objects = self._types("object", self.log.object_types)
        self._events(events)
        self._objects(objects)

    def _types(self, kind: str, types: Types) -> dict[str, tuple[str, list[str]]]:
        """Return the table of each type with its attributes."""
        found: dict[str, tuple[str, list[str]]] = {}
        for name, short in self._rows(
            f"{kind}_map_type", ["ocel_type", "ocel_type_map"]
        ).fetchall():
            table = f"{kind}_{short}"
            if table not in self.tables:
                raise Misfit(f"is no OCEL 2.0: it lacks the table {table!r} of type {name!r}")
            columns = {
                column: _DECLARED.get(declared, "string")
                for column, declared in self._columns(table).items()
                if column not in _OWN
            }
            types.declare(str(name), columns)
            found[str(name)] = (table, list(columns))
        return found

    def _events(self, types: Mapping[str, tuple[str, list[str]]]) -> None:
        """Read table by table: a file from elsewhere may have no index to look one event up by."""
        for id_, type_ in self._listed("event", types):
            self.log.add_event((id_, type_, ""), {}, ())
        for type_, (table, columns) in types.items():
            kinds = self.log.event_types.of[type_]
            for id_, time, *values in self._rows(table, ["ocel_id", "ocel_time", *columns]):
                texts = {
                    column: _text(value, kinds[column])
                    for column, value in zip(columns, values, strict=True)
                    if value is not None
                }
                self.log.complete_event(str(id_), _text(time, "time"), texts)
        if bare := self.log.incomplete_event():
            raise Misfit(f"event {bare!r} has no row with a time in the table of its type")
        names = ["ocel_event_id", "ocel_object_id", "ocel_qualifier"]
        for id_, target, qualifier in self._rows("event_object", names):
            self.log.link(str(id_), str(target), str(qualifier or ""))

    def _objects(self, types: Mapping[str, tuple[str, list[str]]]) -> None:
        for id_, type_ in self._listed("object", types):
            self.log.add_object(id_, type_)
        for type_, (table, columns) in types.items():
            kinds = self.log.object_types.of[type_]
            there = self._columns(table)
            own = [name for name in ("ocel_time", "ocel_changed_field") if name in there]
            for id_, *values in self._rows(table, ["ocel_id", *own, *columns]):
                said = dict(zip(own, values, strict=False))
                time = _text(said.get("ocel_time"), "time") or START
                only = said.get("ocel_changed_field")
                for column, value in zip(columns, values[len(own) :], strict=True):
                    if value is not None and only in {None, "", column}:
                        self.log.add_value(str(id_), column, _text(value, kinds[column]), time)
        names = ["ocel_source_id", "ocel_target_id", "ocel_qualifier"]
        for source, target, qualifier in self._rows("object_object", names):
            self.log.relate(str(source), str(target), str(qualifier or ""))

    def _listed(
        self, table: str, types: Mapping[str, tuple[str, list[str]]]
    ) -> Iterator[tuple[str, str]]:
        for id_, type_ in self._rows(table, ["ocel_id", "ocel_type"]):
            if type_ not in types:
                raise Misfit(f"is no OCEL 2.0: the type {type_!r} is in none of its map tables")
            yield str(id_), str(type_)

    def _rows(self, table: str, columns: list[str]) -> sqlite3.Cursor:
        listed = ", ".join(map(_quoted, columns))
        return self.db.execute(f"SELECT {listed} FROM {_quoted(table)}")  # noqa: S608 - quoted names

    def _columns(self, table: str) -> dict[str, str]:
        """Return the columns of a table, each with the type that it is declared with."""
        found = self.db.execute(f"PRAGMA table_info({_quoted(table)})")
        return {str(column[1]): str(column[2]).upper() for column in found}


def _text(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        raise Misfit("holds binary data where a value belongs")
    if kind == "boolean" and value in {0, 1}:
        return "true" if value else "false"
    return str(value)


def _quoted(name: str) -> str:
    """Quote a name. Not in double quotes: SQLite takes a column that is missing as a text then."""
    doubled = name.replace("`", "``")
    return f"`{doubled}`"


# ---------------------------------------------------------------------- out
_BASE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
    FOREIGN KEY (ocel_type) REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT,
    FOREIGN KEY (ocel_type) REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT,
    PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier),
    FOREIGN KEY (ocel_event_id) REFERENCES event (ocel_id),
    FOREIGN KEY (ocel_object_id) REFERENCES object (ocel_id));
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT,
    PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier),
    FOREIGN KEY (ocel_source_id) REFERENCES object (ocel_id),
    FOREIGN KEY (ocel_target_id) REFERENCES object (ocel_id));
BEGIN;
"""


def write_sqlite(log: Log, path: Path) -> None:
    """Write a log as a new file.

    References:
        OCEL 2.0 specification, section 6 (relational).
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(_BASE)
        events = _tables(db, "event", log.event_types)
        objects = _tables(db, "object", log.object_types)
        for event in log.events():
            db.execute("INSERT INTO event VALUES (?, ?)", (event.id, event.type))
            row = {"ocel_id": event.id, "ocel_time": event.time}
            _insert(db, events[event.type], row, event.attributes, log.event_types.of[event.type])
            db.executemany(
                "INSERT INTO event_object VALUES (?, ?, ?)",
                [(event.id, *related) for related in event.objects],
            )
        for thing in log.things():
            db.execute("INSERT INTO object VALUES (?, ?)", (thing.id, thing.type))
            _values(
                db, objects[thing.type], thing.id, thing.values, log.object_types.of[thing.type]
            )
            db.executemany(
                "INSERT INTO object_object VALUES (?, ?, ?)",
                [(thing.id, *related) for related in thing.related],
            )
        db.execute("COMMIT")


def _tables(db: sqlite3.Connection, kind: str, types: Types) -> dict[str, str]:
    made: dict[str, str] = {}
    for name, attributes in types.of.items():
        short = "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", name))
        taken = {table.lower() for table in made.values()}
        while f"{kind}_{short}".lower() in taken:
            short += "X"
        table = made[name] = f"{kind}_{short}"
        changed = ", ocel_changed_field TEXT" if kind == "object" else ""
        columns = "".join(f", {_quoted(a)} {_KINDS.get(k, 'TEXT')}" for a, k in attributes.items())
        key = ", PRIMARY KEY (ocel_id)" if kind == "event" else ""
        db.execute(
            f"CREATE TABLE {_quoted(table)} (ocel_id TEXT, ocel_time TIMESTAMP{changed}{columns}"
            f"{key}, FOREIGN KEY (ocel_id) REFERENCES {kind} (ocel_id))"
        )
        db.execute(f"INSERT INTO {kind}_map_type VALUES (?, ?)", (name, short))  # noqa: S608 - quoted names
    return made


def _values(
    db: sqlite3.Connection,
    table: str,
    id_: str,
    values: list[tuple[str, str, str]],
    kinds: Mapping[str, str],
) -> None:
    first = {name: text for name, text, time in values if time == START}
    _insert(db, table, {"ocel_id": id_, "ocel_time": START}, first, kinds)
    for name, text, time in values:
        if time != START:
            row = {"ocel_id": id_, "ocel_time": time, "ocel_changed_field": name}
            _insert(db, table, row, {name: text}, kinds)


def _insert(
    db: sqlite3.Connection,
    table: str,
    row: Mapping[str, str],
    texts: Mapping[str, str],
    kinds: Mapping[str, str],
) -> None:
    values = [*row.values()]
    values += [
        str(int(text == "true")) if kinds[name] == "boolean" else text
        for name, text in texts.items()
    ]
    names = ", ".join(map(_quoted, (*row, *texts)))
    marks = ", ".join("?" * len(values))
    db.execute(f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})", values)  # noqa: S608 - quoted names
