"""Object-centric logs of others: both forms say the same, and broken ones are refused."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.ocel import log as log_module
from daytwo.doors.connectors.ocel.format import parts, rows
from daytwo.doors.connectors.ocel.jsonlog import read_json, write_json
from daytwo.doors.connectors.ocel.log import Log
from daytwo.doors.connectors.ocel.sqlitelog import write_sqlite

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "1970-01-01T00:00:00Z"


def content() -> dict[str, Any]:
    kinds = [{"name": "price", "type": "float"}, {"name": "paid", "type": "boolean"}]
    return {
        "objectTypes": [{"name": "order", "attributes": kinds}, {"name": "item", "attributes": []}],
        "eventTypes": [
            {"name": "place order", "attributes": [{"name": "id", "type": "string"}]},
            {"name": "pay", "attributes": []},
        ],
        "events": [
            {
                "id": "e1",
                "type": "place order",
                "time": "2024-05-31T10:00:00Z",
                "attributes": [{"name": "id", "value": "own"}],
                "relationships": [
                    {"objectId": "o1", "qualifier": "order"},
                    {"objectId": "i1", "qualifier": "of"},
                    {"objectId": "i2", "qualifier": "of"},
                ],
            },
            {
                "id": "e2",
                "type": "pay",
                "time": "2024-05-31T11:00:00Z",
                "relationships": [{"objectId": "o1", "qualifier": ""}],
            },
        ],
        "objects": [
            {
                "id": "o1",
                "type": "order",
                "attributes": [
                    {"name": "price", "value": "11.5", "time": "2024-06-01T12:00:00+02:00"},
                    {"name": "price", "value": "10.5", "time": FIRST},
                    {"name": "paid", "value": "true", "time": "2024-05-31T11:00:00Z"},
                ],
                "relationships": [{"objectId": "i1", "qualifier": "comprises"}],
            },
            {"id": "i1", "type": "item"},
            {"id": "i2", "type": "item"},
        ],
    }


def planted(folder: Path, data: dict[str, Any] | None = None) -> Path:
    path = folder / "log.json"
    path.write_text(json.dumps(content() if data is None else data), encoding="utf-8")
    return path


@pytest.fixture(params=["json", "sqlite"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give the same log in each of the two forms."""
    path = planted(tmp_path)
    if request.param == "json":
        return path
    with closing(Log()) as log:
        read_json(path, log)
        write_sqlite(log, tmp_path / "log.sqlite")
    return tmp_path / "log.sqlite"


def read(path: Path, part: str) -> list[dict[str, str]]:
    header, *found = rows(path, SimpleNamespace(part=part))
    return [dict(zip(header.cells, row.cells, strict=True)) for row in found]


def test_parts_are_all_and_each_type(both: Path) -> None:
    assert [(part.name, part.rows) for part in parts(both)] == [
        ("events", 2),
        ("event:place order", 1),
        ("event:pay", 1),
        ("objects", 3),
        ("object:order", 1),
        ("object:item", 2),
    ]


def test_event_has_attributes_and_objects_by_qualifier_and_type(both: Path) -> None:
    assert read(both, "event:place order") == [
        {
            "id": "e1",
            "time": "2024-05-31T10:00:00Z",
            "attribute:id": "own",
            "rel:of": "i1|i2",
            "rel:order": "o1",
            "obj:item": "i1|i2",
            "obj:order": "o1",
        }
    ]


def test_object_has_its_last_values_by_time(both: Path) -> None:
    assert read(both, "object:order") == [
        {"id": "o1", "price": "11.5", "paid": "true", "rel:comprises": "i1", "obj:item": "i1"}
    ]


def test_all_events_say_their_type(both: Path) -> None:
    found = read(both, "events")
    assert [(row["id"], row["type"]) for row in found] == [("e1", "place order"), ("e2", "pay")]
    assert found[1]["rel:"] == "o1"
    assert [row["type"] for row in read(both, "objects")] == ["order", "item", "item"]


def test_row_is_numbered_by_its_place_in_the_log(both: Path) -> None:
    assert [row.number for row in rows(both, SimpleNamespace(part="event:pay"))] == [0, 2]
    assert [row.number for row in rows(both, SimpleNamespace(part="object:item"))] == [0, 2, 3]


def test_written_json_reads_back_equal(tmp_path: Path) -> None:
    path = planted(tmp_path)
    with closing(Log()) as log:
        read_json(path, log)
        write_json(log, tmp_path / "again.json")
    again = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert {key: len(value) for key, value in again.items()} == {
        "eventTypes": 2,
        "objectTypes": 2,
        "events": 2,
        "objects": 3,
    }
    for part in ("events", "objects", "object:order"):
        assert read(tmp_path / "again.json", part) == read(path, part)


