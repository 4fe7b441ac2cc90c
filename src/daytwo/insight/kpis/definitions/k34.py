"""K34, voice of the users: how often they say something, and when they hear back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from daytwo.insight.kpis.definition import Definition, register
from daytwo.insight.kpis.measures import quotient, times
from daytwo.insight.kpis.subjects import DAY_US, lacking, subjects, together, waiting

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.subjects import Facts


def _feedback_and_shifts(facts: Facts) -> list[Table]:
    """Return every feedback, and how many shifts each team worked on each day."""
    return [_feedback(facts), _shifts(facts)]


def _items(facts: Facts) -> list[Table]:
    """Return every feedback."""
    return [_feedback(facts)]


def voiced(facts: Facts) -> Table:
    """Return one subject a feedback, and one a team and day with its shifts.

    References:
        ISO 9241-210 §5.4 (feedback in use).
    """
    f, w = _feedback(facts), _shifts(facts)
    said = subjects(f, subject=f.ref, kind="feedback", numerator=1, denominator=0, stop_us=f.at_us)
    worked = subjects(
        w,
        subject=w.team.coalesce("") + " " + w.day.coalesce(""),
        kind="shifts",
        numerator=0,
        denominator=w.shifts,
        stop_us=w.end_us,
    )
    return together(said, worked)


def answered(facts: Facts) -> Table:
    """Return one subject a feedback, in days until its first answer.

    References:
        ISO 9241-210 §5.4.
    """
    f, u = _feedback(facts), facts.table("usage")
    told = u.filter(u.kind == "answer")
    told = told.group_by(told_site="site", told_ref="ref").aggregate(
        answered_us=told.at_us.min(), answered_seq=told.seq.min()
    )
    f = f.left_join(told, [f.site == told.told_site, f.ref == told.told_ref])
    return subjects(
        f,
        subject=f.ref,
        kind="feedback",
        rules=[
            lacking(f.ref.isnull() | (f.ref == ""), "feedback without a number"),
            waiting(f.answered_us.isnull()),
        ],
        value=(f.answered_us - f.at_us).cast("float64") / DAY_US,
        start_us=f.at_us,
        stop_us=f.answered_us.coalesce(f.at_us),
        start_seq=f.seq,
        stop_seq=f.answered_seq,
    )


def _feedback(facts: Facts) -> Table:
    u = facts.table("usage")
    return u.filter(u.kind == "feedback")


def _shifts(facts: Facts) -> Table:
    w = facts.table("labour")
    return w.group_by(["site", "team", "day", "origin"]).aggregate(
        shifts=w.count(),
        end_us=w.end_us.coalesce(w.start_us).max(),
        seq_first=w.seq_first.min(),
        seq_last=w.seq_last.max(),
    )


K34 = register(
    Definition(
        id="K34",
        version=1,
        name="Feedback of users",
        description="Feedback given for each hundred shifts worked.",
        scope="site",
        formula="feedback items / shifts worked × 100",
        unit="per 100 shifts",
        range="0 to infinity",
        trend="context: silence is no approval",
        audience="management, supervision",
        effect_model="trouble with the system, trust that somebody listens",
        notes="Falls when nobody answers: read it with K34answer.",
        owner="Head of production",
        data_sources="facts usage and labour: usage.feedback.given, staff.shift.worked",
        start_event="none",
        stop_event="usage.feedback.given; staff.shift.worked",
        cohort="feedback by its time, shifts by the last one of the day",
        exclusions="none",
        minimum_n=1,
        sensitivity="Feedback by word of mouth is not seen.",
        guard="K34answer; K30 manual workarounds",
        references="ISO 9241-210 §5.4",
        statistic=quotient(100),
        population=_feedback_and_shifts,
        subjects=voiced,
        dimensions=("site", "origin"),
    )
)

K34ANSWER = register(
    replace(
        K34,
        id="K34answer",
        name="Time to the first answer",
        description="How long it takes until who gave feedback hears back.",
        formula="median over feedback items of t(first answer) - t(given)",
        unit="d",
        trend="lower is better",
        notes="What was never answered is open.",
        data_sources="fact usage: usage.feedback.given, usage.feedback.answered",
        start_event="usage.feedback.given",
        stop_event="usage.feedback.answered, the first one",
        cohort="feedback by the time of its first answer",
        exclusions="feedback without a number",
        minimum_n=6,
        sensitivity="An answer that says nothing counts.",
        guard="K34",
        statistic=times("d"),
        population=_items,
        subjects=answered,
    )
)
