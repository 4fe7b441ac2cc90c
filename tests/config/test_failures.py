"""A failure before the doors is answered in the form of the door that was aimed at."""

from __future__ import annotations

from django.test import RequestFactory

from daytwo.config.failures import bad_request, server_error


def test_programs_get_json_and_people_a_page() -> None:
    factory = RequestFactory()
    for handler, status in ((bad_request, 400), (server_error, 500)):
        for path, kind in (("/api/v1/health", "application/json"), ("/orders/", "text/html")):
            answer = handler(factory.get(path))
            assert answer.status_code == status
            assert answer["Content-Type"].startswith(kind), (path, status)
