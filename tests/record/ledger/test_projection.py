"""Runs of imports: each ends with an event, and a row that says what became of every row read."""

from __future__ import annotations

import json

from daytwo.record.ledger.append import Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.events import ImportReconciled
from daytwo.record.ledger.queries import import_runs
from daytwo.record.ledger.rebuild import compare
from tests.record.ledger.notes import intent


def reconciled(run: str, read: int, made: int, already: int, aside: int) -> None:
    detail = {"set_aside": [["a.csv", 3, "size", "not a number"]], "files": {"a.csv": "0" * 64}}
    event = ImportReconciled(run, "tablets v1", "old-mes", read, made, already, aside, 2, detail)
    transact(intent(), lambda: [Pending("import/tablets", event)])


def test_runs_are_kept_with_their_figures_the_latest_first(site):
    reconciled("tablets/1", 10, 7, 0, 3)
    reconciled("tablets/2", 10, 0, 7, 3)
    runs = import_runs()
    assert [r.run_id for r in runs] == ["tablets/2", "tablets/1"]
    assert [(r.read, r.made, r.already, r.rows_set_aside, r.fields_set_aside) for r in runs] == [
        (10, 0, 7, 3, 2),
        (10, 7, 0, 3, 2),
    ]
    assert runs[0].by_name == "Olga Brandt"
    assert json.loads(runs[0].detail)["set_aside"] == [["a.csv", 3, "size", "not a number"]]
    assert [r.run_id for r in import_runs(1)] == ["tablets/2"]
    assert compare().equal
