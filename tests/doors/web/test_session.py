"""The browser's session: whose it is, and its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web import session
from daytwo.kernel.clock import clock_set
from daytwo.record.access import commands
from daytwo.record.access.rules import IDLE_SECONDS
from daytwo.record.ledger.reading import search
from tests.conftest import PASSWORD, Person
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def seen_after(client: Client, seconds: float, **headers: str) -> int:
    with clock_set(lambda: NOON + timedelta(seconds=seconds)):
        return client.get("/live/", headers=headers).status_code


@pytest.fixture
def client(site: Path) -> Client:
    with clock_set(lambda: NOON):
        return signed_in("olga")


@pytest.mark.requirement("R22")
def test_idle_session_ends_and_the_end_is_recorded(client: Client) -> None:
    assert seen_after(client, IDLE_SECONDS + 1) == 302
    last = search(type_="access.signed_out")[0]
    assert (last.actor.id, last.payload["cause"]) == ("olga", "idle")
    assert seen_after(client, 1) == 302


def test_activity_keeps_the_session(client: Client) -> None:
    assert seen_after(client, IDLE_SECONDS - 1) == 200
    assert seen_after(client, 2 * IDLE_SECONDS - 30) == 200


@pytest.mark.requirement("R22")
def test_page_that_refreshes_itself_does_not_keep_the_session(client: Client) -> None:
    for part in range(1, 5):
        assert seen_after(client, part * IDLE_SECONDS / 5, **{session.PASSIVE: "1"}) == 200
    assert seen_after(client, IDLE_SECONDS + 1) == 302


def test_session_never_lasts_longer_than_the_limit_after_the_last_request(client: Client) -> None:
    assert seen_after(client, session.GRAIN_SECONDS - 1) == 200
    assert seen_after(client, session.GRAIN_SECONDS + IDLE_SECONDS) == 302


def test_session_from_the_future_has_ended(client: Client) -> None:
    assert seen_after(client, -60) == 302


@pytest.mark.requirement("R17")
def test_closed_account_is_out_at_its_next_request(site: Path, ada: Person) -> None:
    client = signed_in("olga")
    assert client.get("/live/").status_code == 200
    ada.does(commands.deactivate, person_id="olga", reason="left the site")
    assert client.get("/live/").status_code == 302


@pytest.mark.requirement("R23")
def test_right_taken_back_counts_at_the_next_request(site: Path, ada: Person) -> None:
    client = signed_in("sam")
    assert client.get("/orders/issue/").status_code == 200
    ada.does(commands.revoke_role, person_id="sam", role="supervisor", reason="moved")
    assert client.get("/orders/issue/").status_code == 403


def test_sign_in_changes_the_key_of_the_session(site: Path, anyone: Client) -> None:
    anyone.get("/sign-in/")
    before = anyone.cookies.get("daytwo")
    anyone.post("/sign-in/", {"person": "olga", "password": PASSWORD})
    after = anyone.cookies["daytwo"]
    assert before is None or before.value != after.value
    assert (after["httponly"], after["samesite"]) == (True, "Strict")
