"""Verb of the record: complete it, which is production's review."""

from __future__ import annotations

from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Meaning, Permission
from daytwo.record.batches.commands.orders import batch_stream
from daytwo.record.batches.enums import RecordState
from daytwo.record.batches.events import RecordCompleted
from daytwo.record.batches.queries import (
    batch,
    open_steps,
    record_content,
    stale_results,
    step_states,
    unanswered,
)
from daytwo.record.batches.rules.states import (
    check_all_done,
    check_ended,
    check_nothing_stale,
    check_nothing_unanswered,
    check_record_may,
)
from daytwo.record.ledger.append import Pending


@command(
    "batch.complete_record",
    permission=Permission.BATCH_SUPERVISE,
    emits=(RecordCompleted,),
    signed=(Meaning.PRODUCTION_REVIEWED,),
    locks=batch_stream,
)
def complete_record(ctx: Context, *, batch_id: str) -> list[Pending]:
    """Sign that the record was reviewed by production and is complete (21 CFR 211.188, 211.192)."""
    row = batch(batch_id)
    check_record_may(row.record_state, RecordState.COMPLETED)
    check_all_done(open_steps(step_states(batch_id)))
    check_nothing_unanswered(unanswered(batch_id))
    check_nothing_stale(stale_results(row))
    check_ended(row.state)
    stream = f"batch/{batch_id}"
    signature = ctx.sign(Meaning.PRODUCTION_REVIEWED, stream, "record", record_content(row))
    return [signature, Pending(stream, RecordCompleted(batch_id))]
