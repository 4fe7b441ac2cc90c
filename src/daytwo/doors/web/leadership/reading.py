"""The board in words: its tiles, the one next step, what is open; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daytwo.doors.web import tables, tiles
from daytwo.doors.web.against import against
from daytwo.doors.web.causes import cause
from daytwo.insight.detection.board import Asked, Board, Figure, Waiting, board
from daytwo.insight.kpis import compare
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.standing import Standing, standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.governance.queries import Baseline
    from daytwo.insight.kpis.criticalpath import Wait
    from daytwo.insight.kpis.flow import BatchFlow, Lost

OLDEST = 8
"""Open things shown; the rest is a click away."""


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do next."""

    title: str
    text: str
    href: str
    button: str


@dataclass(frozen=True, slots=True)
class CausedWait:
    """One wait of one batch for the cause that is looked at, cut to the period."""

    flow: BatchFlow
    wait: Wait
    days: float


LOST_COLUMNS: tuple[tables.Column[Lost], ...] = (
    tables.Column("cause", gettext_lazy("Waiting for"), lambda r: cause(r.cause)),
    tables.Column("owner", gettext_lazy("Owner"), lambda r: r.owner),
    tables.Column(
        "days_per_year", gettext_lazy("Days a year"), lambda r: r.days_per_year, number=True
    ),
    tables.Column("share_pct", gettext_lazy("Share, %"), lambda r: 100 * r.share, number=True),
    tables.Column("batches", gettext_lazy("Batches"), lambda r: r.batches, number=True),
)
FIGURE_COLUMNS: tuple[tables.Column[Figure], ...] = (
    tables.Column("id", gettext_lazy("KPI"), lambda f: f.found.definition.id),
    tables.Column("version", gettext_lazy("Version"), lambda f: f.found.definition.version),
    tables.Column("name", gettext_lazy("Name"), lambda f: f.found.definition.name),
    tables.Column("value", gettext_lazy("Value"), lambda f: f.found.value, number=True),
    tables.Column("unit", gettext_lazy("Unit"), lambda f: f.found.definition.unit),
    tables.Column("n", gettext_lazy("n"), lambda f: f.found.n, number=True),
    tables.Column("low", gettext_lazy("95 % from"), lambda f: _end(f, 0), number=True),
    tables.Column("high", gettext_lazy("95 % to"), lambda f: _end(f, 1), number=True),
    tables.Column("p90", gettext_lazy("P90"), lambda f: f.found.p90, number=True),
    tables.Column("open", gettext_lazy("Open"), lambda f: f.found.open, number=True),
    tables.Column("coverage", gettext_lazy("Coverage"), lambda f: f.found.coverage, number=True),
    tables.Column("before", gettext_lazy("Before"), lambda f: f.before.value if f.before else None),
)
OPEN_COLUMNS: tuple[tables.Column[Waiting], ...] = (
    tables.Column("subject", gettext_lazy("Open"), lambda w: w.subject),
    tables.Column("kind", gettext_lazy("Kind"), lambda w: w.kind),
    tables.Column("since", gettext_lazy("Since"), lambda w: at(w.since_us)),
    tables.Column("days", gettext_lazy("Days"), lambda w: w.days, number=True),
)
WAIT_COLUMNS: tuple[tables.Column[CausedWait], ...] = (
    tables.Column("batch", gettext_lazy("Batch"), lambda w: w.flow.batch_id),
    tables.Column("product", gettext_lazy("Product"), lambda w: w.flow.product_code),
    tables.Column("line", gettext_lazy("Line"), lambda w: w.flow.line or None),
    tables.Column("days", gettext_lazy("Days lost"), lambda w: w.days, number=True),
    tables.Column("since", gettext_lazy("From"), lambda w: at(w.wait.since_us)),
    tables.Column("until", gettext_lazy("To"), lambda w: at(w.wait.until_us)),
    tables.Column("owner", gettext_lazy("Waited for"), lambda w: w.wait.owner),
    tables.Column("detail", gettext_lazy("For what"), lambda w: w.wait.detail or None),
)


def home() -> str:
    """Return the page's address."""
    return reverse("web:leadership.leadership")


def read(asked: Filter, *, patience_s: float | None = None) -> Standing[Board]:
    """Return the board that a filter asks for; `patience_s`: seconds to wait for a newer one."""
    return standing(board, asked.asked, patience_s=patience_s)


def six(found: Board, asked: Filter, frozen: Mapping[str, Baseline]) -> list[tiles.Tile]:
    """Return the tiles of a board, each against the baseline that was frozen for it."""
    return [tile(f, asked, frozen.get(f.found.definition.id)) for f in found.figures]


def action(found: Board, asked: Filter) -> Action | None:
    """Return the one next step: the cause that most days are lost to; None when none are."""
    if not found.lost:
        return None
    first = found.lost[0]
    words = {
        "cause": cause(first.cause),
        "days": f"{first.days_per_year:.0f}",
        "share": f"{100 * first.share:.0f}",
        "owner": first.owner,
        "n": first.batches,
    }
    return Action(
        title=_("Fix first: %(cause)s, %(days)s days lost a year") % words,
        text=_(
            "%(share)s %% of the days that finished batches waited for their release are associated"
            " with it, in %(n)s batches. Owner: %(owner)s."
        )
        % words,
        href=lost_href(first, asked),
        button=_("See which batches, and why"),
    )


def lost_href(one: Lost, asked: Filter) -> str:
    """Return where the waits behind a cause are."""
    return asked.href(reverse("web:leadership.lost", kwargs={"cause": one.cause}))


def kpi_href(kpi_id: str, asked: Filter) -> str:
    """Return where a figure is defined, with the same filter."""
    return asked.href(reverse("web:kpis.kpi", kwargs={"kpi_id": kpi_id}))


def waits(found: Board, key: str, asked: Asked) -> list[CausedWait]:
    """Return each wait for a cause within the period, the longest first."""
    since, until = asked.period.since_us, asked.period.until_us
    made = []
    for flow in found.flows:
        for wait in flow.waits:
            start = wait.since_us if since is None else max(wait.since_us, since)
            end = wait.until_us if until is None else min(wait.until_us, until)
            if wait.cause == key and end > start:
                made.append(CausedWait(flow, wait, (end - start) / 86_400_000_000))
    return sorted(made, key=lambda w: (-w.days, w.flow.batch_id))


def tile(figure: Figure, asked: Filter, base: Baseline | None) -> tiles.Tile:
    """Return the tile of one figure: baseline and target come before the period before."""
    found = figure.found
    held = against(found, base)
    deltas = list(held.deltas)
    if figure.before is not None:
        comparison = compare.against_value(found, figure.before)
        name = _("Against %(what)s") % {"what": asked.compare_words}
        deltas.append(tiles.delta(found, comparison, "period", name))
    notes = [
        _("Not narrowed by %(name)s: its subjects do not tell.") % {"name": _NAMES.get(name, name)}
        for name in figure.unheard
    ]
    href = kpi_href(found.definition.id, asked)
    return tiles.tile(found, figure.chart, deltas, href, [*held.notes, *notes])


_NAMES = {
    "site": gettext_lazy("site"),
    "product_code": gettext_lazy("product"),
    "line": gettext_lazy("line"),
}


def _end(figure: Figure, side: int) -> float | None:
    return figure.found.interval[side] if figure.found.interval else None
