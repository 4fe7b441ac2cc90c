"""K17, invalidated OOS rate: by all results out of specification, or by all tests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import share
from daytwo.insight.kpis.subjects import lacking, leave_out, subjects, together, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts

STAGES = ("final", "stability")
"""Release and long-term stability; in-process and incoming tests are another matter."""

OTHER_STAGE = "not of a release or stability test"


def _population_fda(facts: Facts) -> list[Table]:
    """Return every investigation of a result out of specification."""
    return [facts.table("oos")]


def _population_ispe(facts: Facts) -> list[Table]:
    """Return every investigation, and every final result that they are set against."""
    return [facts.table("oos"), _tests(facts)]


def by_oos(facts: Facts) -> Table:
    """Return one subject an OOS that was decided: 1 when invalidated.

    References:
        FDA, Submission of Quality Metrics Data (draft, 2016); FDA, Investigating OOS Test Results
        (2022).
    """
    return _invalidated(facts, denominator=1)


def by_tests(facts: Facts) -> Table:
    """Return one subject an OOS invalidated, and one a test.

    References:
        ISPE Quality Metrics pilot, as told by Lachman Consultants (2017).
    """
    r = _tests(facts)
    tests = subjects(
        r,
        subject=r.result_id,
        kind="test",
        rules=[
            leave_out(~r.stage.isin(STAGES), OTHER_STAGE),
            lacking(r.final_us.isnull(), "no time of the final result"),
        ],
        numerator=0,
        denominator=1,
        stop_us=r.final_us.coalesce(r.entered_us, r.started_us),
    )
    return together(_invalidated(facts, denominator=0), tests)


def _tests(facts: Facts) -> Table:
    r = facts.table("result")
    return r.filter(r.kind == "result")


def _invalidated(facts: Facts, denominator: int) -> Table:
    o, s, r = facts.table("oos"), facts.table("sample"), _tests(facts)
    staged = s.select(sample_site="site", sample_key="sample_id", sampled="stage")
    tested = r.filter(r.result_id.notnull() & (r.result_id != ""))
    asked = o.select("site", "result_id").distinct()
    tested = tested.semi_join(asked, ["site", "result_id"])
    tested = tested.group_by(result_site="site", result_key="result_id").aggregate(
        resulted=tested.stage.max(), product_code=tested.product_code.max()
    )
    o = o.left_join(staged, [o.site == staged.sample_site, o.sample_id == staged.sample_key])
    o = o.left_join(tested, [o.site == tested.result_site, o.result_id == tested.result_key])
    o = o.drop("sample_site", "sample_key", "result_site", "result_key")
    stage = o.sampled.coalesce(o.resulted)
    return subjects(
        o,
        subject=o.oos_id,
        kind="oos",
        rules=[
            lacking(stage.isnull() | (stage == ""), "no stage of the test recorded"),
            leave_out(~stage.isin(STAGES), OTHER_STAGE),
            waiting(o.decided_us.isnull()),
        ],
        numerator=(o.outcome == "invalidated").cast("int64"),
        denominator=denominator,
        start_us=o.opened_us,
        stop_us=o.decided_us.coalesce(o.opened_us),
        dimensions={"stage": stage},
    )


K17FDA = register(
    Definition(
        id="K17fda",
        version=1,
        name="Invalidated OOS rate (FDA 2016)",
        description="Share of results out of specification that were put down to the measurement.",
        scope="site, laboratory",
        formula="OOS of release and stability tests invalidated / all OOS of such tests decided",
        unit="%",
        range="0 to 100",
        trend="lower is better",
        audience="management, quality, laboratory",
        effect_model="methods, analysts, instruments, the wish to release",
        notes="One of two denominators; they differ by orders of magnitude.",
        owner="Head of quality control",
        data_sources="facts oos, sample, result: laboratory.oos.invalidated, .confirmed",
        start_event="laboratory.oos.opened",
        stop_event="laboratory.oos.invalidated or laboratory.oos.confirmed",
        cohort="OOS decided, by the time of the decision",
        exclusions="in-process and incoming tests; OOS without a known stage",
        minimum_n=10,
        sensitivity="Does not tell good sites from bad ones by itself; inspectors look at it.",
        guard="K16 lot acceptance",
        references="Lachman Consultants, Don't disregard your OOS rate (2017); FDA OOS guidance"
        " (2022)",
        statistic=share(),
        population=_population_fda,
        subjects=by_oos,
        dimensions=("site", "product_code", "stage", "test_code"),
    )
)

K17ISPE = register(
    replace(
        K17FDA,
        id="K17ispe",
        name="Invalidated OOS rate (all tests)",
        description="Results out of specification put down to the measurement, by all tests.",
        formula="OOS of release and stability tests invalidated / all such tests",
        data_sources="facts oos, sample, result: laboratory.oos.invalidated,"
        " laboratory.result.final",
        stop_event="laboratory.oos.invalidated or .confirmed; laboratory.result.final",
        cohort="OOS by the time of the decision, tests by the time of the final result",
        population=_population_ispe,
        subjects=by_tests,
    )
)
