"""The signature fact: one signature on a batch record, a master, or anything else signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, Inherited, flag, moment, text, whole
from daytwo.insight.facts.tables.step import signed_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_RECORD = "batch/"


def _itself(it: Happening) -> Iterable[Key]:
    return ((it.seq,),)


def _applied(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    record = it.payload["record"]
    batch = record.removeprefix(_RECORD) if record.startswith(_RECORD) else None
    step = next((key[1] for key in signed_step(it)), None)
    return {
        "record": record,
        "batch_id": batch,
        "step_id": step,
        "meaning": it.get("meaning"),
        "signer": it.get("signer_id"),
        "role": it.get("role"),
        "signed_us": it.us,
    }


def _signed(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    return {
        "record": f"{_RECORD}{it.payload['batch_id']}",
        "batch_id": it.get("batch_id"),
        "step_id": it.get("step_id"),
        "meaning": it.get("meaning"),
        "signer": it.person,
        "role": it.role,
        "signed_us": it.us,
        "automated": bool(it.payload.get("automated")),
    }


FACT = Fact(
    name="signature",
    grain="one signature",
    key=whole("seq", "the ledger's number of the event"),
    anchor=("signed_us",),
    own=(
        *text("record", "the stream of the record signed, such as `batch/B-1`"),
        *text("batch_id", "the batch, where it is on one"),
        *text("step_id", "the step, where it is on one"),
        *text("product_code", "of the batch"),
        *text("line", "of the batch"),
        *text("meaning", "what it says"),
        *text("signer", "who signed"),
        *text("role", "in which role"),
        *moment("signed", "signed"),
        *flag("automated", "the step runs by itself (21 CFR 211.68(c))"),
    ),
    folds={
        "access.signature.applied": Fold(_itself, _applied),
        "batch.step.signed": Fold(_itself, _signed),
    },
    inherits=Inherited("batch", "batch_id", ("product_code", "line")),
)
