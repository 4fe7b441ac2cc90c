"""The tables of the deviation trends: ranking, repeats, open ones, and the rate in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web.formats import day, span_words
from daytwo.doors.web.labels import label
from daytwo.doors.web.listing import (
    Shown,
    Table,
    batch_link,
    moment,
    shown_moment,
    subject_link,
)

if TYPE_CHECKING:
    from daytwo.doors.web.deviation_trends.page import Trends
    from daytwo.insight.detection.control import ControlPoint
    from daytwo.insight.detection.figures import Figure
    from daytwo.insight.kpis.deviations import Ageing, Pair, Ranked

_LATE = {True: _("past its day"), False: _("in time"), None: None}


def tables(found: Trends, by: str, name: str, rate: Figure) -> tuple[Table, ...]:
    """Return the tables of the page.

    Args:
        found: Its readings.
        by: The attribute that is ranked.
        name: Its words.
        rate: The rate with its trend.
    """
    points = rate.chart.points if rate.chart else ()
    return (
        Table("rate", _("The rate in numbers"), _RATE, points, _("No span in this period."), 60),
        Table(
            "pareto",
            now_("By %(name)s") % {"name": name.lower()},
            ranking(by, name),
            found.ranked,
            _("No deviation was put on record in this period."),
        ),
        Table(
            "repeats",
            _("Repeats, each with the last one before it"),
            _PAIRS,
            found.pairs,
            _("No deviation closed in this period repeats an earlier one."),
        ),
        Table("open", _("Open now, the oldest first"), _OPEN, found.open, _("None is open.")),
    )


def value_words(value: str | None) -> str:
    """Return the words for a value of an attribute."""
    if value is None:
        return now_("unknown")
    return label(value) if value.islower() else value


def ranking(by: str, name: str) -> tuple[Shown[Ranked], ...]:
    """Return the columns of a ranking."""
    return (
        Shown(by, name, lambda r: r.value, show=lambda r: value_words(r.value)),
        Shown("n", _("Deviations"), lambda r: r.n, number=True),
        Shown("share", _("Share, %"), lambda r: r.share, number=True),
        Shown("cumulative", _("So far, %"), lambda r: r.cumulative, number=True),
        Shown("before", _("Period before"), lambda r: r.before, number=True),
        Shown("open", _("Open"), lambda r: r.open, number=True),
        Shown(
            "newest", _("Newest"), lambda r: r.deviations[0], show=lambda r: _link(r.deviations[0])
        ),
        Shown("deviations", _("All"), lambda r: " ".join(r.deviations), show=_fold),
    )


def _link(deviation_id: str) -> Any:
    return subject_link("K10", deviation_id)


def _fold(r: Ranked) -> Any:
    from markupsafe import Markup  # noqa: PLC0415 - only for this cell

    links = Markup(" ").join(_link(d) for d in r.deviations)
    summary = now_("show %(n)s") % {"n": r.n}
    return Markup("<details><summary>{}</summary>{}</details>").format(summary, links)


_RATE: tuple[Shown[ControlPoint], ...] = (
    Shown("span", _("Span"), lambda p: p.label, show=lambda p: span_words(p.label)),
    Shown("value", _("Per 100 batches"), lambda p: p.value, number=True),
    Shown("n", _("Batches"), lambda p: p.n, number=True),
    Shown("lower", _("Lower limit"), lambda p: p.lower, number=True),
    Shown("upper", _("Upper limit"), lambda p: p.upper, number=True),
    Shown(
        "flags",
        _("Marked by"),
        lambda p: ", ".join(p.flags) or None,
        show=lambda p: ", ".join(p.flags) or now_("no rule"),
    ),
)

_PAIRS: tuple[Shown[Pair], ...] = (
    Shown(
        "deviation", _("Deviation"), lambda p: p.deviation_id, show=lambda p: _link(p.deviation_id)
    ),
    Shown("repeats", _("Repeats"), lambda p: p.earlier_id, show=lambda p: _link(p.earlier_id)),
    Shown("days", _("Days between"), lambda p: p.days, number=True),
    Shown("place", _("Place"), lambda p: p.place or None),
    Shown("cause", _("Root cause, as recorded"), lambda p: p.cause),
    Shown(
        "closed",
        _("Closed"),
        lambda p: moment(p.closed_us),
        show=lambda p: shown_moment(p.closed_us, "day"),
    ),
)

_OPEN: tuple[Shown[Ageing], ...] = (
    Shown(
        "deviation",
        _("Deviation"),
        lambda a: a.deviation.deviation_id,
        show=lambda a: _link(a.deviation.deviation_id),
    ),
    Shown("days", _("Days"), lambda a: a.days, number=True),
    Shown(
        "due",
        _("Due"),
        lambda a: a.deviation.due_on,
        show=lambda a: day(a.deviation.due_on),
    ),
    Shown("late", _("State"), lambda a: a.late, show=lambda a: _LATE[a.late]),
    Shown("severity", _("Severity"), lambda a: a.deviation.severity),
    Shown("owner", _("Owner"), lambda a: a.deviation.owner),
    Shown(
        "batch",
        _("Batch"),
        lambda a: a.deviation.batch_id,
        show=lambda a: batch_link(a.deviation.batch_id),
    ),
    Shown("title", _("Title"), lambda a: a.deviation.title),
)
