"""Requests and acts counted as they happen, by address pattern and status."""

from __future__ import annotations

from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram, disable_created_metrics

from daytwo.record.ledger.watching import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse

    from daytwo.record.ledger.envelope import Recorded

disable_created_metrics()  # Half of all lines else, and nobody asks when a counter began.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("daytwo_requests", "Requests answered.", ("method", "route", "status"))
LATENCY = Histogram(
    "daytwo_request_seconds",
    "Seconds until an answer began.",
    ("method", "route"),
    buckets=SECONDS,
)
APPENDS = Histogram(
    "daytwo_append_seconds",
    "Seconds of a command from the door of the ledger until it was durable; imports aside.",
    buckets=SECONDS,
)
EVENTS = Counter("daytwo_events_appended", "Events appended by commands; imports aside.")
REFUSED = Counter("daytwo_credentials_refused", "Wrong passwords and codes, as recorded.")
LOCKED = Counter("daytwo_accounts_locked", "Accounts locked after wrong passwords, as recorded.")
_COUNTED = {"access.credentials_refused": REFUSED, "access.account.locked": LOCKED}


class Requests:
    """Middleware, the outermost: counts every answer, whoever gave it.

    The label is the pattern of the address and never the address: ids and names stay out, and the
    number of series is that of the routes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next handler in line, and hear of the ledger's acts."""
        self._get_response = get_response
        watch(appended)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and count it."""
        begun = perf_counter()
        response = self._get_response(request)
        method = request.method if request.method in _METHODS else "other"
        route = _route(request)
        latency, count = _series(method, route, response.status_code)
        latency.observe(perf_counter() - begun)
        count.inc()
        return response


@cache
def _series(method: str, route: str, status: int) -> tuple[Histogram, Counter]:
    """Return the two series of an answer; as few as there are routes, and looked up each time."""
    return LATENCY.labels(method, route), REQUESTS.labels(method, route, str(status))


def appended(events: Sequence[Recorded], seconds: float) -> None:
    """Count one command's events."""
    APPENDS.observe(seconds)
    EVENTS.inc(len(events))
    for event in events:
        if event.type in _COUNTED:
            _COUNTED[event.type].inc()


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.route or "/"
    return "static" if request.path.startswith("/static/") else "none"
