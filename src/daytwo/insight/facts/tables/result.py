"""The result fact: one reported value: a laboratory result, a yield or a process parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, Inherited, flag, moment, number, text, whole
from daytwo.insight.facts.folds import earliest
from daytwo.insight.facts.numbers import as_float
from daytwo.insight.facts.tables.sample import ENTERED, STARTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_FINAL = "laboratory.result.final"


def _of_result(it: Happening) -> Iterable[Key]:
    name = it.get("result_id")
    return ((f"result/{name}",),) if name else ()


def _final_and_superseded(it: Happening) -> Iterable[Key]:
    before = it.get("supersedes")
    return (*_of_result(it), *(((f"result/{before}",),) if before else ()))


def _of_value(it: Happening) -> Iterable[Key]:
    if it.type == "batch.yield.recorded" and it.payload.get("percent") is None:
        return ()
    return ((f"value/{it.seq}",),)


def _final(row: Mapping[str, Any], it: Happening) -> Changes:
    if row["row_id"] != f"result/{it.payload['result_id']}":
        return {"superseded": True}
    of_batch = it.get("subject_kind") == "batch"
    text_ = it.payload["value"]
    return {
        "seq": it.seq,
        "kind": "result",
        "result_id": it.get("result_id"),
        "sample_id": it.get("sample_id"),
        "subject_kind": it.get("subject_kind"),
        "subject_id": it.get("subject_id"),
        "batch_id": it.get("subject_id") if of_batch else None,
        "stage": it.get("stage"),
        "test_code": it.get("test_code"),
        "test_name": it.get("test_name"),
        "unit": it.get("unit"),
        "value": as_float(text_),
        "reported": text_,
        "verdict": it.get("verdict"),
        "final_us": it.us,
        **_times(it),
    }


def _times(it: Happening) -> dict[str, Any]:
    """Return when the test was begun and its result entered, as its sample remembers."""
    sample = it.row("sample", it.get("sample_id"))
    if sample is None:
        return {}
    times = sample["_state"]["results"].get(it.get("result_id"), (None, None, None))
    known = {"started_us": times[STARTED], "entered_us": times[ENTERED]}
    return {name: at for name, at in known.items() if at is not None}


def _value(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    is_yield = it.type == "batch.yield.recorded"
    text_ = it.payload["percent"] if is_yield else it.payload["value"]
    return {
        "seq": it.seq,
        "kind": "yield" if is_yield else "parameter",
        "subject_kind": "batch",
        "subject_id": it.get("batch_id"),
        "batch_id": it.get("batch_id"),
        "test_code": it.get("name"),
        "test_name": it.get("name"),
        "unit": "%" if is_yield else it.get("unit"),
        "value": as_float(text_),
        "reported": text_,
        "final_us": it.us,
    }


FACT = Fact(
    name="result",
    grain="one reported value: a final laboratory result, a yield in percent, a process parameter",
    key=text("row_id", "`result/` and the result's name, or `value/` and the event's number"),
    anchor=("final_us",),
    after=("sample",),
    own=(
        *whole("seq", "the ledger's number of the event that reported it"),
        *text("kind", "result, yield or parameter"),
        *text("result_id", "the result's own name"),
        *text("sample_id", "the sample that was tested"),
        *text("subject_kind", "batch or lot"),
        *text("subject_id", "the batch or material lot"),
        *text("batch_id", "the batch, where it is one"),
        *text("product_code", "of the batch"),
        *text("stage", "incoming, in_process or final"),
        *text("test_code", "code of the test, name of the yield or parameter"),
        *text("test_name", "as people call it"),
        *text("unit", "as reported"),
        *number("value", "as a number; unknown where the report is none, such as `< 0.05`"),
        *text("reported", "as reported"),
        *text("verdict", "within or oos"),
        *moment("started", "test begun"),
        *moment("entered", "result entered"),
        *moment("final", "result final"),
        *flag("superseded", "a later result took its place"),
        *text("oos_id", "investigation of it"),
    ),
    folds={
        "laboratory.test.started": Fold(_of_result, lambda r, it: earliest(r, "started", it)),
        "laboratory.result.entered": Fold(_of_result, lambda r, it: earliest(r, "entered", it)),
        _FINAL: Fold(_final_and_superseded, _final),
        "laboratory.oos.opened": Fold(_of_result, lambda _row, it: {"oos_id": it.get("oos_id")}),
        "batch.yield.recorded": Fold(_of_value, _value),
        "batch.parameter.recorded": Fold(_of_value, _value),
    },
    inherits=Inherited("batch", "batch_id", ("product_code",)),
    born=frozenset({_FINAL, "batch.yield.recorded", "batch.parameter.recorded"}),
)
