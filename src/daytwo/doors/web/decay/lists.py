"""The tables of the decay page: measures, months, and the steps that went another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from daytwo.doors.web.decay import saying
from daytwo.doors.web.formats import interval, number
from daytwo.doors.web.listing import Shown, Table, link, moment, shown_moment, subject_link
from daytwo.doors.web.tiles import places
from daytwo.insight.kpis.compare import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daytwo.insight.detection.decay import Around, Measure, Month
    from daytwo.insight.kpis.cohort import Period
    from daytwo.insight.kpis.value import KpiValue

    To = Callable[[str, Period | None], str]

WAYS = {
    "instead": _("By hand although an interface exists"),
    "override": _("Overridden"),
    "na": _("Not applicable"),
    "late": _("Late entry"),
    "paper": _("On paper"),
}
"""By the names of `detection.decay.WAYS`."""
VERDICTS = {
    Verdict.BETTER: _("better"),
    Verdict.WORSE: _("worse"),
    Verdict.CHANGED: _("changed"),
    Verdict.NOTHING_SHOWN: _("within noise"),
    Verdict.UNKNOWN: _("unknown"),
}


def measures(found: Sequence[Measure], to: To) -> Table:
    """Return the table of first level against last.

    Args:
        found: The measures.
        to: Address of a KPI's page in a period.
    """

    def name(m: Measure) -> Markup:
        text = f"{m.of.name}, {m.of.unit}"
        return Markup('<a href="{}">{}</a>').format(to(m.of.id, None), text)

    columns: tuple[Shown[Any], ...] = (
        Shown("measure", _("Measure"), lambda m: m.of.id, show=name, long=True),
        *_quarter("first", _("First quarter"), lambda m: m.first, to),
        *_quarter("last", _("Last quarter"), lambda m: m.last, to),
        Shown("verdict", _("Last against first"), _verdict, show=_verdict),
        Shown("slope", _("A month"), lambda m: m.slope and m.slope.per_month, show=saying.slope),
        Shown("since", _("Worse since"), saying.since, show=_since),
    )
    return Table(
        "measures",
        _("First quarter after go-live against the last"),
        columns,
        found,
        _("No whole month since go-live is on record."),
    )


def months(found: Sequence[Month], to: To, steps: Callable[[int], str]) -> Table:
    """Return the table of months since go-live.

    Args:
        found: The months.
        to: Address of a KPI's page in a period.
        steps: Address of the steps of a month.
    """

    def around(m: Month) -> Markup | str:
        text = number(m.workarounds)
        return Markup('<a href="{}">{}</a>').format(steps(m.number), text) if m.workarounds else "0"

    def first(m: Month) -> Markup:
        text = saying.day(m.period.since_us or 0)
        return Markup('<a href="{}">{}</a>').format(to("K30", m.period), text)

    def way(name: str) -> Shown[Any]:
        return Shown(name, WAYS[name], lambda m: m.ways[name], number=True)

    columns: tuple[Shown[Any], ...] = (
        Shown("month", _("Month"), lambda m: m.number, number=True),
        Shown("from", _("From (its batches)"), lambda m: moment(m.period.since_us), show=first),
        Shown("steps", _("Steps done"), lambda m: m.steps, number=True),
        Shown("workarounds", _("Another way"), lambda m: m.workarounds, number=True, show=around),
        Shown(
            "share",
            _("Share, %"),
            _share,
            number=True,
        ),
        *(way(name) for name in WAYS),
    )
    return Table(
        "months",
        _("Steps that went another way, by month since go-live"),
        columns,
        found,
        _("No whole month since go-live is on record."),
        120,
    )


def steps(found: Sequence[Around], *, audit: bool) -> Table:
    """Return the table of steps; `audit` says whether the reader may open events."""

    def event(seq: int) -> Any:
        return link("trail.event", seq, seq=seq) if audit else seq

    columns: tuple[Shown[Any], ...] = (
        Shown("step", _("Step"), lambda s: s.step_id, show=lambda s: f"{s.step_id} {s.title}"),
        Shown(
            "batch",
            _("Batch, explained"),
            lambda s: s.batch_id,
            show=lambda s: subject_link("K30", s.batch_id),
        ),
        Shown("ways", _("How"), lambda s: " ".join(s.ways), show=_ways),
        Shown("late", _("Late, min"), lambda s: s.late_min, number=True, show=_late),
        Shown("at", _("Done"), lambda s: moment(s.at_us), show=lambda s: shown_moment(s.at_us)),
        Shown(
            "first",
            _("First event"),
            lambda s: s.seq_first,
            number=True,
            show=lambda s: event(s.seq_first),
        ),
        Shown(
            "last",
            _("Last event"),
            lambda s: s.seq_last,
            number=True,
            show=lambda s: event(s.seq_last),
        ),
    )
    return Table(
        "steps",
        _("Steps, the latest first"),
        columns,
        found,
        _("No step went another way in this month."),
        200,
    )


def _quarter(
    key: str, title: Any, of: Callable[[Measure], KpiValue | None], to: To
) -> tuple[Shown[Any], ...]:
    def value(m: Measure) -> float | None:
        found = of(m)
        return None if found is None else found.value

    def show(m: Measure) -> Markup | None:
        found = of(m)
        if found is None or found.value is None:
            return None
        text = number(found.value, places(found.value))
        return Markup('<a href="{}">{}</a>').format(to(m.of.id, found.period), text)

    def within(m: Measure) -> str | None:
        found = of(m)
        if found is None or found.value is None or found.interval is None:
            return None
        return str(interval(*found.interval, places(found.value)))

    def n(m: Measure) -> int | None:
        found = of(m)
        return None if found is None else found.n

    return (
        Shown(key, title, value, number=True, show=show),
        Shown(f"{key}_interval", _("95 % interval"), within, number=True),
        Shown(f"{key}_n", _("n"), n, number=True),
    )


def _share(m: Month) -> float | None:
    return 100 * m.workarounds / m.steps if m.steps else None


def _verdict(m: Measure) -> str | None:
    if m.comparison is None:
        return None
    return str(VERDICTS[m.comparison.verdict])


def _since(m: Measure) -> str:
    return saying.since(m) or now_("none found")


def _ways(s: Around) -> str:
    return ", ".join(str(WAYS[way]) for way in s.ways)


def _late(s: Around) -> Any:
    return number(s.late_min, 0) if s.late_min is not None else "–"
