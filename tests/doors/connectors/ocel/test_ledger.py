"""The record as OCEL 2.0: valid by the published schema, the same in both forms, no person."""

from __future__ import annotations

import json
import sqlite3
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft7Validator, FormatChecker

from daytwo.doors.connectors.ocel.format import parts
from daytwo.doors.connectors.ocel.jsonlog import write_json
from daytwo.doors.connectors.ocel.ledger import collect
from daytwo.doors.connectors.ocel.log import START, Log
from daytwo.doors.connectors.ocel.meaning import attributes_of, goes_out
from daytwo.doors.connectors.tables.run import import_tables
from daytwo.kernel.ids import new_id
from daytwo.kernel.quantity import Quantity
from daytwo.record.access.events.system import FallbackStarted
from daytwo.record.batches.events import BatchImported, MaterialConsumed
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.resources import commands as m
from daytwo.record.resources.events.staff import ShiftWorked, StaffQualified
from tests.doors.conftest import daytwo
from tests.doors.connectors.specimens import SPECIMENS, many

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person

IVO = Actor("ivo", "Ivo Kunz", "integrator")
NAMED = {
    "type": "object",
    "required": ["name", "attributes"],
    "properties": {
        "name": {"type": "string"},
        "attributes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "type"],
                "properties": {"name": {"type": "string"}, "type": {"type": "string"}},
            },
        },
    },
}
RELATED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["objectId", "qualifier"],
        "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}},
    },
}


def valued(*more: str) -> dict[str, Any]:
    properties: dict[str, Any] = {"name": {"type": "string"}, "value": {"type": "string"}}
    properties |= {name: {"type": "string", "format": "date-time"} for name in more}
    entry = {"type": "object", "required": ["name", "value", *more], "properties": properties}
    return {"type": "array", "items": entry}


def entry(required: list[str], **properties: Any) -> dict[str, Any]:
    plain = {"id": {"type": "string"}, "type": {"type": "string"}, "relationships": RELATED}
    return {
        "type": "array",
        "items": {"type": "object", "required": required, "properties": plain | properties},
    }


SCHEMA = {
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "properties": {
        "eventTypes": {"type": "array", "items": NAMED},
        "objectTypes": {"type": "array", "items": NAMED},
        "events": entry(
            ["id", "type", "time"],
            time={"type": "string", "format": "date-time"},
            attributes=valued(),
        ),
        "objects": entry(["id", "type"], attributes=valued("time")),
    },
}
"""What the JSON schema of the OCEL 2.0 specification asks, in words of our own."""


