"""The chart of release time by its legs: one for the page and for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from daytwo.doors.web.causes import cause
from daytwo.doors.web.charts import durations

if TYPE_CHECKING:
    from daytwo.insight.detection.board import Board


def legs(board: Board) -> durations.Durations | None:
    """Return the mean release as one bar of its legs; None when no batch was decided."""
    if not board.legs:
        return None
    first = max(board.legs, key=lambda leg: leg.days).cause
    title = _("mean days of a batch, %(n)s batches decided") % {"n": board.decided}
    return durations.Durations(title, (durations.Stack("", parts(board)),), cause(first))


def legs_spec(chart: durations.Durations) -> dict[str, Any]:
    """Return it as Vega-Lite."""
    return durations.spec(chart)


def legs_words(board: Board) -> str:
    """Return the same in words."""
    return _("Mean release of %(n)s batches in parts: %(parts)s.") % {
        "n": board.decided,
        "parts": ", ".join(f"{name} {days:.1f} d" for name, days in parts(board)),
    }


def legs_caption() -> str:
    """Return what the parts are together."""
    return _("The parts add up to the mean from the end of manufacture to decision.")


def parts(board: Board) -> tuple[tuple[str, float], ...]:
    """Return each leg's name and mean days, in the order of the way."""
    return tuple((cause(leg.cause), leg.days) for leg in board.legs)
