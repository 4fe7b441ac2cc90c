"""Results of the laboratory are rows of their own: a later one never overwrites."""

from __future__ import annotations

import pytest
from django.db.utils import IntegrityError

from daytwo.kernel.ids import new_id
from daytwo.record.laboratory.events import LaboratoryResultFinal
from daytwo.record.laboratory.queries import results
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.reading import head_version
from daytwo.record.ledger.rebuild import compare

ANALYST = Actor("lims", "LIMS", "system")


def report(result_id: str, value: str, *, stage: str = "final", kind: str = "batch") -> None:
    event = LaboratoryResultFinal(
        result_id, kind, "B-1", stage, "dissolution_av", "Dissolution", value, "%"
    )
    intent = Intent(new_id(), "import.result", "0" * 64, ANALYST, Origin("import", "lims"))
    transact(intent, lambda: [Pending("batch/B-1", event)])


@pytest.mark.requirement("R13")
def test_later_result_stands_beside_the_earlier_one(site):
    report("R-1", "< 0.05")
    report("R-2", "93.80")
    assert [(r.id, r.value, r.unit) for r in results("batch", "B-1")] == [
        ("R-1", "< 0.05", "%"),
        ("R-2", "93.80", "%"),
    ]
    assert compare().equal


@pytest.mark.requirement("R13")
def test_result_of_the_same_name_is_refused_and_changes_nothing(site):
    report("R-1", "93.80")
    before = head_version("batch/B-1")
    with pytest.raises(IntegrityError):
        report("R-1", "99.99")
    assert [r.value for r in results("batch", "B-1")] == ["93.80"]
    assert head_version("batch/B-1") == before
