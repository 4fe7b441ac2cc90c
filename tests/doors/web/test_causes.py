"""Words for what a release waits for."""

from __future__ import annotations

from daytwo.doors.web.causes import CAUSES, cause
from daytwo.insight.kpis.criticalpath import OWNERS


def test_every_cause_of_the_engine_has_its_words() -> None:
    assert set(CAUSES) == set(OWNERS)
    assert cause("laboratory") == "Laboratory results"
    assert cause("meteor") == "meteor"
