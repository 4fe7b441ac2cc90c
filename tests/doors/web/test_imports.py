"""Imports and their reconciliation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.ids import new_id
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.events import ImportReconciled
from daytwo.record.ledger.models import ImportRun
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

IVO = Actor("ivo", "Ivo Kunz", "integrator")
REMARK = {"file": "Laboratory.csv", "row": 7, "field": "", "why": "no batch number"}


def ran(*, made: int) -> int:
    detail = {
        "blanks": 3,
        "kinds": {"batch": {"made": made}},
        "files": [{"name": "Laboratory.csv", "sha256": "ab" * 32, "bytes": 10, "lines": 12}],
        "events": made,
        "set_aside": [REMARK],
        "warnings": [],
    }
    event = ImportReconciled("tablets/1", "tablets v1", "old-mes", 10, made, 1, 1, 0, detail)
    intent = Intent(new_id(), "import.reconcile", "", IVO, Origin("system", "import"))
    transact(intent, lambda: [Pending("import/tablets", event)])
    return int(ImportRun.objects.latest("event_seq").event_seq)


def test_run_shows_every_row_accounted_for(site: Path) -> None:
    seq = ran(made=8)
    client = signed_in("ivo")
    listed = client.get("/imports/").content.decode()
    assert f"/imports/{seq}/" in listed
    text = client.get(f"/imports/{seq}/").content.decode()
    for part in ("Laboratory.csv", "no batch number", "whole row", "Ivo Kunz", "tablets v1"):
        assert part in text


@pytest.mark.parametrize(("made", "word"), [(8, "yes"), (7, "no")])
def test_run_that_does_not_add_up_says_so(made: int, word: str, site: Path) -> None:
    ran(made=made)
    assert f"<span>{word}</span>" in signed_in("ivo").get("/imports/").content.decode()


def test_no_run_says_how_to_begin(site: Path) -> None:
    assert "Nothing was imported yet." in signed_in("luis").get("/imports/").content.decode()
    assert signed_in("luis").get("/imports/99/").status_code == 404
    assert signed_in("luis").get(f"/imports/{'9' * 30}/").status_code == 404
