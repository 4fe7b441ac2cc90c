"""Readings say what the database says, and what is not known is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.monitoring.readings import Readings
from daytwo.insight.facts.follow import follower
from daytwo.record.ledger.models import ImportRun
from daytwo.record.ledger.reading import last_seq

if TYPE_CHECKING:
    from pathlib import Path


def read() -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for metric in Readings().collect()
        for sample in metric.samples
    }


def test_facts_that_were_never_written_have_no_time(site: Path) -> None:
    found = read()
    assert ("daytwo_facts_written_timestamp_seconds",) not in found
    assert found["daytwo_facts_behind_events",] == found["daytwo_ledger_seq",] == last_seq()
    follower().refresh()
    found = read()
    assert found["daytwo_facts_behind_events",] == 0
    assert ("daytwo_facts_written_timestamp_seconds",) in found


def test_rows_of_all_imports_add_up(site: Path) -> None:
    counts = {"read": 10, "made": 4, "already": 3, "passed_over": 1, "rows_set_aside": 2}
    for seq in (1, 2):
        ImportRun.objects.create(event_seq=seq, run_id=str(seq), fields_set_aside=0, **counts)
    found = read()
    assert found["daytwo_import_runs_total",] == 2
    for name, count in counts.items():
        assert found["daytwo_import_rows_total", name] == 2 * count
