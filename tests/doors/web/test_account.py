"""One's own account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyotp
import pytest

from daytwo.kernel import clock
from daytwo.kernel.ids import new_id
from daytwo.record.access import commands
from daytwo.record.access.queries import person
from tests.conftest import PASSWORD, Person
from tests.doors.web.conftest import field, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

NEW = "another long sentence of words"


def change(client: Client, old: str, new: str, again: str) -> object:
    fields = {"old": old, "new": new, "again": again, "command_id": new_id()}
    return client.post("/account/password/", fields)


def test_page_says_what_the_roles_allow(site: Path) -> None:
    text = signed_in("olga").get("/account/").content.decode()
    assert "execute steps" in text
    assert "dispose of batches" not in text


@pytest.mark.requirement("R20")
def test_password_is_changed_with_the_old_one_only(site: Path) -> None:
    client = signed_in("olga")
    assert change(client, "wrong", NEW, NEW).status_code == 409
    assert change(client, PASSWORD, NEW, NEW + "x").status_code == 409
    assert change(client, PASSWORD, "short", "short").status_code == 409
    answer = change(client, PASSWORD, NEW, NEW)
    assert answer["Location"] == "/account/"
    assert "Your password was changed" in client.get(answer["Location"]).content.decode()


def test_refused_change_shows_no_password(site: Path) -> None:
    text = change(signed_in("olga"), "wrong", NEW, NEW).content.decode()
    assert NEW not in text
    assert "Your password is unchanged" in text


@pytest.mark.requirement("R24")
def test_accountability_is_accepted_word_by_word(site: Path, ada: Person) -> None:
    ada.does(commands.register_person, person_id="nina", name="Nina Neu")
    client = signed_in("nina")
    from daytwo.record.access.hashing import hash_password

    Person("nina").does(commands.change_password, encoded=hash_password(PASSWORD))
    shown = client.get("/account/attestation/").content.decode()
    changed = {"command_id": new_id(), "statement": "I accept nothing."}
    assert client.post("/account/attestation/", changed).status_code == 409
    assert not person("nina").attested
    accepted = {"command_id": new_id(), "statement": field(shown, "statement")}
    assert client.post("/account/attestation/", accepted).status_code == 302
    assert person("nina").attested


@pytest.mark.requirement("R22")
def test_authenticator_is_in_force_once_it_answers_rightly(site: Path) -> None:
    client = signed_in("olga")
    text = client.get("/account/authenticator/").content.decode()
    assert "<svg" in text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", text)
    assert secret
    sealed = field(text, "sealed")
    wrong = {"sealed": sealed, "code": "000000", "command_id": new_id()}
    assert client.post("/account/authenticator/", wrong).status_code == 409
    assert not person("olga").totp
    code = pyotp.TOTP(secret[1].replace(" ", "")).at(clock.now())
    right = {"sealed": sealed, "code": code, "command_id": new_id()}
    assert client.post("/account/authenticator/", right).status_code == 302
    assert person("olga").totp
    assert "Code of your authenticator" in client.get("/account/password/").content.decode()


def test_secret_that_was_not_shown_here_is_not_enrolled(site: Path) -> None:
    client = signed_in("olga")
    forged = {"sealed": "forged", "code": "000000", "command_id": new_id()}
    answer = client.post("/account/authenticator/", forged)
    assert answer.status_code == 409
    assert "scan this one" in answer.content.decode()
