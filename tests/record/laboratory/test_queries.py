"""Readings of results: one subject's, by stage and test."""

from __future__ import annotations

from daytwo.record.laboratory.queries import results
from tests.record.laboratory.test_projection import report


def test_results_are_those_of_one_subject_by_stage(site):
    report("R-3", "1", stage="in_process")
    report("R-2", "2")
    report("R-1", "3", kind="lot")
    assert [r.id for r in results("batch", "B-1")] == ["R-2", "R-3"]
    assert [r.id for r in results("lot", "B-1")] == ["R-1"]
    assert results("batch", "B-2") == []
