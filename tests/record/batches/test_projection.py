"""Rows of batches follow from the ledger alone: rebuilt, they are the same."""

from __future__ import annotations

from daytwo.kernel.ids import new_id
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.batches.events import (
    BatchImported,
    MaterialConsumed,
    ParameterRecorded,
    YieldRecorded,
)
from daytwo.record.batches.models import BatchStep
from daytwo.record.batches.projection import batches
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.rebuild import compare, rebuild
from daytwo.record.release import commands as rel
from tests import floor
from tests.record.stages import IN_PROCESS

BATCH = floor.BATCH


def rows() -> list[list[tuple]]:
    return [list(model.objects.order_by("pk").values_list()) for model in batches.models]


def test_rebuilt_rows_are_the_live_ones_after_a_full_life(made, olga, otto, sam, quentin, quinn):
    given = {"batch_id": BATCH, "step_id": IN_PROCESS}
    olga.does(b.correct_step, **given, entry={"value": "201.0"}, reason="misread")
    otto.does(b.verify_step, **given)
    otto.does(b.add_comment, **given, comment="noisy")
    sam.does(b.answer_discrepancy, batch_id=BATCH, discrepancy_id=f"{BATCH}/1", answer="seen")
    sam.does(b.complete_record, batch_id=BATCH)
    quentin.does(rel.open_review, batch_id=BATCH)
    quentin.does(rel.return_record, batch_id=BATCH, reason="explain the noise")
    row = q.batch(BATCH)
    assert (row.record_state, row.returns, row.steps_done) == ("returned", 1, row.steps_total)
    live = rows()
    assert compare().equal
    rebuild()
    assert rows() == live


def test_changed_row_is_found_by_comparing(made):
    BatchStep.objects.filter(id=f"{BATCH}/{IN_PROCESS}").update(entry='{"value":"200.0"}')
    found = compare()
    assert [(d.table, d.missing, d.surplus) for d in found.differing] == [("batches_step", 1, 1)]
    rebuild()
    assert compare().equal


def test_imported_batch_keeps_what_its_source_says(site):
    imported = BatchImported("77", "3", "3", "25 MG", None, "2018-11", "month", "closed")
    events = [
        imported,
        MaterialConsumed("77", "API", "L-1", None),
        YieldRecorded("77", "batch_yield", None, "97.50"),
        YieldRecorded("77", "nothing", None, None),
        ParameterRecorded("77", "speed", "99.8", "1000/h"),
    ]
    actor, origin = Actor("system.import", "Import", "system"), Origin("import", "mes")
    intent = Intent(new_id(), "import.batch", "0" * 64, actor, origin)
    transact(intent, lambda: [Pending("batch/77", event) for event in events])
    row = q.batch("77")
    assert (row.state, row.record_state, row.origin) == ("imported", "imported", "import")
    assert (row.size, row.started_precision) == ("", "month")
    assert [(v.kind, v.name, v.value, v.unit) for v in q.values("77")] == [
        ("yield", "batch_yield", "97.50", "%"),
        ("parameter", "speed", "99.8", "1000/h"),
    ]
    [use] = q.materials("77")
    assert (use.lot_id, use.quantity, use.step_id) == ("L-1", "", None)
    assert q.content_digests(row) == {}
    assert compare().equal