def broken(*place: str | int, to: object = None) -> dict[str, Any]:
    """Return the log with one place changed; None removes it."""
    data = content()
    inside: Any = data
    for step in place[:-1]:
        inside = inside[step]
    if to is None:
        del inside[place[-1]]
    else:
        inside[place[-1]] = to
    return data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (broken("events", 1, "time"), "entry 2 of events lacks 'time'"),
        (broken("events", 0, "relationships", 0, "objectId"), "events lacks 'objectId'"),
        (broken("objects", 0, "attributes", 0, "time"), "entry 1 of objects lacks 'time'"),
        (broken("events", 0, to="text"), "entry 1 of events is amiss"),
        (broken("events", 0, "id", to={}), "a list or an object where a value belongs"),
        (broken("eventTypes", 0, "attributes", 0, "type"), "eventTypes lacks 'type'"),
        ({"ocel:events": {}}, "is no OCEL 2.0"),
    ],
)
def test_json_that_is_no_log_is_refused(tmp_path: Path, data: dict[str, Any], why: str) -> None:
    with pytest.raises(Misfit, match=why):
        parts(planted(tmp_path, data))


def test_numbers_are_kept_digit_by_digit(tmp_path: Path) -> None:
    text = json.dumps(content()).replace('"11.5"', "1150e-2")
    path = tmp_path / "log.json"
    path.write_text(text, encoding="utf-8")
    assert read(path, "object:order")[0]["price"] == "1150e-2"


@pytest.fixture
def table_file(tmp_path: Path) -> Path:
    with closing(Log()) as log:
        read_json(planted(tmp_path), log)
        write_sqlite(log, tmp_path / "log.sqlite")
    return tmp_path / "log.sqlite"


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DROP TABLE event_object", "lacks the table event_object"),
        ("DROP TABLE event_Pay", "lacks the table 'event_Pay' of type 'pay'"),
        ("DELETE FROM event_Pay", "event 'e2' has no row with a time"),
        ("UPDATE event SET ocel_type = 'x' WHERE ocel_id = 'e2'", "none of its map tables"),
        ("ALTER TABLE event_Pay RENAME COLUMN ocel_time TO x", "no such column: ocel_time"),
        ("UPDATE event_PlaceOrder SET id = x'00'", "binary data"),
        ("DROP TABLE event_Pay; CREATE VIEW event_Pay AS SELECT 1 AS ocel_id", "lacks the table"),
    ],
)
def test_sqlite_that_is_no_log_is_refused(table_file: Path, sql: str, why: str) -> None:
    with closing(sqlite3.connect(table_file)) as db:
        db.executescript(sql)
    with pytest.raises(Misfit, match=why):
        parts(table_file)


def test_columns_that_other_writers_leave_out_are_not_missed(table_file: Path) -> None:
    with closing(sqlite3.connect(table_file)) as db:
        db.executescript(
            "ALTER TABLE object_Order DROP COLUMN ocel_changed_field;"
            "ALTER TABLE object_Item DROP COLUMN ocel_time;"
        )
    assert read(table_file, "object:order")[0]["price"] == "11.5"


def test_damaged_pages_are_refused(table_file: Path) -> None:
    data = bytearray(table_file.read_bytes())
    data[4096 * 2 + 5 : 4096 * 2 + 400] = b"\xff" * 395
    table_file.write_bytes(data)
    with pytest.raises(Misfit, match=r"is damaged|cannot be read as OCEL"):
        parts(table_file)


def test_file_that_is_cut_off_is_told_so(table_file: Path) -> None:
    data = table_file.read_bytes()
    table_file.write_bytes(data[: len(data) - 4096])
    with pytest.raises(Misfit, match="is cut off: it has fewer pages than it says"):
        parts(table_file)


def test_file_is_only_read(table_file: Path) -> None:
    before = table_file.read_bytes(), table_file.stat().st_mtime_ns
    parts(table_file)
    assert (table_file.read_bytes(), table_file.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("most", "why"),
    [(2, "has more than 2 types"), (2, "has more than 2 attributes of 'order'")],
)
def test_number_of_names_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, why: str
) -> None:
    data = content()
    if "types" in why:
        data["eventTypes"].append({"name": "ship", "attributes": []})
    else:
        third = {"name": "third", "value": "1", "time": FIRST}
        data["objects"][0]["attributes"].append(third)
    monkeypatch.setattr(log_module, "MOST_NAMES", most)
    with pytest.raises(Misfit, match=why):
        parts(planted(tmp_path, data))


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misfit, match="cannot be read"):
        parts(tmp_path / "none.json")
