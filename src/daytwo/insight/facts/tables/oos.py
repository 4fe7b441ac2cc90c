"""The OOS fact: one investigation of a result outside its specification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, Inherited, moment, text
from daytwo.insight.facts.folds import by, earliest, latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Changes
    from daytwo.insight.facts.happening import Happening

_OOS = by("oos_id")
_COPIED = ("result_id", "sample_id", "subject_kind", "subject_id", "test_code")


def _opened(row: Mapping[str, Any], it: Happening) -> Changes:
    found = {name: it.get(name) for name in _COPIED if it.get(name)}
    sample = it.row("sample", it.get("sample_id"))
    if sample is not None:
        for name in ("subject_kind", "subject_id"):
            if sample[name]:
                found.setdefault(name, sample[name])
    return {**earliest(row, "opened", it), **found}


def _decided(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**latest(row, "decided", it), "outcome": it.type.rpartition(".")[2]}


def _derive(row: Mapping[str, Any]) -> Changes:
    return {"batch_id": row["subject_id"] if row["subject_kind"] == "batch" else None}


FACT = Fact(
    name="oos",
    grain="one OOS investigation",
    key=text("oos_id", "its number"),
    anchor=("opened_us", "decided_us"),
    after=("sample",),
    own=(
        *text("result_id", "the result"),
        *text("sample_id", "its sample"),
        *text("subject_kind", "batch or lot"),
        *text("subject_id", "the batch or material lot"),
        *text("batch_id", "the batch, where it is one"),
        *text("product_code", "of the batch"),
        *text("test_code", "the test"),
        *moment("opened", "opened"),
        *moment("decided", "invalidated or confirmed"),
        *text("outcome", "invalidated or confirmed"),
    ),
    folds={
        "laboratory.oos.opened": Fold(_OOS, _opened),
        "laboratory.oos.invalidated": Fold(_OOS, _decided),
        "laboratory.oos.confirmed": Fold(_OOS, _decided),
    },
    inherits=Inherited("batch", "batch_id", ("product_code",)),
    derive=_derive,
)
