"""The only writer of import runs' rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.canonical import canonical
from daytwo.record.ledger import events  # noqa: F401 - registers the event
from daytwo.record.ledger.models import ImportRun
from daytwo.record.ledger.projections import Projection

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

imports = Projection("imports", (ImportRun,))


@imports.on("system.import.reconciled")
def _reconciled(event: Recorded) -> None:
    data = event.data
    ImportRun.objects.create(
        event_seq=event.seq,
        run_id=data.run_id,
        at=event.recorded_text,
        by_name=event.actor.name,
        mapping=data.mapping,
        system=data.system,
        read=data.read,
        made=data.made,
        already=data.already,
        passed_over=data.passed_over,
        rows_set_aside=data.rows_set_aside,
        fields_set_aside=data.fields_set_aside,
        detail=canonical(data.detail).decode(),
    )
