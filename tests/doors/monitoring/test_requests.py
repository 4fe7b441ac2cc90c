"""Every answer is counted, also one that a handler further in did not give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.test import RequestFactory
from prometheus_client import REGISTRY

from daytwo.doors.monitoring.requests import Requests

if TYPE_CHECKING:
    from django.http import HttpRequest


def count(method: str, status: str) -> float:
    labels = {"method": method, "route": "none", "status": status}
    return REGISTRY.get_sample_value("daytwo_requests_total", labels) or 0


def test_answer_is_passed_on_and_counted_by_its_status() -> None:
    given = HttpResponse(status=418)

    def handler(_: HttpRequest) -> HttpResponse:
        return given

    before = count("GET", "418")
    assert Requests(handler)(RequestFactory().get("/made/up/7")) is given
    assert count("GET", "418") == before + 1


def test_made_up_methods_make_no_series() -> None:
    before = count("other", "200")
    for method in ("PURGE", "X1", "X2"):
        Requests(lambda _: HttpResponse())(RequestFactory().generic(method, "/x"))
    assert count("other", "200") == before + 3
    assert not count("PURGE", "200")
