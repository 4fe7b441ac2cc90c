"""Master batch records: draft, prepare, return, check, approve; the versions."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from daytwo.doors.api.acts import acts, reading
from daytwo.doors.api.shapes.records import VersionLine, VersionOut
from daytwo.record.access.enums import Permission
from daytwo.record.recipes import commands, queries

router = Router()
acts(
    router,
    commands.draft,
    commands.submit,
    commands.return_version,
    commands.check,
    commands.approve,
)


@reading(router, "", Permission.MBR_READ, list[VersionLine])
def versions(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    mbr_id: Annotated[str, Query(max_length=100)] = "",
) -> Any:
    """Return the versions of one record or of all, the latest first."""
    return queries.versions(mbr_id)


@reading(router, "/version/{mbr_id}/{number}", Permission.MBR_READ, VersionOut)
def version(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    mbr_id: str,
    number: Annotated[int, Path(ge=0, le=2_147_483_647)],
) -> Any:
    """Return one version with its text."""
    return queries.version(mbr_id, number)
