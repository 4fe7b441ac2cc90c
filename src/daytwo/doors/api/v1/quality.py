"""Quality: discrepancies classified, deviations closed."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from daytwo.doors.api.acts import acts, reading
from daytwo.doors.api.shapes.records import DeviationOut
from daytwo.record.access.enums import Permission
from daytwo.record.quality import commands, queries

router = Router()
acts(router, commands.classify_discrepancy, commands.close_deviation)


@reading(router, "/deviations", Permission.BATCH_READ, list[DeviationOut])
def deviations(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    batch_id: Annotated[str, Query(max_length=100)] = "",
    open_only: Annotated[bool, Query()] = False,  # noqa: FBT002 - a parameter of the address
) -> Any:
    """Return deviations, the oldest open ones first."""
    return queries.deviations(batch_id, open_only=open_only)
