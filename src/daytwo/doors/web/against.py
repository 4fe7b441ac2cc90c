"""What a figure is set against that people froze or set: baseline and target, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _

from daytwo.doors.web import tiles
from daytwo.doors.web.charts.control import Line
from daytwo.doors.web.formats import site_zone
from daytwo.insight.governance import queries
from daytwo.insight.kpis.calendar import at, us
from daytwo.insight.kpis.compare import (
    Verdict,
    against_frozen,
    against_number,
    direction,
)
from daytwo.insight.kpis.definition import definition
from daytwo.kernel import clock

if TYPE_CHECKING:
    from daytwo.doors.web.filters import Filter
    from daytwo.insight.governance.queries import Baseline
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.value import KpiValue


@dataclass(frozen=True, slots=True)
class Against:
    """A figure's baseline and target in words.

    Args:
        deltas: What is said of the figure against them.
        notes: What must be said beside, such as that it is measured otherwise now.
        lines: The same as lines of a chart.
    """

    deltas: tuple[tiles.Delta, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


NOTHING = Against()


def frozen(asked: Filter) -> dict[str, Baseline]:
    """Return, by KPI, the baseline of exactly what its figure is narrowed to.

    A KPI whose subjects do not tell the product is not narrowed to one, so its baseline is that of
    all. A line has no baseline of its own.
    """
    found = {}
    for (kpi_id, *of), base in queries.in_force().items():
        tells = definition(kpi_id).dimensions
        where = {name: value for name, value in asked.where.items() if name in tells}
        narrowed = [where.get("site", ""), where.get("product_code", "")]
        if "line" not in where and of == narrowed:
            found[kpi_id] = base
    return found


def against(found: KpiValue, base: Baseline | None) -> Against:
    """Return what is said of a figure against its baseline and target."""
    if base is None:
        return NOTHING
    of = found.definition
    if base.kpi_version != of.version:
        return Against(notes=(_measured_otherwise(of, base),))
    deltas, lines = [], []
    if base.value is not None:
        comparison = against_frozen(found, base.value, base.interval)
        name = _("Against the baseline %(value)s") % {"value": tiles.written(base.value, of.unit)}
        deltas.append(tiles.delta(found, comparison, "baseline", name))
        lines.append(_line(_("baseline %(value)s"), base.value))
    if base.target is not None:
        deltas.append(_target(found, base, base.target))
        lines.append(_line(_("target %(value)s"), base.target))
    return Against(tuple(deltas), (), tuple(lines))


def lines(of: Definition, base: Baseline | None) -> tuple[Line, ...]:
    """Return baseline and target as lines of a chart; none of another version's measure."""
    if base is None or base.kpi_version != of.version:
        return ()
    named = ((_("baseline %(value)s"), base.value), (_("target %(value)s"), base.target))
    return tuple(_line(words, value) for words, value in named if value is not None)


def day(text: str) -> str:
    """Return a day of the record (ISO) in the reader's language."""
    return formats.date_format(date.fromisoformat(text), "j M Y")


def _line(words: str, value: float) -> Line:
    return Line(value, words % {"value": f"{value:.{tiles.places(value)}f}"})


def _target(found: KpiValue, base: Baseline, target: float) -> tiles.Delta:
    """Return where a figure stands against a target: reached, missed after its day, or under way.

    Reached is said only when the whole interval lies on the better side.
    """
    of = found.definition
    comparison = against_number(found, target)
    name = _("Target %(value)s by %(day)s") % {
        "value": tiles.written(target, of.unit),
        "day": day(base.target_on),
    }
    if found.value is None:
        return tiles.Delta("target", name, comparison, _("unknown"), "question", "plain")
    left = tiles.distance(abs(found.value - target), of.unit)
    if (found.value - target) * direction(of) >= 0:
        sure = comparison.verdict is Verdict.BETTER
        text = _("reached, beyond noise") if sure else _("reached, within noise")
        return tiles.Delta("target", name, comparison, text, "check", "plain")
    if _today() > base.target_on:
        text = _("missed by %(left)s") % {"left": left}
        return tiles.Delta("target", name, comparison, text, "attention", "attention")
    return tiles.Delta(
        "target", name, comparison, _("%(left)s to go") % {"left": left}, "clock", "plain"
    )


def _measured_otherwise(of: Definition, base: Baseline) -> str:
    words = {"old": base.kpi_version, "new": of.version}
    return (
        _(
            "The baseline was frozen by version %(old)s of the definition, this figure is by"
            " version %(new)s: a difference would be measurement as well as performance."
        )
        % words
    )


def _today() -> str:
    return at(us(clock.now()), site_zone().key).date().isoformat()
