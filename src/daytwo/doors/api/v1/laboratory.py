"""Laboratory: the results of a batch or a lot."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from daytwo.doors.api.acts import reading
from daytwo.doors.api.shapes.records import ResultOut
from daytwo.record.access.enums import Permission
from daytwo.record.laboratory import queries

router = Router()


ADDRESS = "/results/{subject_kind}/{path:subject_id}"


@reading(router, ADDRESS, Permission.BATCH_READ, list[ResultOut])
def results(
    request: HttpRequest,  # noqa: ARG001 - ninja's form
    subject_kind: Literal["batch", "lot"],
    subject_id: str,
) -> Any:
    """Return the results of one batch or lot, by stage and test."""
    return queries.results(subject_kind, subject_id)
