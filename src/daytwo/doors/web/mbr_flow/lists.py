"""The tables of the change flow: legs with median and P90, open changes, finished ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web.formats import interval, number
from daytwo.doors.web.listing import Shown, Table, link, moment, shown_moment, subject_link
from daytwo.insight.kpis.definitions.k26 import LEGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.detection.figures import Figure
    from daytwo.insight.kpis.changes import Change

LEG_NAMES = {
    "K26wait": _("Wait for an author"),
    "K26author": _("Authoring"),
    "K26review": _("Review rounds"),
    "K26validation": _("Validation"),
    "K26training": _("Training"),
    "K26rollout": _("Roll-out"),
    "K26use": _("Effective to first use"),
    "K26": _("Whole change, request to first use"),
}


def tables(
    legs: Sequence[Figure], open_: Sequence[Change], done: Sequence[Change]
) -> tuple[Table, ...]:
    """Return the tables of the page.

    Args:
        legs: Figures of the legs and of the whole.
        open_: Changes that somebody waits for.
        done: Changes first used in the period.
    """
    return (
        Table("legs", _("Legs of a change"), _LEGS, legs, _("No change on record.")),
        Table("open", _("Open changes, the oldest first"), _OPEN, open_, _("No change is open.")),
        Table(
            "done",
            _("Changes first used in the period, the slowest first"),
            _DONE,
            done,
            _("No change was first used in this period."),
        ),
    )


def leg_words(kpi_id: str) -> str:
    """Return the words for a leg."""
    return str(LEG_NAMES[kpi_id])


_LEGS: tuple[Shown[Figure], ...] = (
    Shown(
        "leg",
        _("Leg"),
        lambda f: f.found.definition.id,
        show=lambda f: link(
            "kpis.kpi", leg_words(f.found.definition.id), kpi_id=f.found.definition.id
        ),
    ),
    Shown("median", _("Median, d"), lambda f: f.found.value, number=True),
    Shown(
        "interval",
        _("95 % interval"),
        lambda f: str(interval(*f.found.interval)) if f.found.interval else None,
        number=True,
    ),
    Shown("p90", _("P90, d"), lambda f: f.found.p90, number=True),
    Shown("n", _("n"), lambda f: f.found.n, number=True),
    Shown("open", _("In it now"), lambda f: f.found.open, number=True),
    Shown(
        "before",
        _("Period before, d"),
        lambda f: f.comparison.against if f.comparison else None,
        number=True,
    ),
)

_OPEN: tuple[Shown[Change], ...] = (
    Shown(
        "change", _("Version"), lambda c: c.subject, show=lambda c: subject_link("K26", c.subject)
    ),
    Shown("days", _("Days"), lambda c: c.days, number=True),
    Shown(
        "waits",
        _("Is in"),
        lambda c: c.waits,
        show=lambda c: leg_words(c.waits) if c.waits else None,
    ),
    Shown("waits_days", _("Days in it"), lambda c: c.waits_days, number=True),
    Shown("rounds", _("Rounds"), lambda c: c.rounds, number=True),
    Shown("returned", _("Returned"), lambda c: c.returned, number=True),
    Shown("product", _("Product"), lambda c: c.product_code),
    Shown("request", _("Change"), lambda c: c.change_id),
    Shown(
        "requested",
        _("Requested"),
        lambda c: moment(c.requested_us),
        show=lambda c: shown_moment(c.requested_us, "day"),
    ),
)


def _leg(kpi_id: str) -> Shown[Change]:
    def days(c: Change) -> float | None:
        return dict(c.legs).get(kpi_id)

    return Shown(kpi_id, LEG_NAMES[kpi_id], days, number=True)


_DONE: tuple[Shown[Change], ...] = (
    Shown(
        "change", _("Version"), lambda c: c.subject, show=lambda c: subject_link("K26", c.subject)
    ),
    Shown("days", _("Days"), lambda c: c.days, number=True, show=lambda c: number(c.days, 1)),
    *(_leg(kpi_id) for kpi_id in LEGS),
    Shown("rounds", _("Rounds"), lambda c: c.rounds, number=True),
    Shown("product", _("Product"), lambda c: c.product_code),
    Shown(
        "used",
        _("First used"),
        lambda c: moment(c.done_us),
        show=lambda c: shown_moment(c.done_us, "day"),
    ),
)
