"""Sign-in and sign-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.record.access import commands
from daytwo.record.access.hashing import hash_password
from daytwo.record.access.queries import person
from daytwo.record.access.rules import FAILURES_BEFORE_LOCK
from daytwo.record.ledger.reading import search
from tests.conftest import PASSWORD, Person
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client


def sign_in(client: Client, who: str = "olga", password: str = PASSWORD, **more: str) -> object:
    return client.post("/sign-in/", {"person": who, "password": password, **more})


def test_right_password_opens_the_page_that_was_asked_for(site: Path, anyone: Client) -> None:
    asked = anyone.get("/live/?q=B")["Location"]
    assert asked == "/sign-in/?next=%2Flive%2F%3Fq%3DB"
    answer = sign_in(anyone, next="/live/?q=B")
    assert answer["Location"] == "/live/?q=B"
    assert anyone.get("/live/").status_code == 200
    assert anyone.get("/sign-in/").status_code == 302


def test_sign_in_never_leads_outside(site: Path, anyone: Client) -> None:
    assert sign_in(anyone, next="https://evil.example/")["Location"] == "/"


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
    ("who", "password"), [("olga", "not this one"), ("nobody", PASSWORD), ("", "")]
)
def test_every_wrong_sign_in_gets_the_same_answer(
    who: str, password: str, site: Path, anyone: Client
) -> None:
    answer = sign_in(anyone, who, password)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "The password or the code is not right." in text
    assert f'value="{who}"' in text
    assert password not in text or not password
    assert anyone.get("/live/").status_code == 302


@pytest.mark.requirement("R21")
def test_account_is_locked_and_the_record_says_so(site: Path, anyone: Client) -> None:
    for _ in range(FAILURES_BEFORE_LOCK):
        sign_in(anyone, password="wrong")
    assert sign_in(anyone).status_code == 403
    assert person("olga").status == "locked"
    assert search(type_="access.account")[0].payload["person_id"] == "olga"


def test_sign_out_ends_the_session_and_is_recorded(site: Path, anyone: Client) -> None:
    sign_in(anyone)
    assert anyone.post("/sign-in/out/")["Location"] == "/sign-in/"
    assert anyone.get("/live/").status_code == 302
    assert search(type_="access.signed_out")[0].payload["cause"] == "person"


def test_session_that_its_page_noticed_to_be_idle_ends_as_idle(site: Path) -> None:
    client = signed_in("olga")
    assert client.get("/sign-in/expired/")["Location"] == "/sign-in/?idle=1"
    assert client.get("/live/").status_code == 302
    assert search(type_="access.signed_out")[0].payload["cause"] == "idle"
    assert "without activity" in client.get("/sign-in/?idle=1").content.decode()


def test_typing_keeps_the_session_and_tells_when_there_is_none(site: Path, anyone: Client) -> None:
    assert signed_in("olga").get("/sign-in/keep/").status_code == 204
    assert anyone.get("/sign-in/keep/").status_code == 401


@pytest.mark.requirement("R24")
def test_first_sign_in_settles_password_then_accountability(
    site: Path, ada: Person, anyone: Client
) -> None:
    ada.does(commands.register_person, person_id="nina", name="Nina Neu")
    ada.does(commands.verify_identity, person_id="nina", document="passport seen")
    ada.does(
        commands.set_password, person_id="nina", encoded=hash_password(PASSWORD), reason="first"
    )
    assert sign_in(anyone, "nina")["Location"] == "/"
    assert anyone.get("/")["Location"] == "/account/password/"
    anyone.post("/sign-in/out/")
    Person("nina").does(commands.change_password, encoded=hash_password(PASSWORD))
    assert sign_in(anyone, "nina")["Location"] == "/account/attestation/?next=/"
    Person("nina").does(commands.attest, statement=commands.ATTESTATION)
    anyone.post("/sign-in/out/")
    assert sign_in(anyone, "nina")["Location"] == "/"
