"""From a figure down to the ledger: its subjects with their reasons, then the events, hash by hash.

An explanation that does not add up is none: the subjects listed are counted and the figure is made
again from them, by another way than the engine's.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.cohort import Question
from daytwo.insight.kpis.evaluate import evaluate, subject_table
from daytwo.insight.kpis.measures import Kind, multiplied
from daytwo.insight.kpis.shifts import with_shift
from daytwo.insight.kpis.statistics import median
from daytwo.insight.kpis.subjects import COUNTED, DIMENSIONS, EXCLUDED, OPEN, SHIFT
from daytwo.kernel.errors import Fault, Unknown
from daytwo.record.ledger.reading import numbered, stream_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ibis.expr.types import Table

    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue
    from daytwo.record.ledger.envelope import Recorded

_COLUMNS = (
    "subject",
    "kind",
    "state",
    "why",
    "missing",
    "value",
    "numerator",
    "denominator",
    "start_us",
    "stop_us",
    "start_seq",
    "stop_seq",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of a figure: counted, still open, or left out with the reason.

    Attributes:
        subject: Its name, such as the batch.
        kind: What it is, such as `batch`.
        state: `counted`, `open`, `excluded` or `undated`.
        why: Reason of the exclusion; empty when counted or open.
        missing: Left out because the record lacks something.
        value: In the KPI's unit, of a median; None when not counted.
        numerator: What it adds to a share, rate or ratio; None likewise.
        denominator: Likewise.
        start_us: Start of the clock, microseconds UTC.
        stop_us: The time by which it belongs to a period.
        start_seq: The ledger's number of the first event behind it.
        stop_seq: Likewise of the last.
        dimensions: By what it can be told apart.
    """

    subject: str
    kind: str
    state: str
    why: str
    missing: bool
    value: float | None
    numerator: float | None
    denominator: float | None
    start_us: int | None
    stop_us: int | None
    start_seq: int | None
    stop_seq: int | None
    dimensions: Mapping[str, str | None]

    @property
    def counted(self) -> bool:
        """Whether it counts."""
        return self.state == COUNTED

    @property
    def open(self) -> bool:
        """Whether its stop event has not come."""
        return self.state == OPEN

    @property
    def number(self) -> float | None:
        """What it brings in: its value, or its part of the numerator."""
        return self.numerator if self.value is None else self.value

    @property
    def at(self) -> str:
        """When it stopped, ISO, UTC; empty while it has not."""
        return at(self.stop_us).isoformat() if self.stop_us is not None else ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with every subject behind it.

    Attributes:
        value: The figure.
        subjects: Counted ones first, the latest first.
        complete: Whether all are listed; else only so many as were asked for.
    """

    value: KpiValue
    subjects: tuple[Subject, ...]
    complete: bool


def explain(
    of: Definition, facts: Facts, question: Question | None = None, limit: int = 100_000
) -> Explanation:
    """Return a figure and the subjects behind it.

    Raises:
        Fault: The subjects do not add up to the figure.
    """
    asked = Question() if question is None else Question(question.period, question.where)
    found = evaluate(of, facts, asked)
    listed = _subjects(of, facts, asked, limit)
    told = found.subjects + found.undated
    complete = told <= limit
    if complete:
        _check(found, listed)
    elif len(listed) != limit:
        raise _fault(of, f"{len(listed)} of {told} subjects are listed")
    return Explanation(found, tuple(listed), complete)


def one(of: Definition, facts: Facts, subject: str) -> list[Subject]:
    """Return what a KPI says of one subject; two where it counts on both sides of a rate.

    Raises:
        Unknown: The KPI knows no such subject.
    """
    table = of.subjects(facts)
    found = facts.engine.rows(_columns(of, facts, table.filter(table.subject == subject)))
    if not found:
        raise Unknown("kpi.subject_unknown", f"{of.id} knows no {subject!r}.")
    return [_subject(of, row) for row in found]


def events_behind(subjects: Sequence[Subject]) -> dict[int, dict[str, Any]]:
    """Return the first and the last event of each subject, by number.

    Raises:
        Fault: A subject counts, and the ledger has no such event.
    """
    seqs = {seq for s in subjects for seq in (s.start_seq, s.stop_seq) if seq is not None}
    found = numbered(sorted(seqs))
    for s in subjects:
        if s.counted and (s.stop_seq not in found or s.start_seq not in found):
            raise Fault("kpi.unexplained", f"{s.subject} counts, and its events are not there.")
    return {seq: event_json(event) for seq, event in found.items()}


def history(subject: Subject) -> list[dict[str, Any]]:
    """Return every event of the streams that a subject's first and last event belong to."""
    ends = numbered([seq for seq in (subject.start_seq, subject.stop_seq) if seq is not None])
    streams = dict.fromkeys(ends[seq].stream for seq in sorted(ends))
    found = [event for stream in streams for event in stream_events(stream)]
    return [event_json(event) for event in sorted(found, key=lambda event: event.seq)]


