"""Imports reach the ledger once, attributed, through the same door as everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.reconcile import CHANGED
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.doors.connectors.tables.run import import_tables
from daytwo.doors.connectors.writer import TAKEN, dry_writer, ledger_writer
from daytwo.kernel.errors import ConnectorError
from daytwo.kernel.ids import new_id
from daytwo.record.batches.events import BatchImported
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.reading import events, last_seq, stream_events
from tests.doors.connectors.sample import BATCHES, changed, plant, told

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.doors.connectors.reconcile import Reconciliation
    from daytwo.doors.connectors.records import ImportRecord

IVO = Actor("ivo", "Ivo Kunz", "integrator")
NATIVE = BatchImported("B2", "P9", "Native", "1 mg", None, "2024-01", "month", "running")


def run(folder: Path, actor: Actor | None = IVO) -> Reconciliation:
    return import_tables(folder / "mapping.yaml", folder, actor)


def records(folder: Path) -> list[ImportRecord]:
    source = open_tables(load_mapping(folder / "mapping.yaml"), folder)
    return [record for row in source.rows() for record in row.records]


def perform(stream: str, event: object, origin: Origin) -> None:
    transact(Intent(new_id(), "test.make", "0" * 64, IVO, origin), lambda: [Pending(stream, event)])


def test_import_is_attributed_to_person_file_row_and_mapping(site: Path, tmp_path: Path) -> None:
    assert run(plant(tmp_path)).made == 5
    first = stream_events("batch/B2")[0]
    assert first.type == "batch.imported"
    assert first.actor == IVO
    assert first.origin == {
        "kind": "import",
        "source": "old-mes",
        "ref": {
            "file": "batches.csv",
            "row": 3,
            "field": "",
            "mapping": "sample v3",
            "site": "north",
        },
    }
    assert first.occurred_text == "2024-04-30T22:00:00.000000Z"
    result = stream_events("laboratory/batch/B2")[0]
    assert result.origin["ref"]["field"] == "assay"
    assert result.data.value == "98.0"


def test_second_run_makes_nothing(site: Path, tmp_path: Path) -> None:
    first = run(plant(tmp_path))
    before = last_seq()
    second = run(tmp_path)
    assert last_seq() == before
    assert (first.made, first.already) == (5, 0)
    assert (second.read, second.made, second.already, second.set_aside) == (5, 0, 5, [])
    assert second.events == 0


def test_events_of_a_second_run_elsewhere_are_equal(site: Path, tmp_path: Path) -> None:
    one = records(plant(tmp_path))
    assert one == records(tmp_path)


def test_changed_content_is_set_aside_and_the_first_kept(site: Path, tmp_path: Path) -> None:
    run(plant(tmp_path))
    done = run(plant(tmp_path, BATCHES.replace("98,0", "88,8")))
    assert (done.made, done.already, done.fields_set_aside) == (0, 5, 1)
    assert told(done.set_aside) == [("batches.csv", 3, "assay")]
    assert CHANGED in done.set_aside[0].why
    assert stream_events("laboratory/batch/B2")[0].data.value == "98.0"


def test_mended_field_is_added_by_a_second_run(site: Path, tmp_path: Path) -> None:
    assert run(plant(tmp_path, BATCHES.replace("98,0", "98O"))).fields_set_aside == 1
    done = run(plant(tmp_path))
    assert (done.made, done.already, done.set_aside, done.events) == (2, 3, [], 1)


def test_import_that_was_broken_off_goes_on(site: Path, tmp_path: Path) -> None:
    write = ledger_writer(IVO, "sample v3")
    assert len([*write(records(plant(tmp_path))[:5])]) == 5
    done = run(tmp_path)
    assert done.set_aside == []
    assert done.kinds["batch"]["made"] == 2
    assert done.kinds["batch"]["already"] == 1


@pytest.mark.parametrize(
    "origin", [Origin("native"), Origin("import", "another-mes")], ids=["native", "import"]
)
def test_number_of_another_record_is_not_taken_over(
    site: Path, tmp_path: Path, origin: Origin
) -> None:
    perform("batch/B2", NATIVE, origin)
    done = run(plant(tmp_path))
    assert told(done.set_aside) == [("batches.csv", 3, "")]
    assert TAKEN in done.set_aside[0].why
    assert len(stream_events("batch/B2")) == 1
    assert stream_events("laboratory/batch/B2") == []
    assert done.accounted


def test_rehearsal_writes_nothing(site: Path, tmp_path: Path) -> None:
    before = last_seq()
    done = run(plant(tmp_path), None)
    assert (done.read, done.made) == (5, 5)
    assert last_seq() == before
    assert [outcome.status for outcome in dry_writer(records(tmp_path)[:2])] == ["made"] * 2


def test_problem_leaves_the_ledger_as_it_was(site: Path, tmp_path: Path) -> None:
    before = last_seq()
    for broken in (changed("site", to="?"), changed("files", 0, "path", to="none.csv")):
        with pytest.raises(ConnectorError, match="Nothing was written"):
            run(plant(tmp_path, mapping=broken))
    assert last_seq() == before


def test_every_kind_of_event_reads_back(site: Path, tmp_path: Path) -> None:
    before = last_seq()
    made = [record.events[0] for record in records(plant(tmp_path))]
    run(tmp_path)
    assert [event.data for event in events(after_seq=before)] == made
