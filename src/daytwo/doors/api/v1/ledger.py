"""The ledger: the audit trail searched by who, what, when and why, and its verification."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from daytwo.doors.api.acts import reading
from daytwo.doors.api.fields import Moment
from daytwo.doors.api.shapes.records import EventOut, VerificationOut
from daytwo.kernel.clock import stamp
from daytwo.record.access.enums import Permission
from daytwo.record.ledger import reading as trail
from daytwo.record.ledger import verify

router = Router()
Word = Annotated[str, Query(max_length=200)]
Order = Literal[
    "seq",
    "-seq",
    "recorded_at",
    "-recorded_at",
    "actor_id",
    "-actor_id",
    "type",
    "-type",
    "stream",
    "-stream",
    "reason",
    "-reason",
]


@reading(router, "/audit_trail", Permission.AUDIT_READ, list[EventOut])
def audit_trail(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    who: Annotated[str, Query(max_length=200, description="Person id, exact.")] = "",
    what: Annotated[str, Query(max_length=200, description="Start of the event's type.")] = "",
    record: Annotated[str, Query(max_length=200, description="Start of the stream's name.")] = "",
    since: Annotated[Moment | None, Query(description="Recorded at or after.")] = None,
    until: Annotated[Moment | None, Query(description="Recorded before.")] = None,
    why: Annotated[str, Query(max_length=200, description="A part of the reason.")] = "",
    order: Annotated[Order, Query(description="With - in front for descending.")] = "-seq",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
) -> Any:
    """Search the audit trail by all four fields, sorted by any (21 CFR 11.10(e); Annex 11 §9)."""
    return trail.search(
        actor=who,
        stream=record,
        type_=what,
        since="" if since is None else stamp(since),
        until="" if until is None else stamp(until),
        reason=why,
        order=order,
        limit=limit,
        offset=offset,
    )


@reading(router, "/verification", Permission.LEDGER_VERIFY, VerificationOut)
def verification(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Check every event, chain, head and checkpoint now; name what is broken."""
    return verify.verify(settings.DATA_DIR)
