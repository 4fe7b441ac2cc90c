"""The only writer of laboratory rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.laboratory.models import Result
from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.sql import execute

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

laboratory = Projection("laboratory", (Result,))


@laboratory.on("laboratory.result.final")
def _final(event: Recorded) -> None:
    data = event.data
    execute(
        "INSERT INTO laboratory_result (id, event_seq, subject_kind, subject_id, stage, test_code,"
        " test_name, value, unit, at, origin) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            data.result_id,
            event.seq,
            data.subject_kind,
            data.subject_id,
            data.stage,
            data.test_code,
            data.test_name,
            data.value,
            data.unit,
            event.occurred_text,
            event.origin["kind"],
        ),
    )
