"""K25, productivity of work: touch time by attended time, batches by labour, minutes by step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import median, quotient
from daytwo.insight.kpis.subjects import lacking, leave_out, subjects, together, waiting

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, StringColumn, StringValue, Table

    from daytwo.insight.kpis.subjects import Facts

LEAST_PERSONS = 5
"""Below so many persons a team's figure would be a person's."""


def _steps_and_shifts(facts: Facts) -> list[Table]:
    """Return every step, and what each team attended on each day."""
    return [facts.table("step"), _attended(facts)]


def _steps(facts: Facts) -> list[Table]:
    """Return every step."""
    return [facts.table("step")]


def _batches_and_shifts(facts: Facts) -> list[Table]:
    """Return every batch, and what each team attended on each day."""
    return [facts.table("batch"), _attended(facts)]


def efficiency(facts: Facts) -> Table:
    """Return one subject a step with its touch hours, and one a team and day with its hours.

    References:
        ISO 22400-2: worker efficiency APWT/APAT.
    """
    s = facts.table("step")
    worked = subjects(
        s,
        subject=s.batch_id + "/" + s.step_id,
        kind="step",
        rules=[
            leave_out(s.completed_us.isnull(), "step not done"),
            lacking(s.touch_min.isnull(), "no touch time on record"),
        ],
        numerator=s.touch_min / 60,
        denominator=0,
        stop_us=s.completed_us.coalesce(s.claimed_us, s.offered_us),
        stop_seq=s.completed_seq,
        person=s.performer,
        dimensions={"team": s.role_or_team},
    )
    return together(worked, _hours(facts))


def output(facts: Facts) -> Table:
    """Return one subject a batch manufactured, and one a team and day with its hours.

    References:
        ISO 22400-2: throughput, by worker attendance.
    """
    b = facts.table("batch")
    made = subjects(
        b,
        subject=b.batch_id,
        rules=[
            leave_out(b.ended_us.isnull(), "manufacture has not ended"),
            leave_out(b.decision == "rejected", "rejected"),
        ],
        numerator=1,
        denominator=0,
        stop_us=b.ended_us.coalesce(b.aborted_us, b.started_us, b.planned_us),
        stop_seq=b.ended_seq,
    )
    return together(made, _hours(facts))


def touch(facts: Facts) -> Table:
    """Return one subject a step, in minutes of work on it.

    References:
        ISO 22400-2: actual personnel work time, by step.
    """
    s = facts.table("step")
    return subjects(
        s,
        subject=s.batch_id + "/" + s.step_id,
        kind="step",
        rules=[
            waiting(s.completed_us.isnull() & s.claimed_us.notnull()),
            leave_out(s.completed_us.isnull(), "step not begun"),
            lacking(s.touch_min.isnull(), "no touch time on record"),
        ],
        value=s.touch_min,
        start_us=s.claimed_us,
        stop_us=s.completed_us.coalesce(s.claimed_us, s.offered_us),
        stop_seq=s.completed_seq,
        person=s.performer,
        happened_us=s.completed_us.coalesce(s.claimed_us),
        dimensions={"team": s.role_or_team},
    )


def _attended(facts: Facts) -> Table:
    """Return the hours of each team on each day: no row is a person's.

    Labour is direct when the team has a step in some record: quality, laboratory and stores are
    there too, and do other work.
    """
    steps, shifts = facts.table("step"), facts.table("labour")
    shifts = shifts.mutate(direct=_among(shifts.team, steps.role_or_team))
    return shifts.group_by(["site", "team", "day", "origin", "direct"]).aggregate(
        attended_h=shifts.attended_h.sum(),
        persons=shifts.person.nunique(),
        end_us=shifts.end_us.coalesce(shifts.start_us).max(),
        seq_first=shifts.seq_first.min(),
        seq_last=shifts.seq_last.max(),
    )


def _among(text: StringValue, column: StringColumn) -> BooleanValue:
    known = column.as_table().filter(column.notnull()).distinct()
    return text.isin(known[column.get_name()]).coalesce(False)


def _hours(facts: Facts) -> Table:
    shifts = _attended(facts)
    return subjects(
        shifts,
        subject=shifts.team.coalesce("") + " " + shifts.day.coalesce(""),
        kind="shifts",
        rules=[
            leave_out(~shifts.direct, "indirect labour: a team without a step"),
            lacking(shifts.attended_h.isnull(), "no hours of the shifts on record"),
        ],
        numerator=0,
        denominator=shifts.attended_h,
        stop_us=shifts.end_us,
    )


K25 = register(
    Definition(
        id="K25",
        version=1,
        name="Worker efficiency",
        description="Hours of work on steps by hours attended, for teams.",
        scope="site, team",
        formula="sum of touch hours of steps / sum of hours attended (APWT/APAT)",
        unit="%",
        range="0 to 100",
        trend="higher is better",
        audience="management, supervision",
        effect_model="waiting, walking, double documentation, staffing",
        notes="Of teams of five or more, never of a person. A team's hours of a day count when its"
        " last shift ends. Work that is no step of a record is not seen.",
        owner="Head of production",
        data_sources="facts step and labour: batch.step.completed, staff.shift.worked",
        start_event="batch.step.claimed",
        stop_event="batch.step.completed; staff.shift.worked",
        cohort="steps by their completion, hours by the end of the day's last shift",
        exclusions="steps that are not done; steps without a touch time; hours of teams that do no"
        " step of a record; groups of fewer than five",
        minimum_n=10,
        sensitivity="Claiming early and completing late raises it without more work.",
        guard="K7a record right-first-time; K33 signature burden",
        references="ISO 22400-2, worker efficiency; EU GMP Chapter 2; McKinsey (2009)",
        statistic=quotient(100),
        population=_steps_and_shifts,
        subjects=efficiency,
        dimensions=("site", "team", "origin"),
        minimum_persons=LEAST_PERSONS,
    )
)

K25OUTPUT = register(
    replace(
        K25,
        id="K25output",
        name="Labour productivity",
        description="Batches manufactured and not rejected for each hundred hours attended.",
        scope="site",
        formula="batches manufactured / hours attended × 100",
        unit="per 100 h",
        range="0 to infinity",
        notes="Batches of unlike size are not comparable: read the trend of one mix.",
        data_sources="facts batch and labour: batch.manufacture.ended, staff.shift.worked",
        start_event="none",
        stop_event="batch.manufacture.ended; staff.shift.worked",
        cohort="batches by their end of manufacture, hours by the day's last shift",
        exclusions="unfinished and rejected batches; hours of teams that do no step of a record",
        sensitivity="The mix of products moves it.",
        guard="K7c process right-first-time",
        references="ISO 22400-2, throughput; McKinsey (2009): top plants above twice the average",
        statistic=quotient(100),
        population=_batches_and_shifts,
        subjects=output,
        dimensions=("site", "origin"),
        minimum_persons=0,
    )
)

K25TOUCH = register(
    replace(
        K25,
        id="K25touch",
        name="Touch time of a step",
        description="Minutes of work on a step, from its claim to its completion without pauses.",
        scope="product, operation, team",
        formula="median over steps of t(completed) - t(claimed) - pauses",
        unit="min",
        range="0 to infinity",
        trend="lower is better",
        notes="Of teams of five or more, never of a person. Split by operation and product.",
        data_sources="fact step: batch.step.claimed, .paused, .resumed, .completed",
        stop_event="batch.step.completed",
        cohort="steps by their completion",
        exclusions="steps not begun; steps without a touch time; groups of fewer than five persons",
        sensitivity="Steps claimed at the end of the work look short.",
        guard="K8 documentation errors",
        references="ISO 22400-2, actual personnel work time",
        statistic=median(),
        population=_steps,
        subjects=touch,
        dimensions=("site", "product_code", "line", "mbr", "team", "operation", "shift", "origin"),
    )
)
