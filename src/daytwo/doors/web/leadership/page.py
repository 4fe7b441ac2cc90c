"""Leadership: what a site head opens on Monday."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import against, answers, downloads, filters, standings, tables, visitors
from daytwo.doors.web.causes import cause as named
from daytwo.doors.web.charts import control as control_chart
from daytwo.doors.web.charts import kpi, render
from daytwo.doors.web.formats import site_zone
from daytwo.doors.web.leadership import charts, pack, printing, reading
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.insight.detection.board import board as make_board
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.criticalpath import OWNERS
from daytwo.insight.kpis.standing import whole
from daytwo.kernel import clock
from daytwo.kernel.errors import Unknown
from daytwo.record.access.enums import Permission

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from django.http import HttpRequest
    from markupsafe import Markup

    from daytwo.insight.detection.board import Board
    from daytwo.insight.governance.queries import Baseline
    from daytwo.insight.kpis.standing import Standing

LEGS = "legs"
PAGE = Page("leadership/", _("Leadership"), Permission.KPI_READ, Nav(Group.PERFORMANCE, 0))


@PAGE.route()
def leadership(request: HttpRequest) -> HttpResponse:
    """Show six figures, what to fix first, and what is open."""
    asked = filters.of(request)
    stood = standings.answered(request, make_board, asked.asked)
    board = stood.value
    taken = (
        downloads.answer(request, "leadership", reading.FIGURE_COLUMNS, board.figures)
        or downloads.answer(request, "days-lost", reading.LOST_COLUMNS, board.lost, "lost")
        or downloads.answer(request, "open", reading.OPEN_COLUMNS, board.waiting, "open")
    )
    frozen = against.frozen(asked)
    context = {"asked": asked, "figures": board.figures, "shown": shown(asked, stood, frozen)}
    return taken or answers.page(request, "leadership/leadership.html", context | _choices())


@PAGE.route("live/")
def live(request: HttpRequest) -> HttpResponse:
    """Answer the page's own question whether anything moved: with the board, or with nothing."""
    asked = filters.of(request)
    stood = reading.read(asked, patience_s=0)
    if request.GET.get("seen") == _stamp(stood):
        return HttpResponse(status=204)
    frozen = against.frozen(asked)
    answer = HttpResponse(shown(asked, stood, frozen))
    had = request.GET.get("drawn", "").split(".")
    moved = [which for which, mark in _marks(asked, stood, frozen).items() if mark not in had]
    if moved:
        answer.headers["HX-Trigger-After-Swap"] = ", ".join(f"moved-{which}" for which in moved)
    return answer


