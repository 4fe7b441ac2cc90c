"""Decay since go-live: from when months count, first level against last, since when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daytwo.insight.detection.decay import Decay, around, decay, go_live, months_since
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.compare import Verdict
from tests.insight.kpis.plant import day, facts, on

NOW = datetime(2027, 10, 1, tzinfo=UTC)
STEPS = 20
"""Steps of a batch."""


def plant(*bad: int, line: str = "L1", site: str = "S1") -> dict[str, list[dict[str, object]]]:
    """Make ten batches in each month of 30 days, with so many late steps in each batch of it."""
    batches, steps = [], []
    for month, late in enumerate(bad):
        for n in range(10):
            # A batch more or less, so that nothing is without noise.
            number = max(0, late + (n % 3 - 1))
            end = day(30.4 * month + 2 * n + 1)
            name = f"{site}{line}-{month}-{n}"
            own = {"batch_id": name, "line": line, "site": site}
            batches.append(
                own
                | {"started_us": end - 3600, "ended_us": end, "steps": STEPS, "signatures": 40}
                | {
                    "workarounds": number,
                    "late_entries": number,
                    "entries": STEPS,
                    "paper_steps": 0,
                }
            )
            steps += [
                own
                | {"step_id": f"{k:02}", "completed_us": end - k, "late": k < number}
                | {"workaround": k < number, "late_min": 45.0 if k < number else None}
                for k in range(STEPS)
            ]
    return {"batch": batches, "step": steps}


def read(*bad: int, **more: str) -> Decay:
    return decay(facts(now=NOW, **plant(*bad)), tuple(more.items()))


def test_step_up_is_found_with_its_month() -> None:
    found = read(*[2] * 10, *[8] * 10)
    by = {m.of.id: m for m in found.measures}
    late = by["K30"]
    assert late.decays
    assert late.first is not None
    assert late.last is not None
    assert late.first.value == pytest.approx(100 * 2 / STEPS, abs=0.5)
    assert late.last.value == pytest.approx(100 * 8 / STEPS, abs=0.5)
    assert late.change is not None
    assert late.chart.points[late.change.index].label == "11"
    assert {m.of.id for m in found.decaying} == {"K30", "K32"}
    assert not by["K33"].decays


def test_slow_growth_is_found_without_one_change_of_level_being_needed() -> None:
    late = next(m for m in read(*(2 + n // 2 for n in range(12))).measures if m.of.id == "K30")
    assert late.decays
    assert late.slope is not None
    assert late.slope.per_month == pytest.approx(50 / STEPS, abs=0.5)


def test_measure_is_judged_with_regard_to_the_others() -> None:
    rows = plant(*[4, 2, 4, 3, 3, 4, 3, 5, 4, 4])
    for n, batch in enumerate(rows["batch"]):
        batch["signatures"] = 41 - n // 10 % 2
    found = decay(facts(now=NOW, **rows), ())
    judged = {m.of.id: (m.slope.p, m.q) for m in found.measures if m.slope}
    assert set(judged) == {"K30", "K32", "K33"}
    p, q = judged["K30"]
    assert p < judged["K33"][0]
    assert q == pytest.approx(p * 3 / 2)


def test_more_batches_of_the_worse_line_are_no_decay() -> None:
    """Each line stands still; the batches move from the good line to the bad one."""
    kept: dict[str, list[dict[str, object]]] = {"batch": [], "step": []}
    for line, late in (("L1", 1), ("L2", 9)):
        made = plant(*[late, late + 1] * 6, line=line)
        for name, rows in made.items():
            kept[name] += [row for row in rows if _stays(str(row["batch_id"]), line)]
    both = decay(facts(now=at(on("2027-01-05")), **kept), ())
    assert len(both.months) == 12
    assert both.measures[0].comparison is not None
    assert both.measures[0].comparison.verdict is Verdict.WORSE
    assert both.measures[0].slope is not None
    assert not both.decaying


def _stays(batch_id: str, line: str) -> bool:
    _, month, n = batch_id.split("-")
    return (int(n) >= int(month) * 10 // 12) == (line == "L1")


def test_constant_and_improving_sites_do_not_decay() -> None:
    assert read(*[3] * 14).decaying == ()
    assert read(*reversed(range(2, 16))).decaying == ()


def test_months_before_the_ninth_say_nothing() -> None:
    found = decay(facts(now=at(on("2026-09-15")), **plant(*range(1, 10))), ())
    assert len(found.months) == 8
    assert not found.decaying
    found = decay(facts(now=at(on("2026-10-15")), **plant(*range(1, 10))), ())
    assert len(found.months) == 9
    assert {m.of.id for m in found.decaying} == {"K30", "K32"}


def test_months_without_two_quarters_are_not_compared() -> None:
    found = decay(facts(now=at(on("2026-05-15")), **plant(1, 9, 9, 9)), ())
    assert len(found.months) == 4
    assert [m.comparison for m in found.measures] == [None] * len(found.measures)
    assert not found.decaying


def test_go_live_is_the_deployment_before_the_first_batch_or_that_batch() -> None:
    given = facts(now=NOW, **plant(1, 1))
    first = go_live(given, None)
    assert first is not None
    assert (first.seq, first.batch_id) == (None, "S1L1-0-0")
    said = go_live(given, None, (("S1", 7, day(-9)), ("S2", 3, day(-20)), ("S1", 9, day(30))))
    assert said is not None
    assert (said.seq, said.at_us) == (7, day(-9))
    later = go_live(given, None, (("S1", 9, day(30)),))
    assert later == first
    assert go_live(facts(now=NOW), None) is None
    assert decay(facts(now=NOW), ()) == Decay(None, (), ())


def test_months_are_the_largest_sites_own_unless_one_is_asked_for() -> None:
    other = plant(1, site="S2")
    both = {name: rows + other[name] for name, rows in plant(1, 1).items()}
    live = go_live(facts(now=NOW, **both), None)
    assert live is not None
    assert live.site == "S1"
    asked = decay(facts(now=NOW, **both), (("site", "S2"),))
    assert sum(m.steps for m in asked.months) == 10 * STEPS


def test_filter_narrows_measures_and_steps() -> None:
    two = plant(9, 9, line="L2")
    both = {name: rows + two[name] for name, rows in plant(1, 1).items()}
    given = facts(now=NOW, **both)
    narrowed = decay(given, (("line", "L2"),))
    assert narrowed.months[0].workarounds == sum(9 + n % 3 - 1 for n in range(10))
    rows = around(given, {"site": "S1", "line": "L2"}, narrowed.months[0].period, 500)
    assert len(rows) == narrowed.months[0].workarounds
    assert {row.ways for row in rows} == {("late",)}
    assert [row.at_us for row in rows] == sorted((row.at_us for row in rows), reverse=True)


def test_months_begin_on_the_day_of_go_live_or_the_months_last() -> None:
    starts = months_since(on("2026-01-31"), on("2026-05-01"), "UTC")
    days = [at(start).date().isoformat() for start in starts]
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
