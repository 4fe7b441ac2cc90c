"""The leadership pack: the page's own figures, charts and words, as data for a printed sheet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from daytwo.doors.web import against, tiles
from daytwo.doors.web.baselines.reading import figure as frozen_figure
from daytwo.doors.web.causes import cause
from daytwo.doors.web.charts import control, kpi, render, sparkline
from daytwo.doors.web.formats import NARROW, number, site_zone, span_words, written
from daytwo.doors.web.labels import label
from daytwo.doors.web.leadership import charts, reading
from daytwo.insight.kpis.calendar import at
from daytwo.record.ledger.checkpoint import latest
from daytwo.record.ledger.reading import one_event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.detection.board import Board, Figure
    from daytwo.insight.detection.control import ControlChart
    from daytwo.insight.governance.queries import Baseline
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.standing import Standing

WIDTH, HEIGHT = 560, 185
"""Of a control chart's plot, px: three to a page."""
_FIELDS = (
    "description",
    "formula",
    "start_event",
    "stop_event",
    "exclusions",
    "minimum_n",
    "effective_from",
)


@dataclass(frozen=True, slots=True)
class Printing:
    """Who prints, and when."""

    who: str
    at: datetime

    @property
    def words(self) -> str:
        """The footer of every page."""
        moment = written(self.at.astimezone(site_zone()), "full")
        return _("Printed by %(who)s, %(when)s") % {"who": self.who, "when": moment}


def pack(stood: Standing[Board], asked: Filter, printing: Printing) -> dict[str, Any]:
    """Return everything that the pack says; the figures, words and charts are the page's.

    Args:
        stood: The board and the event that it stands at.
        asked: The filter of the address.
        printing: Who prints, and when.
    """
    board, frozen = stood.value, against.frozen(asked)
    compared = asked.compare_words
    return {
        "title": _("Leadership pack"),
        "site": settings.SITE_NAME,
        "language": (get_language() or "en")[:2],
        "filter": asked.words,
        "against": _("against %(what)s") % {"what": compared} if compared else "",
        "printed": printing.words,
        "words": _words(),
        "tiles": [_tile(f, asked, frozen.get(f.found.definition.id)) for f in board.figures],
        "action": _action(board, asked),
        "charts": [_chart(f, frozen) for f in board.figures],
        "legs": _legs(board),
        "lost_heads": _lost_heads(),
        "lost": _lost(board),
        "coverage_heads": _coverage_heads(),
        "coverage": [_coverage(f) for f in board.figures],
        "definitions": [_definition(f.found.definition) for f in board.figures],
        "provenance": _provenance(stood, asked, printing),
    }


def sentence(trend: ControlChart, span: str) -> str:
    """Return what a trend says: whether it is stable, which spans stand out, when it changed."""
    of = ngettext("%(n)s month", "%(n)s months", trend.known)
    if span == "week":
        of = ngettext("%(n)s week", "%(n)s weeks", trend.known)
    of = of % {"n": trend.known}
    said = []
    if trend.flagged:
        marked = ngettext(
            "Of %(spans)s with a value %(n)s stands out: %(which)s.",
            "Of %(spans)s with a value %(n)s stand out: %(which)s.",
            len(trend.flagged),
        )
        named = ", ".join(span_words(point.label) for point in trend.flagged)
        said.append(marked % {"n": len(trend.flagged), "which": named, "spans": of})
    else:
        said.append(_("Of %(spans)s with a value none stands out.") % {"spans": of})
    for change in trend.changes:
        if math.isnan(change.before + change.after):
            continue
        digits = tiles.places(change.before)
        moved = _("The level changed in %(span)s, from %(before)s to %(after)s.")
        said.append(
            moved
            % {
                "span": span_words(trend.points[change.index].label),
                "before": number(change.before, digits),
                "after": number(change.after, digits),
            }
        )
    if not trend.changes:
        said.append(_("No change of its level is shown."))
    return " ".join(said)


def _words() -> dict[str, str]:
    return {
        "page": _("Page"),
        "of": _("of"),
        "unknown": _("unknown"),
        "nothing": _("Nothing to draw yet: nothing counts in this period."),
        "trends": _("Is it stable, and when did it change?"),
        "lost": _("Where release time goes, and what to fix first"),
        "associated": _(
            "Each instant from the end of manufacture to the decision belongs to exactly one cause."
            " A wait is associated with its cause; whether it is the reason, the people who know"
            " the process must say."
        ),
        "quality": _("What the figures rest on"),
        "definitions": _("Definitions"),
        "provenance": _("Where this comes from"),
    }


