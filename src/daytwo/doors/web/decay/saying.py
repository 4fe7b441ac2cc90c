"""What the decay page says in sentences: since when months count, and what decays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daytwo.doors.web.formats import MINUS, NO_BREAK, interval, number, site_zone, written
from daytwo.doors.web.tiles import places
from daytwo.doors.web.tiles import written as quantity
from daytwo.insight.detection.worsening import LEAST
from daytwo.insight.kpis.calendar import at, us

if TYPE_CHECKING:
    from daytwo.insight.detection.decay import Decay, Measure
    from daytwo.insight.kpis.value import KpiValue
    from daytwo.record.ledger.envelope import Recorded


def instant(event: Recorded) -> int:
    """Return when an event happened, microseconds UTC."""
    return us(event.occurred_at)


def day(instant_us: int) -> str:
    """Return a time as its day at the site, as people write it."""
    return str(written(at(instant_us, site_zone().key), "day"))


def origin(found: Decay) -> str:
    """Return since when the months are counted, and how that is known."""
    if found.live is None:
        return _("Go-live is unknown: no batch with steps is on record.")
    said = {"site": found.live.site, "day": day(found.live.at_us), "batch": found.live.batch_id}
    if found.live.seq is not None:
        said["seq"] = str(found.live.seq)
        return _("Site %(site)s went live on %(day)s (event %(seq)s).") % said
    return (
        _(
            "The record does not hold the go-live of site %(site)s. Months are counted from its"
            " first batch with steps on record: %(batch)s, begun on %(day)s."
        )
        % said
    )


def answer(found: Decay) -> str:
    """Return in one sentence what decays, and since when."""
    if not found.measures:
        return _("Unknown: not one whole month has passed.")
    worse = found.decaying
    if not worse:
        if len(found.months) < LEAST:
            said = {"n": len(found.months), "least": LEAST}
            return _("Unknown yet: %(n)s whole months; %(least)s are needed.") % said
        return _("No measure is shown to decay: what moved is within noise.")
    return " ".join(f"{m.of.name}: {verdict(m)}" for m in worse)


def verdict(measure: Measure) -> str:
    """Return what became of one measure, in a sentence."""
    if measure.first is None or measure.last is None or len(measure.months) < LEAST:
        return _("unknown yet: fewer than %(n)s whole months.") % {"n": LEAST}
    if measure.first.value is None or measure.last.value is None:
        return _("unknown: nothing counts in the first quarter or in the last.")
    said = {"first": level(measure.first), "last": level(measure.last)}
    if not measure.decays:
        return _("no decay shown: %(first)s in the first quarter, %(last)s in the last.") % said
    moved = _("decays: %(first)s in the first quarter, %(last)s in the last;") % said
    return f"{moved} {_since(measure)}"


def level(found: KpiValue) -> str:
    """Return a figure with its unit, n and interval."""
    if found.value is None:
        return _("unknown")
    text = quantity(found.value, found.definition.unit)
    within = interval(*found.interval, places(found.value)) if found.interval else _("unknown")
    return _("%(value)s (n %(n)s, 95 %% interval %(interval)s)") % {
        "value": text,
        "n": found.n,
        "interval": within,
    }


def slope(measure: Measure, unit: str = "") -> str | None:
    """Return the move a month with its sign, and the probability of one for the worse.

    Args:
        measure: Of what.
        unit: Written behind the move; in a table its row says it.
    """
    if measure.slope is None or measure.q is None:
        return None
    per, q = measure.slope.per_month, measure.q
    sign = MINUS if per < 0 else "+"
    chance = f"q {number(q, 3)}" if q >= 0.001 else "q < 0.001"  # noqa: PLR2004 - as it is written
    moved = f"{sign}{quantity(abs(per), unit, 2)}"
    return f"{moved} ({chance})".replace(" ", NO_BREAK)


def since(measure: Measure) -> str | None:
    """Return the month from which the level is another for the worse."""
    if measure.change is None:
        return None
    point = measure.chart.points[measure.change.index]
    return _("month %(n)s, from %(day)s") % {"n": point.label, "day": day(point.since_us)}


def _since(measure: Measure) -> str:
    if (when := since(measure)) is not None:
        return _("its level moved in %(when)s.") % {"when": when}
    said = {"slope": slope(measure, _("%(unit)s a month") % {"unit": measure.of.unit})}
    return _("it creeps, %(slope)s, without one change of level.") % said
