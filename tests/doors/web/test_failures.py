"""What a person sees when something does not work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from django.test import Client, RequestFactory

from daytwo.doors.web import failures
from daytwo.kernel.errors import (
    ConnectorError,
    DaytwoError,
    Denied,
    Fault,
    Refused,
    Tampered,
    Unknown,
)
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = [
    (Refused("a.b", "No."), 409, "Nothing was recorded"),
    (Denied("a.b", "No."), 403, "Nothing was recorded"),
    (Unknown("a.b", "No."), 404, "Nothing was recorded"),
    (Tampered("a.b", "No."), 500, "exactly as it was found"),
    (Fault("a.b", "No."), 500, "may not be recorded"),
    (ConnectorError("a.b", "No.", permanent=True), 502, "may not be recorded"),
]


@pytest.mark.parametrize(("error", "status", "kept"), FAMILIES)
def test_every_family_says_what_happened_what_was_kept_what_to_do(
    error: DaytwoError, status: int, kept: str
) -> None:
    answer = failures.answer(RequestFactory().get("/"), error)
    text = answer.content.decode()
    assert answer.status_code == status
    assert "No." in text
    assert kept in text
    assert failures.notice(error).todo in text
    assert "a.b" in text


def test_every_family_has_a_status() -> None:
    named = {
        cls for cls in DaytwoError.__subclasses__() if cls.__module__.endswith("kernel.errors")
    }
    assert set(failures.STATUS) == named


def test_notice_names_what_is_missing_and_who_can_help() -> None:
    refused = Refused("x.y", "No.", {"missing": ["a", "b"], "who_can": ["qualified_person"]})
    told = failures.notice(refused)
    assert told.missing == ("a", "b")
    assert told.who == "Qualified person"
    assert failures.notice(Refused("x.y", "No.", {"todo": "Wait."})).todo == "Wait."
    assert failures.notice(Refused("x.y", "No.", {"missing": "one", "who_can": 7})).missing == (
        "one",
    )


def test_wrong_address_says_so_and_stays_signed_in(site: Path) -> None:
    answer = signed_in("sam").get("/nothing/here/")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.content.decode()


def test_form_without_its_token_is_refused_in_words(site: Path) -> None:
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"person": "olga", "password": "x"})
    assert answer.status_code == 403
    assert "no longer valid" in answer.content.decode()


def test_fault_of_ours_shows_no_trace(
    site: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from daytwo.record.batches import queries

    def fails() -> None:
        message = "secret detail"
        raise RuntimeError(message)

    monkeypatch.setattr(queries, "live_batches", fails)
    client = signed_in("sam")
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = client.get("/live/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "It is not your doing" in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "status"),
    [(failures.bad_request, 400), (failures.forbidden, 403), (failures.not_found, 404)],
)
def test_handlers_answer_with_their_status(view: object, status: int) -> None:
    assert view(RequestFactory().get("/"), Exception("x")).status_code == status  # type: ignore[operator]
