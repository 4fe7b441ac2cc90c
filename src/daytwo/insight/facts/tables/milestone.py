"""The milestone fact: what happened to a batch between its end of manufacture and its release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, Inherited, moment, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

KINDS = {
    "batch.manufacture.ended": "ended",
    "release.completeness.passed": "complete",
    "batch.record.completed": "submitted",
    "release.review.opened": "review_opened",
    "release.review.closed": "review_closed",
    "release.record.returned": "returned",
    "release.record.reviewed": "reviewed",
    "release.batch.decided": "decided",
    "batch.held": "held",
    "batch.resumed": "resumed",
}
_FUNCTIONS = frozenset({"production", "quality"})


def _itself(it: Happening) -> Iterable[Key]:
    return ((it.seq,),)


def _came(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    said = it.get("function") or it.role
    return {
        "batch_id": it.get("batch_id"),
        "kind": KINDS[it.type],
        "function": said if said in _FUNCTIONS else None,
        "person": it.person,
        "at_us": it.us,
    }


FACT = Fact(
    name="milestone",
    grain="one thing that happened to a batch on its way to release",
    key=whole("seq", "the ledger's number of the event"),
    anchor=("at_us",),
    own=(
        *text("batch_id", "the batch"),
        *text("product_code", "of the batch"),
        *text("line", "of the batch"),
        *text("kind", ", ".join(KINDS.values())),
        *text("function", "production or quality, where it is known"),
        *text("person", "who did it"),
        *moment("at", "when"),
    ),
    folds=dict.fromkeys(KINDS, Fold(_itself, _came)),
    inherits=Inherited("batch", "batch_id", ("product_code", "line")),
)
