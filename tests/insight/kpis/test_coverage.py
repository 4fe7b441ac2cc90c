"""Coverage of the KPIs is the evaluator's, and reasons add up."""

from __future__ import annotations

from daytwo.insight.kpis.cohort import EVER, Period, Question
from daytwo.insight.kpis.coverage import coverages, reasons
from daytwo.insight.kpis.definition import all_definitions, definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts

PLANT = facts(
    batch=[
        {
            "batch_id": "B1",
            "line": "L1",
            "ended_us": day(1),
            "decided_us": day(4),
            "decision": "released",
        },
        {"batch_id": "B2", "line": "L1", "decided_us": day(5), "decision": "released"},
        {"batch_id": "B3", "line": "L2", "ended_us": day(6)},
        {
            "batch_id": "B4",
            "line": "L2",
            "ended_us": day(7),
            "decided_us": day(9),
            "decision": "rejected",
        },
    ]
)


def test_every_kpi_has_the_coverage_of_its_figure() -> None:
    found = {c.of.id: c for c in coverages(PLANT, Question())}
    assert set(found) == {of.id for of in all_definitions()}
    k1 = found["K1"]
    assert (k1.counted, k1.open, k1.missing, k1.coverage) == (1, 1, 1, 0.5)
    assert k1.excluded == (
        ("no end of manufacture recorded", 1, True),
        ("rejected, shown apart", 1, False),
    )
    for kpi_id in ("K1", "K7a", "K9", "K16ispe", "K30"):
        of = evaluate(definition(kpi_id), PLANT)
        assert (found[kpi_id].coverage, found[kpi_id].counted) == (of.coverage, of.counted)


def test_least_covered_come_first_and_unknown_ones_last() -> None:
    order = [c.coverage for c in coverages(PLANT, Question())]
    known = [c for c in order if c is not None]
    assert known == sorted(known)
    assert order[len(known) :] == [None] * (len(order) - len(known))


def test_filter_and_period_narrow_those_that_have_them() -> None:
    found = {
        c.of.id: c for c in coverages(PLANT, Question(Period(day(0), day(20)), {"line": "L2"}))
    }
    assert (found["K1"].counted, found["K1"].open) == (0, 1)
    assert found["K13"].coverage is None


def test_reasons_are_added_up_over_kpis_those_that_can_be_mended_first() -> None:
    told = reasons(coverages(PLANT, Question(EVER)))
    lacking = [lacks for _, lacks, _, _ in told]
    assert lacking == sorted(lacking, reverse=True)
    why = {why: (n, kpis) for why, _, n, kpis in told}
    n, kpis = why["no end of manufacture recorded"]
    assert "K1" in kpis
    assert n >= len(kpis)
