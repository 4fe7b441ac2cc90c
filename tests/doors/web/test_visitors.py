"""Who stands at the door, and where they are sent."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from daytwo.doors.web import visitors

OLGA = visitors.Visitor("olga", "Olga Brandt", ("Operator",), "s-1", frozenset({"batch.read"}))


def test_visitor_may_what_the_roles_allow() -> None:
    assert OLGA.may("batch.read")
    assert not OLGA.may("batch.dispose")


@pytest.mark.parametrize(
    "asked", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil"]
)
def test_way_on_never_leaves_the_site(asked: str) -> None:
    request = RequestFactory(SERVER_NAME="localhost").get("/sign-in/", {"next": asked})
    assert visitors.safe_next(request, "/home/") == "/home/"


def test_way_on_inside_the_site_is_kept() -> None:
    request = RequestFactory(SERVER_NAME="localhost").get("/sign-in/", {"next": "/live/?q=a"})
    assert visitors.safe_next(request, "/") == "/live/?q=a"


def test_form_of_an_anonymous_person_does_not_come_back_as_a_page() -> None:
    request = RequestFactory(SERVER_NAME="localhost").post("/orders/issue/")
    assert visitors.to_sign_in(request)["Location"] == "/sign-in/?next="


def test_present_needs_somebody() -> None:
    request = RequestFactory().get("/")
    assert visitors.of(request) is None
    with pytest.raises(LookupError):
        visitors.present(request)
    request.visitor = OLGA
    assert visitors.present(request) is OLGA


def test_duty_leads_to_where_it_is_settled() -> None:
    answer = visitors.to_duty(RequestFactory().get("/"), visitors.Duty.PASSWORD)
    assert answer["Location"] == "/account/password/"
