"""The language of an answer."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation

from daytwo.doors.web.language import Language


def spoken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.LANGUAGE_CODE} {translation.get_language()}")


@override_settings(LANGUAGES=[("en", "English"), ("de", "Deutsch")])
@pytest.mark.parametrize(
    ("asked", "given"), [("de-CH,de;q=0.9", "de"), ("fr", "en"), ("", "en"), ("xx;;q", "en")]
)
def test_reader_gets_a_language_asked_for_or_the_sites_own(asked: str, given: str) -> None:
    request = RequestFactory().get("/de/", headers={"Accept-Language": asked})
    answer = Language(spoken)(request)
    assert answer.content.decode() == f"{given} {given}"
    assert answer["Content-Language"] == given
    assert answer["Vary"] == "Accept-Language"


def test_language_that_an_answer_says_itself_stays() -> None:
    def french(_: HttpRequest) -> HttpResponse:
        return HttpResponse("bonjour", headers={"Content-Language": "fr"})

    assert Language(french)(RequestFactory().get("/"))["Content-Language"] == "fr"
