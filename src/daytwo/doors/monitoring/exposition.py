"""`/metrics`: the text that Prometheus reads, for a program with a token and the right to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from daytwo.doors.monitoring.readings import Readings
from daytwo.kernel.errors import Denied
from daytwo.record.access.authority import admit
from daytwo.record.access.bearer import bearer
from daytwo.record.access.enums import Permission
from daytwo.record.access.errors import NotSignedIn

if TYPE_CHECKING:
    from django.http import HttpRequest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_OF_HERE = Readings()


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with every metric, to a bearer token whose person may read them.

    A session of a browser does not count: what watches the system is a program.
    """
    try:
        asker = bearer(request.headers.get("Authorization", ""), "metrics")
        admit(asker, Permission.METRICS_READ)
    except NotSignedIn:
        answer = HttpResponse("A token is needed.\n", status=401, content_type="text/plain")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    except Denied as refused:
        return HttpResponse(f"{refused.detail}\n", status=403, content_type="text/plain")
    return HttpResponse(_text(), content_type=CONTENT_TYPE)


def _text() -> bytes:
    """Return what all processes counted, and what the database says."""
    here = CollectorRegistry()
    here.register(_OF_HERE)
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    return generate_latest(counted) + generate_latest(here)
