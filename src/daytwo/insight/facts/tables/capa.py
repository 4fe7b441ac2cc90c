"""The CAPA fact: one corrective or preventive action and how its effect was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, count, moment, text, whole
from daytwo.insight.facts.folds import by, earliest, latest, moved, once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Changes
    from daytwo.insight.facts.happening import Happening

_CAPA = by("capa_id")


def _opened(row: Mapping[str, Any], it: Happening) -> Changes:
    changes = dict(earliest(row, "opened", it))
    changes |= {name: it.get(name) for name in ("deviation_id", "owner") if it.get(name)}
    if due := it.day("due_on"):
        changes |= {"due_first_on": due, "due_on": row["due_on"] or due}
    return changes


def _evaluated(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**latest(row, "evaluated", it), "verdict": it.get("verdict")}


FACT = Fact(
    version=2,
    name="capa",
    grain="one corrective or preventive action",
    key=text("capa_id", "its number"),
    anchor=("opened_us", "planned_us", "closed_us"),
    own=(
        *text("deviation_id", "the deviation that asked for it"),
        *text("owner", "who does it"),
        *moment("opened", "decided"),
        *moment("closed", "taken and closed"),
        *text("due_first_on", "first promised date, ISO: the one that counts"),
        *text("due_on", "date as it stands"),
        *count("due_moves", "moves of the date"),
        *moment("planned", "effectiveness check stated"),
        *text("metric", "what is measured"),
        *text("baseline", "its value before, as written"),
        *text("target", "what it must reach, as written"),
        *whole("horizon_days", "days after the action at which it is judged"),
        *moment("evaluated", "judged"),
        *text("verdict", "effective or not_effective, as people said"),
    ),
    folds={
        "quality.capa.opened": Fold(_CAPA, _opened),
        "quality.capa.effectiveness_planned": once(
            _CAPA,
            "planned",
            metric="metric",
            baseline="baseline",
            target="target",
            horizon_days="horizon_days",
        ),
        "quality.capa.effectiveness_evaluated": Fold(_CAPA, _evaluated),
        "quality.capa.due_date_moved": Fold(_CAPA, moved),
        "quality.capa.closed": once(_CAPA, "closed"),
    },
)