@PAGE.route("pack.pdf")
def printed(request: HttpRequest) -> HttpResponse:
    """Print what the page shows as a PDF to hand round or keep."""
    asked, at_ = filters.of(request), clock.now()
    visitor = visitors.present(request)
    made = pack.pack(whole(make_board, asked.asked), asked, pack.Printing(visitor.name, at_))
    name = f"leadership-{at_.astimezone(site_zone()):%Y-%m-%d}.pdf"
    return HttpResponse(
        printing.pdf(made, at_),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@PAGE.route("charts/<key:which>/")
def chart(request: HttpRequest, which: str) -> HttpResponse:
    """Draw one chart of the board; the page asks for it when it can already be used."""
    asked = filters.of(request)
    return HttpResponse(
        drawn(asked, reading.read(asked, patience_s=0), against.frozen(asked), which)
    )


@PAGE.route("lost/<key:cause>/")
def lost(request: HttpRequest, cause: str) -> HttpResponse:
    """Show each wait of each batch for one cause: which, from when to when, for what."""
    if cause not in OWNERS:
        raise Unknown("flow.cause_unknown", f"There is no cause {cause}.")
    asked = filters.of(request)
    board = standings.told(request, make_board, asked.asked)
    rows = reading.waits(board, cause, asked.asked)
    columns = reading.WAIT_COLUMNS
    view = tables.view(request, columns, rows, sort="-days")
    context = {
        "asked": asked,
        "cause": cause,
        "one": next((one for one in board.lost if one.cause == cause), None),
        "view": view,
        "links": downloads.links(request),
        **_choices(),
    }
    return downloads.answer(request, f"waits-{cause}", columns, view.rows) or answers.page(
        request, "leadership/lost.html", context
    )


def shown(asked: filters.Filter, stood: Standing[Board], frozen: Mapping[str, Baseline]) -> Markup:
    """Return the part of the page that moves with the ledger, made once for all its readers."""

    def made() -> Markup:
        return answers.part("leadership/board.html", _context(asked, stood, frozen))

    return stood.once(("board", stood.fresh, *_seen(asked, frozen)), made)


def drawn(
    asked: filters.Filter, stood: Standing[Board], frozen: Mapping[str, Baseline], which: str
) -> Markup:
    """Return a chart of the board with its words and its table, made once for all its readers.

    Raises:
        Unknown: The board has no such chart.
    """

    def made() -> Markup:
        return answers.part("leadership/chart.html", {"drawn": _draw(stood.value, which, frozen)})

    return stood.once((which, *_seen(asked, frozen)), made)


def _seen(asked: filters.Filter, frozen: Mapping[str, Baseline]) -> tuple[Hashable, ...]:
    """Return all that what is shown of a board depends on besides the board."""
    return asked, tuple(frozen.values()), get_language()


def _context(
    asked: filters.Filter, stood: Standing[Board], frozen: Mapping[str, Baseline]
) -> dict[str, Any]:
    board = stood.value
    return {
        "asked": asked,
        "unfrozen": [
            f.found.definition for f in board.figures if f.found.definition.id not in frozen
        ],
        "stood": standings.of(stood),
        "stamp": _stamp(stood),
        "drawn": ".".join(_marks(asked, stood, frozen).values()),
        "board": board,
        "tiles": reading.six(board, asked, frozen),
        "action": reading.action(board, asked),
        "lost": [(one, reading.lost_href(one, asked)) for one in board.lost],
        "waiting": board.waiting[: reading.OLDEST],
        "since": {w.subject: at(w.since_us) for w in board.waiting[: reading.OLDEST]},
        "links": {name: _links(asked, name) for name in ("", "lost", "open")},
        "named": named,
    }


def _choices() -> dict[str, Any]:
    return {"periods": filters.PERIODS, "compares": filters.COMPARES}


def _links(asked: filters.Filter, table: str) -> downloads.Links:
    return downloads.at(reading.home(), asked.query(), table)


def _stamp(stood: Standing[Board]) -> str:
    return f"{stood.seq}-{stood.as_of_us}"


def _marks(
    asked: filters.Filter, stood: Standing[Board], frozen: Mapping[str, Baseline]
) -> dict[str, str]:
    """Return for each chart a mark that is another one when it would be drawn otherwise."""

    def made() -> dict[str, str]:
        shown: dict[str, object] = {LEGS: charts.legs(stood.value)}
        for figure in stood.value.figures:
            of = figure.found.definition
            lines = against.lines(of, frozen.get(of.id))
            shown[of.id] = kpi.control(of, figure.chart, figure.span, lines)
        return {which: sha256(repr(what).encode()).hexdigest()[:8] for which, what in shown.items()}

    return stood.once(("marks", *_seen(asked, frozen)), made)


def _draw(board: Board, which: str, frozen: Mapping[str, Baseline]) -> dict[str, Any]:
    """Return a chart of the board with its words: `LEGS`, or that of a KPI by its id.

    Raises:
        Unknown: The board has no such chart.
    """
    return _legs(board) if which == LEGS else _control(board, which, frozen)


def _legs(board: Board) -> dict[str, Any]:
    """Return the mean release as one bar of its legs."""
    found = charts.legs(board)
    if found is None:
        return {"svg": None, "caption": "", "columns": (), "rows": ()}
    return {
        "svg": render.inline(charts.legs_spec(found), charts.legs_words(board)),
        "caption": charts.legs_caption(),
        "columns": (now_("Waiting for"), now_("Days")),
        "rows": [(name, f"{days:.2f}") for name, days in charts.parts(board)],
    }


def _control(board: Board, kpi_id: str, frozen: Mapping[str, Baseline]) -> dict[str, Any]:
    figure = next((f for f in board.figures if f.found.definition.id == kpi_id), None)
    if figure is None:
        raise Unknown("kpi.unknown", f"There is no figure {kpi_id} on this page.")
    of, trend = figure.found.definition, figure.chart
    found = kpi.control(of, trend, figure.span, against.lines(of, frozen.get(of.id)))
    svg: Markup | None = None
    if found is not None:
        svg = render.inline(control_chart.spec(found, width=360, height=190), kpi.words(of, trend))
    return {"svg": svg, **kpi.told(of, trend)}
