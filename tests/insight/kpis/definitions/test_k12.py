"""K12 by hand: the four deviations of the KPI paper, and the day that is exactly twelve months."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from daytwo.insight.kpis.subjects import DAY_US
from tests.insight.kpis.plant import facts, on


def deviation(name, at, cause="R", area="X", **more):
    occurred = on(at)
    made = {"deviation_id": name, "occurred_us": occurred, "closed_us": occurred + 20 * DAY_US}
    return made | {"root_cause": cause, "area": area} | more


def test_repeats_of_the_kpi_paper():
    rows = [
        deviation("D1", "2025-01-01"),
        deviation("D2", "2025-12-20"),
        deviation("D3", "2026-01-02", area="Y"),
        deviation("D4", "2027-01-05"),
    ]
    found = evaluate(definition("K12"), facts(deviation=rows))
    assert (found.value, found.numerator, found.denominator) == (25, 1, 4)


@pytest.mark.parametrize(("second", "repeats"), [("2026-03-01", 1), ("2026-03-02", 0)])
def test_day_365_is_within_the_twelve_months(second, repeats):
    rows = [deviation("D1", "2025-03-01"), deviation("D2", second)]
    assert evaluate(definition("K12"), facts(deviation=rows)).numerator == repeats


def test_cause_is_one_whatever_its_case_and_none_is_no_cause():
    rows = [
        deviation("D1", "2026-01-01", "Worn Seal "),
        deviation("D2", "2026-01-02", "worn seal"),
        deviation("D3", "2026-01-03", ""),
        deviation("D4", "2026-01-04", ""),
        deviation("D5", "2026-01-05", None),
    ]
    found = facts(deviation=rows)
    assert evaluate(definition("K12"), found).numerator == 1
    assert evaluate(definition("K12none"), found).value == 60


def test_three_of_a_kind_are_two_repeats_and_one_subject_each():
    rows = [deviation(f"D{i}", "2026-01-01") for i in range(3)]
    found = evaluate(definition("K12"), facts(deviation=rows))
    assert (found.numerator, found.subjects) == (2, 3)


def test_what_is_open_is_not_in_the_denominator_but_can_be_repeated():
    rows = [deviation("D1", "2026-01-01", closed_us=None), deviation("D2", "2026-01-02")]
    found = evaluate(definition("K12"), facts(deviation=rows))
    assert (found.value, found.denominator, found.open) == (100, 1, 1)


def test_process_stands_in_where_no_area_is_known():
    rows = [
        deviation("D1", "2026-01-01", area="", process="coating"),
        deviation("D2", "2026-01-02", area=None, process="Coating"),
        deviation("D3", "2026-01-03", area=None, process="printing"),
    ]
    assert evaluate(definition("K12"), facts(deviation=rows)).numerator == 1


NEAR_A_YEAR = st.sampled_from([0, 1, 364, 365, 366, 730, 731])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "site": st.sampled_from("AB"),
            "root_cause": st.sampled_from(["seal", " Seal", "", None]),
            "area": st.sampled_from(["hall", None]),
            "process": st.sampled_from(["hall ", "", None]),
            "occurred_us": st.one_of(st.none(), NEAR_A_YEAR.map(lambda n: n * DAY_US)),
            "closed_us": st.sampled_from([None, 900 * DAY_US]),
        }
    ),
    max_size=8,
)


def like(one):
    """Return where and by what cause; no cause is like none."""
    cause = (one["root_cause"] or "").strip().lower()
    place = (one["area"] or "").strip() or (one["process"] or "").strip()
    return (one["site"], cause, place) if cause else None


def when(one):
    return one["occurred_us"], one["deviation_id"]


def came_back(one, every):
    """Say it as the formula does: another one like it in the 365 days before."""
    dated = [other for other in every if other["occurred_us"] is not None]
    earlier = [other for other in dated if when(other) < when(one)]
    since = one["occurred_us"] - 365 * DAY_US
    return any(like(o) == like(one) and o["occurred_us"] >= since for o in earlier if like(one))


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_a_repeat_is_one_of_which_any_other_came_within_the_year_before(rows):
    rows = [{"deviation_id": f"D{i}", **row} for i, row in enumerate(rows)]
    made = facts(deviation=rows)
    found = {row["subject"]: row for row in made.engine.rows(definition("K12").subjects(made))}
    assert found.keys() == {row["deviation_id"] for row in rows}
    for row in rows:
        known = row["closed_us"] is not None and row["occurred_us"] is not None
        expected = float(came_back(row, rows)) if known else None
        assert found[row["deviation_id"]]["numerator"] == expected
