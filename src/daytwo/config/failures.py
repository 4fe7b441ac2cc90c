"""Which door answers a failure from before the doors: programs get JSON, people a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.api import failures as programs
from daytwo.doors.web import failures as people

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_PROGRAMS = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that was refused before any door saw it."""
    if request.path.startswith(_PROGRAMS):
        return programs.bad_request(request, exception)
    return people.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault outside the doors' own handling."""
    if request.path.startswith(_PROGRAMS):
        return programs.server_error(request)
    return people.server_error(request)
