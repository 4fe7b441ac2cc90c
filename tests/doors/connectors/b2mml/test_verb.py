"""What is written as B2MML is valid by the published schemas and says what the record says."""

from __future__ import annotations

import io
import json
import sqlite3
from collections import Counter
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from daytwo.doors.connectors.b2mml.format import parts, rows
from daytwo.doors.connectors.b2mml.verb import KINDS, export
from daytwo.doors.connectors.b2mml.xmlout import CREDIT, Xml
from daytwo.doors.connectors.tables.run import import_tables
from daytwo.kernel.errors import Unknown
from daytwo.record.ledger.envelope import Actor
from tests.doors.conftest import daytwo
from tests.doors.connectors.specimens import SPECIMENS, many

if TYPE_CHECKING:
    from pathlib import Path

BATCH = "B-2026-0001"


@pytest.fixture(scope="module")
def exported(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Export the demonstration in every kind; return the answers by kind, and the folder."""
    folder = tmp_path_factory.mktemp("b2mml")
    found: dict[str, Any] = {"folder": folder}
    for kind in KINDS:
        command = ("b2mml", "--data", str(demo), "--kind", kind, "--out", str(folder), "--json")
        found[kind] = json.loads(daytwo(*command).stdout)["files"]
    return found


def table(path: Path, part: str) -> list[dict[str, str]]:
    header, *found = rows(path, SimpleNamespace(part=part))
    return [dict(zip(header.cells, row.cells, strict=True)) for row in found]


def asked(demo: Path, sql: str, *arguments: str) -> list[Any]:
    with closing(sqlite3.connect(demo / "daytwo.sqlite3")) as db:
        return db.execute(sql, arguments).fetchall()


def test_every_document_is_valid_by_the_published_schemas(
    exported: dict[str, Any], reference: Path
) -> None:
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(reference / "b2mml" / "Schema" / "AllSchemas.xsd"))
    documents = sorted(exported["folder"].glob("*.xml"))
    assert len(documents) == sum(len(exported[kind]) for kind in KINDS) > 25
    for path in documents:
        tree = etree.parse(path)
        assert schema.validate(tree), (path.name, schema.error_log)
        assert CREDIT in path.read_text(encoding="utf-8")
    tree.getroot().append(etree.Element("{http://www.mesa.org/xml/B2MML}Stranger"))
    assert not schema.validate(tree)


def test_performance_tells_times_lots_and_equipment(exported: dict[str, Any], demo: Path) -> None:
    path = exported["folder"] / f"performance-{BATCH}.xml"
    used = asked(
        demo,
        "SELECT lot_id, quantity, unit FROM batches_material_use WHERE batch_id = ?"
        " ORDER BY event_seq",
        BATCH,
    )
    actuals = table(path, "material_actuals")
    consumed = [(a["lot"], a["quantity"], a["unit"]) for a in actuals if a["use"] == "Consumed"]
    assert sorted(consumed) == sorted(used)
    assert len(used) > 3
    (produced,) = [a for a in actuals if a["use"] == "Produced"]
    assert (produced["lot"], produced["unit"]) == (BATCH, "kg")
    machines = asked(
        demo, "SELECT equipment_id FROM batches_equipment_use WHERE batch_id = ?", BATCH
    )
    assert Counter(a["equipment"] for a in table(path, "equipment_actuals")) == Counter(
        row[0] for row in machines
    )
    steps = asked(demo, "SELECT claimed_at, done_at FROM batches_step WHERE batch_id = ?", BATCH)
    told = {(s["started"], s["ended"]) for s in table(path, "segment_responses")}
    assert {(str(begun), str(done)) for begun, done in steps} <= told
    (net,) = [d for d in table(path, "segment_data") if d["segment"] == f"{BATCH}/DSP-030"]
    assert (net["id"], net["unit"]) == ("net", "kg")


def test_batch_record_has_every_event_signature_and_result(
    exported: dict[str, Any], demo: Path
) -> None:
    path = exported["folder"] / f"batch-record-{BATCH}.xml"
    events = asked(demo, "SELECT seq, type FROM ledger_event WHERE stream = ?", f"batch/{BATCH}")
    entries = table(path, "batch_record_entries")
    assert {entry["entry"] for entry in entries} == {str(seq) for seq, _ in events}
    signed = [e for e in entries if e["object_type"] == "Personnel Identification Manifest"]
    assert len(signed) == sum(type_ == "access.signature.applied" for _, type_ in events) > 10
    assert all(e["person"] and e["reason"] and e["element"] for e in signed)
    consumed = [e for e in entries if e["subtype"] == "Consume"]
    assert len(consumed) == sum(type_ == "batch.material.consumed" for _, type_ in events)
    (record,) = table(path, "batch_production_records")
    assert (record["batch"], record["status"]) == (BATCH, "released")
    tested = asked(demo, "SELECT COUNT(*) FROM laboratory_result WHERE subject_id = ?", BATCH)
    found = {part.name: part.rows for part in parts(path)}
    assert found["sample_test_results"] == tested[0][0]


def test_lots_have_status_and_what_is_left(exported: dict[str, Any], demo: Path) -> None:
    path = exported["folder"] / "lots.xml"
    lots = asked(demo, "SELECT id, status FROM resources_material_lot")
    assert {(lot["id"], lot["status"]) for lot in table(path, "material_lots")} == set(lots)
    assert exported["lots"] == [{"file": "lots.xml", "count": len(lots)}]


def test_lots_belong_to_no_batch(demo: Path, tmp_path: Path) -> None:
    command = ("b2mml", "--data", str(demo), "--kind", "lots", "--out", str(tmp_path))
    found = daytwo(*command, "--batch", BATCH, check=False)
    assert found.returncode == 1
    assert "leave --batch out" in found.stderr


def imported(folder: Path, count: int = 28) -> None:
    SPECIMENS[0].plant(folder, many(count))
    import_tables(folder / "mapping.yaml", folder, Actor("ivo", "Ivo Kunz", "integrator"))


def test_period_is_by_receipt_and_nothing_is_said_so(site: Path, tmp_path: Path) -> None:
    imported(tmp_path)
    out = tmp_path / "out"
    period = ("2024-05-10T00:00:00.000000Z", "2024-05-12T00:00:00.000000Z")
    assert export("lots", out, "", *period) == [{"file": "lots.xml", "count": 2}]
    assert {lot["id"] for lot in table(out / "lots.xml", "material_lots")} == {"L9", "L10"}
    assert export("lots", tmp_path / "none", "", "2030-01-01T00:00:00.000000Z") == []
    assert export("performance", tmp_path / "none") == []
    with pytest.raises(Unknown, match="no batch B-9"):
        export("batch-record", tmp_path / "none", "B-9")
    assert [*(tmp_path / "none").iterdir()] == []


def test_document_that_cannot_be_finished_is_not_there(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tmp_path)

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Xml, "quantity", full)
    with pytest.raises(OSError, match="disk"):
        export("lots", tmp_path / "out")
    assert [*(tmp_path / "out").iterdir()] == []


def test_any_text_makes_well_formed_xml() -> None:
    out = io.StringIO()
    xml = Xml(out)
    text = 'a<b>&amp;"\x0b\x00\ufffe]]> ü€😀'
    with xml.element("A", note=text):
        xml.leaf("B", text, note=text)
        xml.leaf("C", "")
        xml.value("D", None, "kg")
        xml.empty("E")
    root = ET.fromstring(out.getvalue())
    clean = text.replace("\x0b", "\ufffd").replace("\x00", "\ufffd").replace("\ufffe", "\ufffd")
    assert root.attrib["note"] == root[0].attrib["note"] == root[0].text == clean
    assert [child.tag.rpartition("}")[2] for child in root] == ["B", "E"]
