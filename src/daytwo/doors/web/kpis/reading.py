"""A KPI's sheet in the words of the page: deltas, groups, columns; nothing is computed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daytwo.doors.web import tables, tiles
from daytwo.doors.web.against import against, lines
from daytwo.doors.web.charts import control as control_chart
from daytwo.doors.web.charts import groups, kpi, render
from daytwo.doors.web.formats import unit_sign
from daytwo.doors.web.standings import told
from daytwo.insight.detection.sheet import LISTED, Sheet, sheet
from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.compare import against_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from daytwo.doors.web.filters import Filter
    from daytwo.insight.detection.board import Waiting
    from daytwo.insight.governance.queries import Baseline
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.explain import Subject
    from daytwo.insight.kpis.value import KpiValue

DIMENSION_NAMES = {
    "site": gettext_lazy("Site"),
    "product_code": gettext_lazy("Product"),
    "line": gettext_lazy("Line"),
    "mbr": gettext_lazy("Master record version"),
    "team": gettext_lazy("Team"),
    "origin": gettext_lazy("Origin"),
    "severity": gettext_lazy("Severity"),
    "category": gettext_lazy("Category"),
    "area": gettext_lazy("Area"),
    "equipment_id": gettext_lazy("Equipment"),
    "stage": gettext_lazy("Stage"),
    "test_code": gettext_lazy("Test"),
    "operation": gettext_lazy("Operation"),
    "shift": gettext_lazy("Shift"),
}
"""Words for `subjects.DIMENSIONS`."""


def group_name(found: KpiValue) -> str:
    """Return the name of a group; unknown where the facts do not tell."""
    return " · ".join(value or _("unknown") for value in found.group.values())


SUBJECT_COLUMNS: tuple[tables.Column[Subject], ...] = (
    tables.Column("subject", gettext_lazy("Subject"), lambda o: o.subject),
    tables.Column("value", gettext_lazy("Value"), lambda o: o.number, number=True),
    tables.Column("why", gettext_lazy("Counted"), lambda o: o.why or ("open" if o.open else "yes")),
    tables.Column("at", gettext_lazy("Stop event"), lambda o: o.at or None),
    tables.Column("start", gettext_lazy("Start, event number"), lambda o: o.start_seq, number=True),
    tables.Column("stop", gettext_lazy("Stop, event number"), lambda o: o.stop_seq, number=True),
)
GROUP_COLUMNS: tuple[tables.Column[KpiValue], ...] = (
    tables.Column("group", gettext_lazy("Group"), group_name),
    tables.Column("value", gettext_lazy("Value"), lambda v: v.value, number=True),
    tables.Column("n", gettext_lazy("n"), lambda v: v.n, number=True),
    tables.Column("low", gettext_lazy("95 % from"), lambda v: _end(v, 0), number=True),
    tables.Column("high", gettext_lazy("95 % to"), lambda v: _end(v, 1), number=True),
    tables.Column("p90", gettext_lazy("P90"), lambda v: v.p90, number=True),
    tables.Column("open", gettext_lazy("Open"), lambda v: v.open, number=True),
    tables.Column("coverage", gettext_lazy("Coverage"), lambda v: v.coverage, number=True),
)
OPEN_COLUMNS: tuple[tables.Column[Waiting], ...] = (
    tables.Column("subject", gettext_lazy("Open"), lambda w: w.subject),
    tables.Column("since", gettext_lazy("Since"), lambda w: at(w.since_us)),
    tables.Column("days", gettext_lazy("Days"), lambda w: w.days, number=True),
)


def read(request: HttpRequest, kpi_id: str, version: int | None, asked: Filter, by: str) -> Sheet:
    """Return the sheet that a filter asks for."""
    return told(request, sheet, kpi_id, version, asked.asked, by, LISTED)


def tile(found: Sheet, asked: Filter, base: Baseline | None) -> tiles.Tile:
    """Return the tile of a sheet's figure, against the baseline that was frozen for it."""
    figure = found.figure
    held = against(figure.found, base)
    deltas = list(held.deltas)
    if figure.before is not None:
        comparison = against_value(figure.found, figure.before)
        name = _("Against %(what)s") % {"what": asked.compare_words}
        deltas.append(tiles.delta(figure.found, comparison, "period", name))
    notes = [
        _("Not narrowed by %(name)s: its subjects do not tell.") % {"name": dimension_name(name)}
        for name in figure.unheard
    ]
    if figure.found.survival is not None and figure.found.survival.median is not None:
        median = tiles.written(figure.found.survival.median, figure.found.definition.unit)
        notes.append(_("With the open ones in it (Kaplan-Meier): median %(m)s.") % {"m": median})
    return tiles.tile(figure.found, None, deltas, "", [*held.notes, *notes])


