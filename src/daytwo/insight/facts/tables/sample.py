"""The sample fact: one sample, from the taking to its last final result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import STATE, Fact, Fold, Inherited, count, moment, text
from daytwo.insight.facts.folds import by, earliest, first, latest, once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Changes
    from daytwo.insight.facts.happening import Happening

_SAMPLE = by("sample_id")
STARTED, ENTERED, FINAL = 0, 1, 2
"""Places of a result's times in the sample's memory."""


def _result(row: Mapping[str, Any], it: Happening, place: int) -> dict[str, Any]:
    name = it.get("result_id")
    results = row[STATE].get("results", {})
    times = list(results.get(name, (None, None, None)))
    times[place] = it.us
    every = results | {name: times}
    return {
        "results": len(every),
        "final": sum(times[FINAL] is not None for times in every.values()),
        STATE: row[STATE] | {"results": every},
    }


def _started(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**earliest(row, "first_test", it), **_result(row, it, STARTED)}


def _entered(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**latest(row, "entered", it), **_result(row, it, ENTERED)}


def _final(row: Mapping[str, Any], it: Happening) -> Changes:
    return {**latest(row, "final", it), **_result(row, it, FINAL)}


def _derive(row: Mapping[str, Any]) -> Changes:
    return {"batch_id": row["subject_id"] if row["subject_kind"] == "batch" else None}


FACT = Fact(
    name="sample",
    grain="one sample",
    key=text("sample_id", "its number"),
    anchor=("taken_us", "received_us", "first_test_us", "entered_us"),
    own=(
        *text("subject_kind", "batch or lot"),
        *text("subject_id", "the batch or material lot"),
        *text("batch_id", "the batch, where it is one"),
        *text("product_code", "of the batch"),
        *text("stage", "incoming, in_process or final"),
        *text("plan", "sampling plan or point"),
        *moment("taken", "taken"),
        *moment("received", "in the laboratory"),
        *moment("first_test", "first test begun"),
        *moment("entered", "last result entered"),
        *moment("final", "last result made final"),
        *count("results", "results begun, entered or final"),
        *count("final", "of these final"),
    ),
    folds={
        "laboratory.sample.taken": once(
            _SAMPLE,
            "taken",
            subject_kind="subject_kind",
            subject_id="subject_id",
            stage="stage",
            plan="plan",
        ),
        "laboratory.sample.received": first(_SAMPLE, "received"),
        "laboratory.test.started": Fold(_SAMPLE, _started),
        "laboratory.result.entered": Fold(_SAMPLE, _entered),
        "laboratory.result.final": Fold(_SAMPLE, _final),
    },
    inherits=Inherited("batch", "batch_id", ("product_code",)),
    derive=_derive,
)
