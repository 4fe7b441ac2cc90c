"""The batch fact: one row a batch, whatever the order of its life."""

from __future__ import annotations

import json
from typing import Any

from daytwo.insight.facts.batch import BatchFact, fold
from daytwo.record.ledger.envelope import GENESIS, Actor, Recorded

ACTOR = Actor("olga", "Olga Brandt", "operator")


def recorded(seq: int, type_: str, kind: str = "native", **payload: Any) -> Recorded:
    at = f"2026-01-{seq:02d}T00:00:00.000000Z"
    origin = json.dumps({"kind": kind, "source": "", "ref": None})
    return Recorded(
        seq,
        "batch/B",
        seq,
        type_,
        1,
        json.dumps({"batch_id": "B", **payload}),
        at,
        at,
        ACTOR,
        origin,
        None,
        f"command-{seq}",
        0,
        "test",
        "",
        GENESIS,
        GENESIS,
    )


PLANNED = {"product_code": "P", "product_name": "Product", "mbr_id": "M-0001", "mbr_version": 2}


def test_life_of_a_native_batch_is_one_row() -> None:
    rows: dict[str, BatchFact] = {}
    fold(rows, recorded(1, "batch.planned", **PLANNED))
    fold(rows, recorded(2, "batch.started"))
    fold(rows, recorded(3, "batch.manufacture.ended"))
    fold(rows, recorded(5, "release.batch.decided", decision="released"))
    row = rows["B"]
    assert (row.mbr, row.origin, row.decision) == ("M-0001 v2", "native", "released")
    assert row.ended is not None
    assert row.decided is not None
    assert (row.decided.at - row.ended.at).days == 2
    assert (row.ended.seq, row.decided.seq) == (3, 5)


def test_second_completion_counts() -> None:
    rows: dict[str, BatchFact] = {}
    fold(rows, recorded(1, "batch.planned", **PLANNED))
    fold(rows, recorded(2, "batch.record.completed"))
    fold(rows, recorded(4, "batch.record.completed"))
    completed = rows["B"].completed
    assert completed is not None
    assert completed.seq == 4


def test_imported_batch_keeps_what_its_source_says() -> None:
    rows: dict[str, BatchFact] = {}
    imported = recorded(
        1, "batch.imported", "import", product_code="3", product_name="3", started_on="2018-11"
    )
    fold(rows, imported)
    assert (rows["B"].origin, rows["B"].source_start, rows["B"].mbr) == ("import", "2018-11", "")


def test_event_of_an_unknown_batch_makes_no_row() -> None:
    rows: dict[str, BatchFact] = {}
    fold(rows, recorded(2, "batch.started"))
    assert rows == {}