def trend(found: Sheet, base: Baseline | None) -> dict[str, Any]:
    """Return the drawn control chart, its caption and its table."""
    of, chart = found.figure.found.definition, found.figure.chart
    shown = kpi.control(of, chart, found.figure.span, lines(of, base))
    svg = None
    if shown is not None:
        svg = render.inline(control_chart.spec(shown, width=500), kpi.words(of, chart))
    return {"svg": svg, **kpi.told(of, chart)}


def by_group(found: Sheet) -> dict[str, Any]:
    """Return the drawn chart of the groups, its caption and its table."""
    whole = found.figure.found
    of = whole.definition
    shown = [v for v in found.groups if v.value is not None][:20]
    if not shown:
        return {"svg": None, "caption": "", "columns": (), "rows": ()}
    drawn = groups.Groups(
        title=f"{of.name}, {unit_sign(of.unit)}",
        groups=tuple(
            groups.Group(
                group_name(v),
                v.value or 0.0,
                _end(v, 0),
                _end(v, 1),
                f"{tiles.written(v.value or 0.0, '')} (n {v.n})",
            )
            for v in shown
        ),
        whole=whole.value,
        whole_text=_("all together"),
    )
    words = _("%(name)s of %(n)s groups with their intervals.") % {"name": of.name, "n": len(shown)}
    return {
        "svg": render.inline(groups.spec(drawn), words),
        "caption": _("A dot with its 95 % interval; where intervals overlap, no order is shown."),
        "columns": (_("Group"), f"{_('Value')}, {unit_sign(of.unit)}", "n", _("95 % interval")),
        "rows": [(group_name(v), tiles.written(v.value or 0.0, ""), v.n, _span(v)) for v in shown],
    }


def part_places(subjects: Sequence[Subject]) -> int:
    """Return the digits of numerators and denominators: none where all are whole numbers."""
    parts = (part for one in subjects for part in (one.numerator, one.denominator))
    return 0 if all(part is None or part == int(part) for part in parts) else 1


def dimension_name(name: str) -> str:
    """Return what a dimension is called."""
    return str(DIMENSION_NAMES.get(name, name))


_SHOWN_FIELDS = (
    "description",
    "scope",
    "formula",
    "unit",
    "range",
    "trend",
    "timing",
    "audience",
    "production_methodology",
    "effect_model",
    "start_event",
    "stop_event",
    "calendar",
    "cohort",
    "exclusions",
    "minimum_n",
    "sensitivity",
    "guard",
    "notes",
    "owner",
    "effective_from",
    "data_sources",
    "references",
)


def fields(of: Definition) -> list[tuple[str, Any]]:
    """Return every field of a definition that is for people."""
    return [(name, getattr(of, name)) for name in _SHOWN_FIELDS]


def _end(found: KpiValue, side: int) -> float | None:
    return found.interval[side] if found.interval else None


def _span(found: KpiValue) -> str:
    if found.interval is None:
        return _("unknown")
    return "–".join(tiles.written(end, "") for end in found.interval)
