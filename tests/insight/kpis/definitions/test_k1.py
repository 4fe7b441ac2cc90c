"""K1 by hand: release times, what is still open, and what the record cannot tell."""

from __future__ import annotations

from datetime import UTC, datetime

import ibis
import pytest

from daytwo.insight.kpis.cohort import Period, Question
from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.definitions import k1
from daytwo.insight.kpis.evaluate import evaluate, groups
from daytwo.insight.kpis.subjects import leave_out
from tests.insight.kpis.plant import day, facts
from tests.insight.kpis.rules import anew

K1 = definition("K1")


def batch(name, ended, decided=None, decision="released", **more):
    made = {"batch_id": name, "ended_us": ended, "started_us": day(-5), "decided_us": decided}
    return made | {"decision": decision if decided else None} | more


FIVE = [batch(f"B{i}", day(0), day(days)) for i, days in enumerate((3, 4, 5, 6, 40))]


def test_release_times_of_the_kpi_paper():
    found = evaluate(K1, facts(batch=FIVE))
    assert (found.value, found.p90, found.n, found.interval) == (5, 40, 5, None)


def test_two_lots_still_open_at_thirty_days_raise_the_median():
    waiting = [batch("O1", day(0)), batch("O2", day(0))]
    found = evaluate(K1, facts(batch=FIVE + waiting, now=datetime(2026, 1, 31, tzinfo=UTC)))
    assert (found.value, found.open, found.subjects) == (5, 2, 7)
    assert found.survival is not None
    assert found.survival.median == 6


def test_what_does_not_count_is_told_with_its_reason():
    rows = [
        batch("B1", day(0), day(3)),
        batch("B2", day(0), day(9), "rejected"),
        batch("B3", None, day(4)),
        batch("B4", None),
        batch("B5", None, started_us=None, origin="import"),
        batch("B6", None, aborted_us=day(1)),
    ]
    found = evaluate(K1, facts(batch=rows))
    assert (found.value, found.n, found.open, found.subjects) == (3, 1, 0, 6)
    assert dict(found.excluded) == {
        "rejected, shown apart": 1,
        "no end of manufacture recorded": 1,
        "manufacture has not ended": 1,
        "the source gives neither end nor disposition": 1,
        "aborted": 1,
    }
    assert found.coverage == pytest.approx(1 / 3)


def test_period_takes_what_was_decided_in_it_and_shows_what_was_open_at_its_end():
    rows = [batch("B1", day(0), day(3)), batch("B2", day(0), day(20)), batch("B3", day(12))]
    found = evaluate(K1, facts(batch=rows), Question(Period(day(0), day(10))))
    assert (found.value, found.n, found.open, found.subjects) == (3, 1, 1, 2)


def test_variants_measure_from_other_starts():
    row = batch("B1", day(0), day(8), lab_final_us=day(6))
    found = facts(batch=[row, batch("B2", day(0), day(2), "rejected")])
    figures = {name: evaluate(definition(name), found).value for name in _VARIANTS}
    assert figures == {"K1": 8, "K1lab": 2, "K1start": 13, "K1rejected": 2}


_VARIANTS = ("K1", "K1lab", "K1start", "K1rejected")


def test_split_by_product_and_line():
    rows = [
        batch("B1", day(0), day(3), product_code="P", line="L1"),
        batch("B2", day(0), day(5), product_code="P", line="L2"),
        batch("B3", day(0), day(9), product_code="Q"),
    ]
    made = groups(K1, facts(batch=rows), Question(by=("product_code", "line")))
    assert [(tuple(v.group.values()), v.value) for v in made] == [
        (("P", "L1"), 3),
        (("P", "L2"), 5),
        (("Q", None), 9),
    ]


def test_leaving_one_exclusion_out_changes_the_figure(monkeypatch):
    """The test above would not pass with a definition that lets rejected batches in."""

    rows = [batch("B1", day(0), day(3)), batch("B2", day(0), day(9), "rejected")]
    with monkeypatch.context() as patched:
        patched.setattr(
            k1, "leave_out", lambda when, why: leave_out(when & ibis.literal(value=False), why)
        )
        assert evaluate(anew(K1), facts(batch=rows)).value == 6
    assert evaluate(K1, facts(batch=rows)).value == 3
