"""The mappings that are shipped for standard formats read the published files whole, twice."""

from __future__ import annotations

import json
import shutil
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.connectors.tables.run import import_tables
from daytwo.doors.connectors.verb import mapping_file
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.reading import events, last_seq, stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from tests.doors.conftest import daytwo

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

IVO = Actor("ivo", "Ivo Kunz", "integrator")


def counts(found: Any) -> dict[str, int]:
    return {kind: n["made"] for kind, n in found.kinds.items() if n["made"]}


def test_closed_problems_are_deviations_from_detection_to_first_completion(
    site: Path, reference: Path
) -> None:
    folder = reference / "eventlogs"
    before = last_seq()
    found = import_tables(mapping_file("closed-problems"), folder, IVO)
    assert (found.read, found.set_aside, found.warnings) == (6660, [], [])
    assert counts(found) == {
        "quality.deviation.detected": 1487,
        "quality.deviation.recorded": 1487,
        "quality.deviation.assigned": 1486,
        "quality.deviation.closed": 1487,
    }
    at: dict[str, dict[str, datetime]] = {
        "quality.deviation.detected": {},
        "quality.deviation.closed": {},
    }
    for event in events([*at], after_seq=before):
        at[event.type][event.stream] = event.occurred_at
    begun, ended = at.values()
    days = [(ended[name] - begun[name]).total_seconds() / 86_400 for name in begun]
    # Every problem is completed, so the Kaplan-Meier median is the plain one.
    assert round(median(days), 1) == 79.9
    again = import_tables(mapping_file("closed-problems"), folder, IVO)
    assert (again.made, again.events, again.set_aside) == (0, 0, [])
    assert verify(site).ok


def test_receipts_are_read_whole(reference: Path) -> None:
    expected = json.loads((reference / "eventlogs" / "expected_figures.json").read_text())
    found = import_tables(mapping_file("receipt"), reference / "eventlogs", None)
    assert (found.set_aside, found.warnings) == ([], [])
    assert [file.lines for file in found.files] == [1434, 8577]
    assert counts(found) == {
        "batch.imported": expected["receipt"]["cases"],
        "batch.started": 1434,
        "batch.manufacture.ended": 1434,
        "batch.step.completed": expected["receipt"]["events"],
    }


@pytest.fixture
def documents(demo: Path, tmp_path: Path, reference: Path) -> Path:
    """Give what daytwo writes of one batch and all lots, and the example of V0401."""
    folder = tmp_path / "documents"
    command = ("b2mml", "--data", str(demo), "--out", str(folder), "--kind")
    daytwo(*command, "lots")
    daytwo(*command, "performance", "--batch", "B-2026-0001")
    daytwo(*command, "batch-record", "--batch", "B-2026-0001")
    example = reference / "b2mml" / "examples" / "ProductionBatchRecord_Example_v06.xml"
    shutil.copyfile(example, folder / "batch-record-v0401.xml")
    return folder


def test_b2mml_that_we_wrote_is_read_back(site: Path, documents: Path) -> None:
    found = import_tables(mapping_file("b2mml"), documents, IVO)
    assert (found.set_aside, found.warnings) == ([], [])
    made = counts(found)
    assert made["batch.imported"] == 2
    assert made["batch.started"] == made["batch.manufacture.ended"] == 1
    assert made["batch.material.consumed"] == 8
    assert made["batch.equipment.used"] == 6
    assert made["batch.discrepancy.raised"] == 3
    assert made["batch.comment.added"] == 2
    assert made["material.lot.received"] > 10
    mine = stream_events("batch/B-2026-0001")
    consumed = [event.data for event in mine if event.type == "batch.material.consumed"]
    assert {use.quantity.unit for use in consumed} == {"kg"}
    (raised, *_) = [e for e in stream_events("batch/BX10") if e.type.endswith("raised")]
    assert (raised.data.code, raised.data.severity) == ("Out of spec", "minor")
    assert raised.origin["ref"]["by"] == "mkuehne"
    assert raised.occurred_text == "2010-04-27T14:02:53.187000Z"
    again = import_tables(mapping_file("b2mml"), documents, IVO)
    assert (again.made, again.events, again.set_aside) == (0, 0, [])
    assert compare().equal
