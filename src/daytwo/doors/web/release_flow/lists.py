"""The tables of the release flow: days by cause, slowest batches, batches under way, one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from daytwo.doors.web.causes import cause
from daytwo.doors.web.formats import NARROW, number, span_words
from daytwo.doors.web.labels import label
from daytwo.doors.web.listing import Shown, Table, link, moment, shown_moment

if TYPE_CHECKING:
    from daytwo.insight.kpis.criticalpath import Wait
    from daytwo.insight.kpis.flow import BatchFlow, Lost
    from daytwo.insight.kpis.flowtables import FlowTables, Passed, Spent, Underway

EVENTS = {
    "ended": _("End of manufacture"),
    "complete": _("Record complete"),
    "submitted": _("Submitted for review"),
    "review_opened": _("Review opened"),
    "review_closed": _("Review closed"),
    "returned": _("Returned"),
    "reviewed": _("Record reviewed"),
    "decided": _("Decided"),
    "held": _("Put on hold"),
    "resumed": _("Hold ended"),
    "lab_final": _("Last result final"),
    "deviation_detected": _("Deviation detected"),
    "deviation_recorded": _("Deviation recorded"),
    "deviation_assigned": _("Investigator assigned"),
    "deviation_cause": _("Root cause approved"),
    "deviation_closed": _("Deviation closed"),
}


def tables(found: FlowTables) -> tuple[Table, ...]:
    """Return the tables of the period."""
    return (
        Table(
            "lost",
            _("Days per year lost to …"),
            _lost(found),
            found.lost,
            _("No batch waited in this period."),
        ),
        Table(
            "spent",
            _("Days by cause and span"),
            _spent(found),
            found.spent,
            _("No batch waited in this period."),
            120,
        ),
        Table(
            "slowest",
            _("Slowest batches decided in the period"),
            _SLOWEST,
            found.decided,
            _("No batch was decided in this period."),
            15,
        ),
        Table(
            "open",
            _("Not decided yet, the oldest first"),
            _UNDERWAY,
            found.underway,
            _("Every batch that ended is decided."),
        ),
    )


def way_tables(flow: BatchFlow, passed: list[Passed], *, audit: bool) -> tuple[Table, ...]:
    """Return the tables of one batch: its waits, and the events of its way.

    Args:
        flow: Its flow.
        passed: Its events.
        audit: Whether the reader may open them in the trail.
    """
    events: tuple[Shown[Passed], ...] = (
        Shown("at", _("When"), lambda p: moment(p.at_us), show=lambda p: shown_moment(p.at_us)),
        Shown("what", _("What"), lambda p: p.what, show=lambda p: EVENTS.get(p.what, p.what)),
        Shown("of", _("Of"), lambda p: p.subject or None, show=_of),
        Shown(
            "event",
            _("Event number"),
            lambda p: p.seq,
            number=True,
            show=lambda p: _event(p.seq, audit=audit),
        ),
    )
    return (
        Table("waits", _("What it waited for"), _WAITS, flow.waits, _("It did not wait.")),
        Table("events", _("Events on its way"), events, passed, _("No event is on record."), 200),
    )


def _of(p: Passed) -> Any:
    if p.what.startswith("deviation_"):
        return link("kpis.explain", p.subject, kpi_id="K10", subject=p.subject)
    return label(p.subject) if p.subject else now_("the batch")


def _event(seq: int | None, *, audit: bool) -> Any:
    if seq is None or not audit:
        return seq
    return Markup('<a href="{}">{}</a>').format(
        reverse("web:trail.event", kwargs={"seq": seq}), seq
    )


def _batch(flow: BatchFlow) -> Markup:
    return link("release_flow.way", flow.batch_id, batch_id=flow.batch_id)


def _lost(found: FlowTables) -> tuple[Shown[Lost], ...]:
    before = found.before
    years = {key: one.days_per_year for key, one in before.items()}
    return (
        Shown("cause", _("Waiting for"), lambda o: o.cause, show=lambda o: cause(o.cause)),
        Shown("owner", _("Owner"), lambda o: o.owner, show=lambda o: label(o.owner)),
        Shown(
            "days_per_year",
            _("Days per year"),
            lambda o: o.days_per_year,
            number=True,
            show=lambda o: number(o.days_per_year, 0),
        ),
        Shown(
            "before",
            _("Period before, days per year"),
            lambda o: years.get(o.cause),
            number=True,
            show=lambda o: number(years[o.cause], 0) if o.cause in years else None,
        ),
        Shown("share", _("Share, %"), lambda o: 100 * o.share, number=True),
        Shown("days", _("Days in the period"), lambda o: o.days, number=True),
        Shown("batches", _("Batches"), lambda o: o.batches, number=True),
        Shown(
            "owners",
            _("By whom it was waited for"),
            lambda o: ", ".join(
                f"{label(k)} {v:.1f}{NARROW}d" for k, v in sorted(o.owners.items())
            ),
        ),
    )


def _owners(lost: Lost) -> str:
    owners = sorted(lost.owners.items())
    return ", ".join(f"{label(name)} {days:.1f}{NARROW}d" for name, days in owners)


def _spent(found: FlowTables) -> tuple[Shown[Spent], ...]:
    def of(key: str) -> Shown[Spent]:
        return Shown(key, cause(key), lambda s: dict(s.days).get(key, 0.0), number=True)

    return (
        Shown("span", _("Span"), lambda s: s.span, show=lambda s: span_words(s.span)),
        *(of(one.cause) for one in found.lost),
        Shown("all", _("All"), lambda s: sum(days for _, days in s.days), number=True),
    )


def _legs(flow: BatchFlow) -> str:
    legs = sorted(flow.legs.items(), key=lambda leg: -leg[1])
    return ", ".join(f"{cause(key)} {hours / 24:.1f}{NARROW}d" for key, hours in legs)


_SLOWEST: tuple[Shown[BatchFlow], ...] = (
    Shown("batch", _("Batch"), lambda f: f.batch_id, show=_batch),
    Shown("days", _("Days"), lambda f: f.hours / 24, number=True),
    Shown("product", _("Product"), lambda f: f.product_code or None),
    Shown("line", _("Line"), lambda f: f.line or None),
    Shown(
        "decision", _("Decision"), lambda f: f.decision or None, show=lambda f: label(f.decision)
    ),
    Shown(
        "decided",
        _("Decided"),
        lambda f: moment(f.decided_us),
        show=lambda f: shown_moment(f.decided_us, "day"),
    ),
    Shown("legs", _("Of these"), _legs),
)

_UNDERWAY: tuple[Shown[Underway], ...] = (
    Shown("batch", _("Batch"), lambda u: u.flow.batch_id, show=lambda u: _batch(u.flow)),
    Shown("days", _("Days"), lambda u: u.days, number=True),
    Shown("product", _("Product"), lambda u: u.flow.product_code or None),
    Shown("waits", _("Waits now for"), lambda u: u.cause, show=lambda u: cause(u.cause)),
    Shown("owner", _("Owner"), lambda u: u.owner, show=lambda u: label(u.owner)),
    Shown("detail", _("In particular"), lambda u: u.detail),
    Shown("legs", _("So far"), lambda u: _legs(u.flow)),
)

_WAITS: tuple[Shown[Wait], ...] = (
    Shown("cause", _("Waiting for"), lambda w: w.cause, show=lambda w: cause(w.cause)),
    Shown("detail", _("In particular"), lambda w: w.detail),
    Shown("owner", _("Owner"), lambda w: w.owner, show=lambda w: label(w.owner)),
    Shown(
        "since", _("From"), lambda w: moment(w.since_us), show=lambda w: shown_moment(w.since_us)
    ),
    Shown("until", _("To"), lambda w: moment(w.until_us), show=lambda w: shown_moment(w.until_us)),
    Shown(
        "days",
        _("Days"),
        lambda w: w.hours / 24,
        number=True,
        show=lambda w: number(w.hours / 24, 2),
    ),
)
