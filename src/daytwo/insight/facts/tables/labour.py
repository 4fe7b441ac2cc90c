"""The labour fact: one shift that a person worked; the work itself is in the step fact."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, moment, number, text, whole
from daytwo.insight.facts.folds import HOUR_US
from daytwo.insight.facts.happening import EPOCH, micros

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Changes
    from daytwo.insight.facts.happening import Happening


def _worked(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    end = micros(it.payload["ended_at"])
    return {
        "person": it.get("person_id"),
        "team": it.get("team"),
        "day": (EPOCH + timedelta(microseconds=it.us)).date().isoformat(),
        "start_us": it.us,
        "end_us": end,
        "attended_h": (end - it.us) / HOUR_US,
    }


FACT = Fact(
    name="labour",
    grain="one shift that a person worked; shown for teams only",
    key=whole("seq", "the ledger's number of the event"),
    anchor=("start_us",),
    own=(
        *text("person", "who was there"),
        *text("team", "team of that shift"),
        *text("day", "day on which it began, `YYYY-MM-DD`, UTC"),
        *moment("start", "came"),
        *moment("end", "went"),
        *number("attended_h", "hours there"),
    ),
    version=2,
    folds={"staff.shift.worked": Fold(lambda it: ((it.seq,),), _worked)},
)
