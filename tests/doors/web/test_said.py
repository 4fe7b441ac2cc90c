"""What a page says after an act: the words of the act, once, and nothing that was not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from daytwo.doors.web import answers
from daytwo.doors.web.said import COOKIE, SAID, once, said
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

ANSWERED = str(SAID["answered"][0])


def after(act: str) -> str:
    """Return the cookie that an act leaves; empty for none."""
    left = answers.go("orders.orders", said=act).cookies.get(COOKIE)
    return left.value if left else ""


def asked(cookie: str, **headers: str) -> HttpRequest:
    request = RequestFactory().get("/", **headers)
    request.COOKIES[COOKIE] = cookie
    return request


@pytest.mark.parametrize("act", sorted(SAID))
def test_every_act_has_words(act: str) -> None:
    told = said(asked(after(act)))
    assert told == SAID[act]
    assert str(told[0]).endswith(".")


def test_page_confirms_an_act_once_and_not_again_when_loaded_again(walked: Path) -> None:
    client = signed_in("olga")
    client.cookies[COOKIE] = after("answered")
    assert ANSWERED in client.get("/orders/").content.decode()
    assert ANSWERED not in client.get("/orders/").content.decode()


def test_no_address_and_no_made_up_cookie_confirms_what_was_not_done(walked: Path) -> None:
    client = signed_in("olga")
    assert ANSWERED not in client.get("/orders/?said=answered").content.decode()
    for forged in ("answered", after("answered")[:-1], "answered:1:x"):
        client.cookies[COOKIE] = forged
        assert ANSWERED not in client.get("/orders/").content.decode()


def test_acts_without_words_leave_nothing() -> None:
    assert after("made up") == after("") == ""
    assert said(RequestFactory().get("/")) is None


def test_a_part_of_a_page_neither_says_it_nor_uses_it_up() -> None:
    part = asked(after("answered"), HTTP_HX_REQUEST="true")
    answer = HttpResponse()
    once(part, answer)
    assert said(part) is None
    assert COOKIE not in answer.cookies


def test_no_script_reads_it_and_no_other_site_sends_it() -> None:
    left = answers.go("orders.orders", said="answered").cookies[COOKIE]
    assert (left["httponly"], left["samesite"], left["max-age"]) == (True, "Strict", 60)