def event_json(event: Recorded) -> dict[str, Any]:
    """Return an event as an explanation shows it: where it stands, its hash, its source row."""
    return {
        "seq": event.seq,
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "occurred_at": event.occurred_text,
        "actor": event.actor.name,
        "hash": event.hash,
        "origin": event.origin,
    }


def as_rows(of: Definition, subjects: Sequence[Subject]) -> list[dict[str, Any]]:
    """Return subjects for programs, each with the events behind it."""
    events = events_behind(subjects)
    return [
        {
            "subject": s.subject,
            "kind": s.kind,
            "value": s.value,
            "numerator": s.numerator,
            "denominator": s.denominator,
            "unit": of.unit,
            "why_not": s.why,
            "open": s.open,
            "start": events.get(s.start_seq or 0),
            "stop": events.get(s.stop_seq or 0),
        }
        for s in subjects
    ]


def _subjects(of: Definition, facts: Facts, question: Question, limit: int) -> list[Subject]:
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    table = _columns(of, facts, subject_table(of, facts, question))
    first = ibis.cases((table.state == COUNTED, 0), (table.state == OPEN, 1), else_=2)
    when = table.stop_us.coalesce(table.start_us, ibis.literal(0, "int64"))
    ordered = table.order_by([first, when.desc(), table.subject, table.kind]).limit(limit)
    return [_subject(of, row) for row in facts.engine.rows(ordered)]


def _columns(of: Definition, facts: Facts, table: Table) -> Table:
    if SHIFT in of.dimensions:
        table = with_shift(table, facts.zone, facts.shifts)
    return table.select(*_COLUMNS, *(name for name in DIMENSIONS if name in of.dimensions))


def _subject(of: Definition, row: Mapping[str, Any]) -> Subject:
    return Subject(
        **{name: row[name] for name in _COLUMNS},
        dimensions={name: row[name] for name in of.dimensions},
    )


def _check(value: KpiValue, listed: Sequence[Subject]) -> None:
    """Make the figure again from its subjects, and compare."""
    of = value.definition
    states = Counter(s.state for s in listed)
    reasons = Counter(s.why for s in listed if s.state == EXCLUDED)
    if (states[COUNTED], states[OPEN]) != (value.counted, value.open) or reasons != Counter(
        dict(value.excluded)
    ):
        raise _fault(of, "the subjects are others than those of the figure")
    again = _again(of, (s for s in listed if s.counted))
    if value.withheld:
        return
    if (again is None) != (value.value is None) or (
        again is not None and value.value is not None and not math.isclose(again, value.value)
    ):
        raise _fault(of, f"its subjects give {again}, not {value.value}")


def _again(of: Definition, counted: Iterable[Subject]) -> float | None:
    taken = list(counted)
    if of.statistic.kind is Kind.MEDIAN:
        return median([s.value for s in taken if s.value is not None])
    if of.statistic.factors:
        sums: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        for s in taken:
            y, x = sums[s.kind]
            sums[s.kind] = (y + (s.numerator or 0), x + (s.denominator or 0))
        return multiplied(of.statistic, sums)
    above = math.fsum(s.numerator or 0 for s in taken)
    below = math.fsum(s.denominator or 0 for s in taken)
    return of.statistic.scale * above / below if below > 0 else None


def _fault(of: Definition, why: str) -> Fault:
    return Fault("kpi.does_not_add_up", f"{of.id}: the parts do not add up to the whole: {why}.")
