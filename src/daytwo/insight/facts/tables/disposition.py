"""The disposition fact: one decision about a batch and the checks that led to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import STATE, Fact, Fold, Inherited, count, moment, text
from daytwo.insight.facts.folds import by, last, latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Changes
    from daytwo.insight.facts.happening import Happening

_BATCH = by("batch_id")
_DECIDED = "release.batch.decided"


def _decided(row: Mapping[str, Any], it: Happening) -> Changes:
    changes = latest(row, "decided", it)
    if not changes:
        return {}
    return {**changes, "decision": it.get("decision"), "decided_by": it.person}


def _check(row: Mapping[str, Any], it: Happening) -> Changes:
    state = row[STATE]
    checks = state.get("checks", {})
    name = it.get("check") or ""
    justified = checks.get(name, False) or it.type == "release.check.justified"
    every = checks | {name: justified}
    return {
        "checks": len(every),
        "checks_justified": sum(every.values()),
        STATE: state | {"checks": every},
    }


FACT = Fact(
    name="disposition",
    grain="one batch that was disposed of",
    key=text("batch_id", "the batch"),
    anchor=("decided_us",),
    own=(
        *text("product_code", "of the batch"),
        *text("line", "of the batch"),
        *text("decision", "released or rejected"),
        *moment("decided", "decided"),
        *text("decided_by", "who decided"),
        *moment("certified", "certificate issued"),
        *count("checks", "checks of the plan"),
        *count("checks_justified", "of these closed by a justification"),
    ),
    folds={
        _DECIDED: Fold(_BATCH, _decided),
        "release.certificate.issued": last(_BATCH, "certified"),
        "release.check.opened": Fold(_BATCH, _check),
        "release.check.closed": Fold(_BATCH, _check),
        "release.check.justified": Fold(_BATCH, _check),
    },
    inherits=Inherited("batch", "batch_id", ("product_code", "line")),
    born=frozenset({_DECIDED}),
)
