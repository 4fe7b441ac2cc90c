"""Health: does the site answer, and from which record."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja import Router

from daytwo import __version__
from daytwo.doors.api.acts import reading
from daytwo.doors.api.shapes.records import HealthOut
from daytwo.kernel.clock import now, stamp
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.reading import last_seq

router = Router()


@reading(router, "", Permission.ACCOUNT_OWN, HealthOut)
def health(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's form
    """Return ok once the record was read; any account may ask."""
    return {
        "status": "ok",
        "version": __version__,
        "database": connection.vendor,
        "last_seq": last_seq(),
        "now": stamp(now()),
    }
