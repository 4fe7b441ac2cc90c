"""The tables of productivity: teams, touch time by operation, batches by direct work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web.formats import MINUS, interval, number
from daytwo.doors.web.listing import Shown, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.kpis.productivity import Direct, OperationTouch, Team


def tables(
    teams: Sequence[Team], operations: Sequence[OperationTouch], direct: Sequence[Direct]
) -> tuple[Table, ...]:
    """Return the tables of the page."""
    names = sorted({team for o in operations for team in o.teams})
    return (
        Table(
            "teams",
            _("Work on steps against attendance"),
            _TEAMS,
            teams,
            _("No shift is on record in this period."),
        ),
        Table(
            "touch",
            _("Minutes a step, by operation"),
            _touch(names),
            operations,
            _("No step was done in this period."),
            100,
        ),
        Table(
            "direct",
            _("Batches by direct work"),
            _DIRECT,
            direct,
            _("No batch was made in this period."),
        ),
    )


_TEAMS: tuple[Shown[Team], ...] = (
    Shown("team", _("Team"), lambda t: t.team),
    Shown(
        "efficiency",
        _("Work / attendance, %"),
        lambda t: t.found.value,
        number=True,
        show=lambda t: number(t.found.value, 1) if t.shown else now_("withheld"),
    ),
    Shown(
        "work",
        _("Hours of work on steps"),
        lambda t: t.found.numerator,
        number=True,
        show=lambda t: number(t.found.numerator, 0) if t.shown else now_("withheld"),
    ),
    Shown(
        "attended",
        _("Hours attended"),
        lambda t: t.found.denominator,
        number=True,
        show=lambda t: number(t.found.denominator, 0) if t.shown else now_("withheld"),
    ),
    Shown(
        "coverage",
        _("Coverage, %"),
        lambda t: None if t.found.coverage is None or not t.shown else 100 * t.found.coverage,
        number=True,
    ),
)


def _touch(names: Sequence[str]) -> tuple[Shown[OperationTouch], ...]:
    def of(team: str) -> Shown[OperationTouch]:
        def value(o: OperationTouch) -> float | None:
            found = o.teams.get(team)
            return found.value if found else None

        def show(o: OperationTouch) -> Any:
            away = o.against_plant(team)
            found = value(o)
            if away is None or found is None:
                return now_("withheld") if o.withheld else None
            sign = MINUS if away < 0 else "+"
            return f"{number(found, 1)} ({sign}{number(abs(away), 1)})"

        title = now_("Team %(name)s (against the plant)") % {"name": team}
        return Shown(f"team_{team}", title, value, number=True, show=show)

    return (
        Shown("operation", _("Operation"), lambda o: o.operation),
        Shown(
            "plant",
            _("Plant, median min"),
            lambda o: o.plant.value,
            number=True,
            show=lambda o: number(o.plant.value, 1) if not o.plant.withheld else now_("withheld"),
        ),
        Shown(
            "interval",
            _("95 % interval"),
            lambda o: str(interval(*o.plant.interval)) if o.plant.interval else None,
            number=True,
        ),
        Shown("p90", _("P90"), lambda o: o.plant.p90, number=True),
        Shown("n", _("Steps"), lambda o: o.plant.n, number=True),
        *(of(team) for team in names),
    )


_DIRECT: tuple[Shown[Direct], ...] = (
    Shown(
        "product",
        _("Product"),
        lambda d: d.product_code,
        show=lambda d: d.product_code or now_("all together"),
    ),
    Shown(
        "per_100_h",
        _("Batches per 100 direct hours"),
        lambda d: d.per_100_h,
        number=True,
        show=lambda d: number(d.per_100_h, 2),
    ),
    Shown(
        "interval",
        _("95 % interval"),
        lambda d: str(interval(*d.interval, 2)) if d.interval else None,
        number=True,
    ),
    Shown("batches", _("Batches"), lambda d: d.batches, number=True),
    Shown(
        "hours",
        _("Direct hours"),
        lambda d: d.hours,
        number=True,
        show=lambda d: number(d.hours, 0),
    ),
    Shown("without", _("Batches without touch time"), lambda d: d.without, number=True),
)
