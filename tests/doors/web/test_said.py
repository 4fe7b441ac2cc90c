"""What a page says after an act: the words of the act, and no others."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from daytwo.doors.web import answers
from daytwo.doors.web.said import SAID, said


@pytest.mark.parametrize("act", sorted(SAID))
def test_every_act_has_words(act: str) -> None:
    told = said(RequestFactory().get("/", {"said": act}))
    assert told is not None
    assert str(told[0]).endswith(".")


def test_page_says_nothing_that_an_address_makes_up() -> None:
    assert said(RequestFactory().get("/", {"said": "The batch is released."})) is None
    assert said(RequestFactory().get("/")) is None
    assert said(RequestFactory().post("/?said=step")) is None
    assert answers.go("orders.orders", said="made up")["Location"] == "/orders/"
    assert answers.go("orders.orders", said="step")["Location"] == "/orders/?said=step"