@pytest.fixture(scope="module")
def exported(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Export the demonstration once in both forms; return the answer of the JSON's export."""
    folder = tmp_path_factory.mktemp("ocel")
    found = {
        kind: json.loads(
            daytwo("ocel", "--data", str(demo), "--out", str(folder / f"a.{kind}"), "--json").stdout
        )
        for kind in ("sqlite", "json")
    }
    assert {k: v for k, v in found["json"].items() if k != "file"} == {
        k: v for k, v in found["sqlite"].items() if k != "file"
    }
    return found["json"] | {"folder": folder}


def test_json_is_valid_by_the_published_schema(exported: dict[str, Any]) -> None:
    content = json.loads((exported["folder"] / "a.json").read_text(encoding="utf-8"))
    checker = FormatChecker([])
    checker.checks("date-time", ValueError)(lambda text: datetime.fromisoformat(text).tzinfo)
    assert not [*Draft7Validator(SCHEMA, format_checker=checker).iter_errors(content)]
    ids = {thing["id"] for thing in content["objects"]}
    assert len(ids) == len(content["objects"]) == exported["objects"]
    named = {r["objectId"] for e in content["events"] for r in e["relationships"]}
    assert named <= ids
    declared = {
        kind["name"]: {a["name"] for a in kind["attributes"]}
        for kind in (*content["eventTypes"], *content["objectTypes"])
    }
    for one in (*content["events"], *content["objects"]):
        assert {a["name"] for a in one["attributes"]} <= declared[one["type"]]


def test_sqlite_has_the_tables_of_the_specification(exported: dict[str, Any]) -> None:
    with closing(sqlite3.connect(exported["folder"] / "a.sqlite")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for kind in ("event", "object"):
            short = dict(db.execute(f"SELECT ocel_type, ocel_type_map FROM {kind}_map_type"))
            assert set(short) == set(exported[f"{kind}_types"])
            for name, count in exported[f"{kind}_types"].items():
                sql = f"SELECT COUNT(DISTINCT ocel_id) FROM {kind}_{short[name]}"
                assert db.execute(sql).fetchone() == (count,), name
        columns = [row[1] for row in db.execute("PRAGMA table_info(object_MaterialLot)")]
        assert columns[:3] == ["ocel_id", "ocel_time", "ocel_changed_field"]
        related = db.execute("SELECT COUNT(*) FROM event_object").fetchone()[0]
        assert related == exported["relations"]["event_object"] > 0


@pytest.mark.parametrize("name", ["a.json", "a.sqlite"])
def test_our_own_reader_finds_the_same_counts(exported: dict[str, Any], name: str) -> None:
    found = {part.name: part.rows for part in parts(exported["folder"] / name)}
    assert found["events"] == exported["events"] > 4000
    assert found["objects"] == exported["objects"] > 90
    for kind in ("event", "object"):
        for type_, count in exported[f"{kind}_types"].items():
            assert found[f"{kind}:{type_}"] == count


def test_no_person_and_no_text_of_people_leaves(exported: dict[str, Any], demo: Path) -> None:
    text = (exported["folder"] / "a.json").read_text(encoding="utf-8")
    with closing(sqlite3.connect(demo / "daytwo.sqlite3")) as db:
        people = db.execute("SELECT id, name FROM access_person").fetchall()
        reasons = [
            row[0]
            for row in db.execute(
                "SELECT DISTINCT reason FROM ledger_event WHERE reason IS NOT NULL"
            )
        ]
        said = [
            json.loads(row[0])
            for row in db.execute(
                "SELECT payload FROM ledger_event WHERE type LIKE 'batch.discrepancy%'"
            )
        ]
    assert len(people) > 5
    for id_, name in people:
        assert name not in text
        assert f'"{id_}"' not in text
    answers = [one[field] for one in said for field in ("answer", "description") if one.get(field)]
    assert reasons
    assert answers
    for words in (*reasons, *answers):
        assert len(words) < 8 or words not in text, words


def append(stream: str, event: object, origin: Origin) -> None:
    transact(Intent(new_id(), "test.make", "0" * 64, IVO, origin), lambda: [Pending(stream, event)])


BATCH = BatchImported("B1", "P1", "Pills", "5 mg", None, "2024-01", "month", "", order_id="O1")


def logged(since: str = "", until: str = "") -> dict[str, Any]:
    with closing(Log()) as log:
        collect(log, since, until)
        return {
            "events": [(e.type, sorted(e.objects)) for e in log.events()],
            "things": {t.id: (t.type, t.values, t.related) for t in log.things()},
        }


def test_event_speaks_of_objects_and_the_role_of_the_source(site: Path) -> None:
    ref = {"by": "Anna Nym", "role": "packaging"}
    append("batch/B1", BATCH, Origin("import", "mes", ref))
    append("batch/B1", MaterialConsumed("B1", "API", "L1", None, None), Origin("import", "mes"))
    append("batch/B1", MaterialConsumed("B1", "API", "L2", None, None), Origin("native"))
    found = logged()
    assert found["events"] == [
        (
            "batch.imported",
            [
                ("batch/B1", "batch"),
                ("order/O1", "order"),
                ("product/P1", "product"),
                ("role/packaging", "performed by"),
            ],
        ),
        ("batch.material.consumed", [("batch/B1", "batch"), ("lot/L1", "lot")]),
        (
            "batch.material.consumed",
            [
                ("batch/B1", "batch"),
                ("lot/L2", "lot"),
                ("role/integrator", "performed by"),
            ],
        ),
    ]
    type_, values, related = found["things"]["batch/B1"]
    assert type_ == "batch"
    assert ("product_code", "P1", START) in values
    assert sorted(related) == [
        ("lot/L1", "lot"),
        ("lot/L2", "lot"),
        ("order/O1", "order"),
        ("product/P1", "product"),
    ]


def test_period_keeps_what_was_known_before_and_drops_the_rest(
    site: Path, tmp_path: Path, sam: Person
) -> None:
    specimen = SPECIMENS[0]
    specimen.plant(tmp_path, many(28))
    import_tables(tmp_path / "mapping.yaml", tmp_path, IVO)
    found = logged("2024-05-10T00:00:00.000000Z", "2024-05-12T00:00:00.000000Z")
    assert [kind for kind, _ in found["events"]] == ["material.lot.received"] * 2
    assert [*found["things"]] == ["lot/L9", "lot/L10"]
    assert logged(until="2000-01-01T00:00:00.000000Z") == {"events": [], "things": {}}


def test_event_that_speaks_of_no_object_is_left_out_and_counted(site: Path) -> None:
    imported = Origin("import", "hr")
    append("staff/P7", StaffQualified("P7", "granulation", "HSM", None), imported)
    append("staff/P7", ShiftWorked("P7", "north", datetime(2024, 5, 1, tzinfo=UTC)), imported)
    append("system/fallback", FallbackStarted("packaging"), imported)
    with closing(Log()) as log:
        left_out = collect(log)
        assert left_out == {"staff.qualified": 1}
        assert [(event.type, event.objects) for event in log.events()] == [
            ("staff.shift.worked", [("team/north", "team")]),
            ("system.fallback.started", [("system/fallback", "system")]),
        ]


def test_object_of_another_period_is_not_named(site: Path) -> None:
    early = datetime(2024, 5, 1, tzinfo=UTC)
    used = Pending("batch/B1", MaterialConsumed("B1", "API", "L1", None, None), early)
    transact(Intent(new_id(), "test.make", "0" * 64, IVO, Origin("native")), lambda: [used])
    append("batch/B1", MaterialConsumed("B1", "API", "L2", None, None), Origin("native"))
    found = logged("2024-06-01T00:00:00.000000Z")
    assert found["things"]["batch/B1"][2] == [("lot/L2", "lot")]
    assert "lot/L1" not in found["things"]


def test_changes_of_an_object_have_their_time(site: Path, sam: Person, quinn: Person) -> None:
    five = Quantity(Decimal(5), "kg")
    lot = {"lot_id": "L1", "material_code": "API", "material_name": "Active", "quantity": five}
    sam.does(m.receive_lot, **lot)
    quinn.does(m.set_lot_status, lot_id="L1", status="released", reason="tested")
    _, values, _ = logged()["things"]["lot/L1"]
    statuses = [(text, time == START) for name, text, time in values if name == "status"]
    assert statuses == [("quarantine", True), ("released", False)]


def test_accounts_do_not_go_out_but_signatures_do() -> None:
    assert not goes_out("access.signed_in")
    assert not goes_out("system.import.reconciled")
    assert goes_out("access.signature.applied")
    assert goes_out("batch.started")
    kinds = attributes_of("access.signature.applied")
    assert not {"signer_id", "signer_name", "signature_id"} & set(kinds)
    assert kinds["meaning"] == "string"


def test_memory_does_not_grow_with_the_ledger(site: Path, tmp_path: Path) -> None:
    specimen = SPECIMENS[0]

    def peak(count: int) -> int:
        specimen.plant(tmp_path, many(count))
        import_tables(tmp_path / "mapping.yaml", tmp_path, IVO)
        tracemalloc.start()
        with closing(Log()) as log:
            collect(log)
            write_json(log, tmp_path / "a.json")
            assert log.counts("event")["material.lot.received"] >= count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(50)  # what is loaded once
    assert peak(1600) < peak(600) + 300_000
