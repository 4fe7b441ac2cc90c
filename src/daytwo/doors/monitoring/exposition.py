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
from daytwo.record.access.authority import By, admit
from daytwo.record.access.enums import Permission
from daytwo.record.access.errors import NotSignedIn
from daytwo.record.access.queries import token_person

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
        admit(_asker(request), Permission.METRICS_READ)
    except NotSignedIn:
        answer = HttpResponse("A token is needed.\n", status=401, content_type="text/plain")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    except Denied as refused:
        return HttpResponse(f"{refused.detail}\n", status=403, content_type="text/plain")
    return HttpResponse(_text(), content_type=CONTENT_TYPE)


def _asker(request: HttpRequest) -> By:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = token_person(secret.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise NotSignedIn
    person_id, token_id = found
    return By(person_id, f"token:{token_id}", "metrics")


def _text() -> bytes:
    """Return what all processes counted, and what the database says."""
    here = CollectorRegistry()
    here.register(_OF_HERE)
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    return generate_latest(counted) + generate_latest(here)
