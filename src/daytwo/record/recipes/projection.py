"""The only writer of master batch records' rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.record.ledger.projections import Projection
from daytwo.record.ledger.rows import insert
from daytwo.record.recipes.document import parse
from daytwo.record.recipes.enums import MbrStatus
from daytwo.record.recipes.models import MbrApproval, MbrVersion

if TYPE_CHECKING:
    from daytwo.record.ledger.envelope import Recorded

recipes = Projection("recipes", (MbrVersion, MbrApproval))


@recipes.on("mbr.requested")
def _requested(event: Recorded) -> None:
    data = event.data
    insert(
        MbrVersion,
        id=f"{data.mbr_id}:{data.version}",
        mbr_id=data.mbr_id,
        version=data.version,
        status=_status(event, MbrStatus.REQUESTED),
        product_code=data.product_code,
        requested_at=_at(event),
        change_id=data.change_id,
    )


@recipes.on("mbr.drafted")
def _drafted(event: Recorded) -> None:
    row = _row(event)
    record = parse(event.data.yaml).record if event.data.yaml else None
    row.status = _status(event, MbrStatus.DRAFTED)
    row.content_hash = event.data.content_hash
    row.yaml = event.data.yaml
    if record is not None:
        row.product_code = record.header.product.code
        row.product_name = record.header.product.name
    row.authors = _with(row.authors, event.doer.id)
    row.drafted_at = _at(event)
    row.save()


@recipes.on("mbr.submitted")
def _submitted(event: Recorded) -> None:
    row = _row(event)
    row.status = _status(event, MbrStatus.SUBMITTED)
    row.approval_round = event.data.approval_round
    row.authors = _with(row.authors, event.doer.id)
    row.submitted_at = _at(event)
    row.save()


@recipes.on("mbr.returned")
def _returned(event: Recorded) -> None:
    row = _row(event)
    row.status = _status(event, MbrStatus.RETURNED)
    row.returned_at = _at(event)
    row.return_reason = event.data.reason
    row.save()


@recipes.on("mbr.approved")
def _approved(event: Recorded) -> None:
    data = event.data
    insert(
        MbrApproval,
        event_seq=event.seq,
        mbr_id=data.mbr_id,
        version=data.version,
        approval_round=data.approval_round,
        function=data.function,
        content_hash=data.content_hash,
        person_id=event.doer.id,
        person_name=event.doer.name,
        at=_at(event),
    )


@recipes.on("mbr.effective")
def _effective(event: Recorded) -> None:
    row = _row(event)
    row.status = _status(event, MbrStatus.EFFECTIVE)
    row.effective_at = _at(event)
    row.save()


@recipes.on("mbr.superseded")
def _superseded(event: Recorded) -> None:
    row = _row(event)
    row.status = _status(event, MbrStatus.SUPERSEDED)
    row.superseded_at = _at(event)
    row.save()


@recipes.on("mbr.validated", "mbr.trained", "mbr.first_used", "mbr.retired")
def _lived(event: Recorded) -> None:
    column = f"{event.type.rpartition('.')[2]}_at"
    row_id = f"{event.data.mbr_id}:{event.data.version}"
    MbrVersion.objects.filter(id=row_id).update(**{column: _at(event)})


def _imported(event: Recorded) -> bool:
    return bool(event.origin_kind == "import")


def _status(event: Recorded, status: MbrStatus) -> MbrStatus:
    """Return the state that a version comes into; one of another system stays `imported`."""
    return MbrStatus.IMPORTED if _imported(event) else status


def _at(event: Recorded) -> str:
    return event.occurred_text if _imported(event) else event.recorded_text


def _row(event: Recorded) -> MbrVersion:
    return MbrVersion.objects.get(id=f"{event.data.mbr_id}:{event.data.version}")


def _with(authors: str, person_id: str) -> str:
    return " ".join(sorted({*authors.split(), person_id}))
