"""The table of discrepancy kinds: each typed, graded and worded."""

from __future__ import annotations

import pytest

from daytwo.record.batches.enums import DiscrepancyClass
from daytwo.record.batches.rules.discrepancies import KINDS, finding

BLOCKING = {"action_limit", "not_accepted", "yield_limit", "tolerance", "reported_stop"}


@pytest.mark.requirement("R35")
def test_kinds_that_stop_the_work_are_those_and_all_are_major():
    assert {code for code, kind in KINDS.items() if kind.blocking} == BLOCKING
    assert {KINDS[code].severity for code in BLOCKING} == {"major"}
    assert {k.severity for k in KINDS.values() if not k.blocking} == {"minor"}


def test_every_kind_is_classed_and_worded():
    for code, kind in KINDS.items():
        assert kind.code == code
        assert kind.discrepancy_class in set(DiscrepancyClass)
        assert kind.says


def test_finding_is_of_a_kind_of_the_table():
    assert finding("tolerance", "too much").kind is KINDS["tolerance"]
    with pytest.raises(KeyError):
        finding("invented", "nothing")