def _tile(figure: Figure, asked: Filter, base: Baseline | None) -> dict[str, Any]:
    made = reading.tile(figure, asked, base)
    of = figure.found.definition
    said = base is not None and base.target is not None
    return {
        "id": of.id,
        "name": of.name,
        "value": made.value,
        "unit": made.unit,
        "basis": made.basis,
        "state": made.state,
        "kind": made.kind,
        "deltas": [f"{d.name}: {d.text}" for d in made.deltas if not made.state.startswith(d.name)],
        "notes": list(made.notes),
        "baseline": _("no baseline is frozen") if base is None else _baseline(base),
        "target": "" if said else _("no target is set"),
        "spark": None if made.spark is None else sparkline.on_paper(made.spark),
        "spark_words": made.spark_words,
    }


def _baseline(base: Baseline) -> str:
    words = {
        "figure": frozen_figure(base),
        "since": against.day(base.since),
        "until": against.day(base.until),
        "n": base.kpi_version,
    }
    return _("Baseline %(figure)s, %(since)s to %(until)s, definition version %(n)s") % words


def _action(board: Board, asked: Filter) -> dict[str, str] | None:
    found = reading.action(board, asked)
    return None if found is None else {"title": found.title, "text": found.text}


def _chart(figure: Figure, frozen: Mapping[str, Baseline]) -> dict[str, Any]:
    of, trend = figure.found.definition, figure.chart
    lines = against.lines(of, frozen.get(of.id))
    found = kpi.control(of, trend, figure.span, lines)
    drawn = None
    if found is not None:
        drawn = render.paper_svg(control.spec(found, width=WIDTH, height=HEIGHT))
    return {
        "id": of.id,
        "name": of.name,
        "svg": drawn,
        "words": sentence(trend, figure.span),
        "caption": kpi.told(of, trend)["caption"],
    }


def _legs(board: Board) -> dict[str, Any]:
    found = charts.legs(board)
    if found is None:
        return {"svg": None, "words": "", "caption": ""}
    return {
        "svg": render.paper_svg(charts.legs_spec(found)),
        "words": charts.legs_words(board),
        "caption": charts.legs_caption(),
    }


def _lost_heads() -> list[str]:
    return [
        _("Waiting for"),
        _("Owner"),
        _("Days a year"),
        "",
        _("Share"),
        _("Batches"),
    ]


def _lost(board: Board) -> list[dict[str, Any]]:
    most = max((one.days_per_year for one in board.lost), default=0.0) or 1.0
    return [
        {
            "cause": cause(one.cause),
            "owner": one.owner,
            "days": str(number(one.days_per_year, 0)),
            "share": f"{number(100 * one.share, 0)}{NARROW}%",
            "batches": str(one.batches),
            "part": one.days_per_year / most,
            "first": place == 0,
        }
        for place, one in enumerate(board.lost)
    ]


def _coverage_heads() -> list[str]:
    return [_("KPI"), _("Name"), _("Coverage"), _("Counted"), _("Open"), _("Left out, and why")]


def _coverage(figure: Figure) -> list[str]:
    found = figure.found
    whole = _("unknown")
    if found.coverage is not None:
        whole = f"{number(100 * found.coverage, 0)}{NARROW}%"
    left = [f"{n} {why}" for why, n in found.excluded]
    if found.undated:
        left.append(_("%(n)s without any time") % {"n": found.undated})
    of = found.definition
    return [
        of.id,
        of.name,
        whole,
        str(found.counted),
        str(found.open or 0),
        "; ".join(left) or _("nothing"),
    ]


def _definition(of: Definition) -> dict[str, Any]:
    return {
        "title": f"{of.id} {of.name}",
        "version": _("definition version %(n)s") % {"n": of.version},
        "fields": [[label(name), str(getattr(of, name))] for name in _FIELDS],
    }


def _provenance(
    stood: Standing[Board], asked: Filter, printing: Printing
) -> list[tuple[str, str, bool]]:
    """Return label, words, and whether they are of machines, for all that this rests on."""
    event, checkpoint = one_event(stood.seq), latest()
    zone = site_zone().key
    as_of = written(at(stood.as_of_us, zone), "full")
    rows = [
        (_("Site"), settings.SITE_NAME, False),
        (_("Shown"), asked.words, False),
        (_("Against"), asked.compare_words or _("nothing"), False),
        (_("Figures made"), as_of, False),
        (_("Time zone"), zone, False),
        (_("Ledger up to event"), str(number(stood.seq)), False),
        (_("Chain head, SHA-256"), event.hash if event else _("unknown"), True),
    ]
    if checkpoint is not None:
        rows += [
            (_("Checkpoint"), str(checkpoint.number), False),
            (_("Its root, SHA-256"), str(checkpoint.body["root"]), True),
        ]
    rows.append((_("Printed"), printing.words, False))
    return rows
