"""People and rights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web.people.matrix import matrix
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import Permission, Role
from daytwo.record.access.models import Alert
from daytwo.record.access.queries import person
from daytwo.record.access.rules import FAILURES_BEFORE_LOCK, allowed
from tests.conftest import PASSWORD
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client


@pytest.fixture
def ada_client(site: Path) -> Client:
    return signed_in("ada")


def do(client: Client, verb: str, who: str = "olga", **fields: str) -> object:
    return client.post(f"/people/of/{who}/{verb}/", {"command_id": new_id(), **fields})


def test_list_filters_and_sorts_by_the_address(ada_client: Client) -> None:
    text = ada_client.get("/people/?q=quality&sort=-name").content.decode()
    assert re.findall(r">(Quinn Meier|Quentin Weiss|Olga Brandt)<", text) == [
        "Quinn Meier",
        "Quentin Weiss",
    ]
    assert "Nobody fits" in ada_client.get("/people/?q=zzz").content.decode()


def test_account_is_opened_and_its_id_is_never_given_again(ada_client: Client) -> None:
    fields = {"person": "nina", "name": "Nina Neu", "command_id": new_id()}
    assert ada_client.post("/people/new/", fields)["Location"] == "/people/of/nina/"
    again = ada_client.post("/people/new/", {**fields, "command_id": new_id()})
    assert again.status_code == 409
    assert 'value="Nina Neu"' in again.content.decode()


@pytest.mark.requirement("R23")
def test_role_is_given_and_taken_back_with_a_reason(ada_client: Client) -> None:
    assert do(ada_client, "grant", role="analyst", reason="").status_code == 409
    assert do(ada_client, "grant", role="analyst", reason="joins QC").status_code == 302
    assert "analyst" in person("olga").roles
    assert do(ada_client, "revoke", role="analyst", reason="left QC").status_code == 302
    register = ada_client.get("/people/register/?q=analyst").content.decode()
    assert "joins QC" in register
    assert "Ada Lang" in register


@pytest.mark.requirement("R23")
def test_administrator_gets_no_gmp_role_and_gives_himself_none(ada_client: Client) -> None:
    assert do(ada_client, "grant", who="olga", role="administrator", reason="x").status_code == 409
    assert do(ada_client, "grant", who="ada", role="operator", reason="x").status_code == 409


@pytest.mark.requirement("R20")
def test_new_first_password_is_shown_once(ada_client: Client, anyone: Client) -> None:
    shown = do(ada_client, "password", reason="forgotten").content.decode()
    handed = re.search(r'<code class="handed">([^<]+)</code>', shown)
    assert handed
    assert handed[1] not in ada_client.get("/people/of/olga/").content.decode()
    assert anyone.post("/sign-in/", {"person": "olga", "password": PASSWORD}).status_code == 403
    assert anyone.post("/sign-in/", {"person": "olga", "password": handed[1]}).status_code == 302
    assert anyone.get("/live/")["Location"] == "/account/password/"
    assert do(ada_client, "password", reason="").status_code == 409


def test_alert_is_closed_with_what_was_done(ada_client: Client) -> None:
    Alert.objects.create(
        event_seq=900_001, at="2026-06-01T10:00:00.000000Z", kind="clock drift", subject="clock"
    )
    text = ada_client.get("/people/").content.decode()
    assert "Clock drift: clock" in text
    path = "/people/alerts/900001/"
    assert ada_client.post(path, {"command_id": new_id(), "comment": " "}).status_code == 409
    sent = {"command_id": new_id(), "comment": "Time server replaced."}
    assert ada_client.post(path, sent).status_code == 302
    assert "Clock drift" not in ada_client.get("/people/").content.decode()


def test_locked_account_alerts_and_leads_to_the_person(ada_client: Client, anyone: Client) -> None:
    for _ in range(FAILURES_BEFORE_LOCK):
        anyone.post("/sign-in/", {"person": "olga", "password": "not this one"})
    text = ada_client.get("/people/").content.decode()
    assert 'href="/people/of/olga/">Unlock or close the account' in text
    assert do(ada_client, "unlock", reason="Olga was seen; typed wrongly.").status_code == 302
    assert person("olga").status == "active"


def test_closed_account_stays_and_offers_no_change(ada_client: Client) -> None:
    assert do(ada_client, "deactivate", reason="left").status_code == 302
    text = ada_client.get("/people/of/olga/").content.decode()
    assert "closed" in text
    assert "Give role" not in text
    assert do(ada_client, "unlock", reason="x").status_code == 409


def test_nobody_but_an_administrator_changes_accounts(site: Path) -> None:
    quinn = signed_in("quinn")
    assert "Give role" not in quinn.get("/people/of/olga/").content.decode()
    assert do(quinn, "grant", role="quality", reason="x").status_code == 403
    assert person("olga").roles == ("operator",)


def test_unknown_verb_and_person_are_not_found(ada_client: Client) -> None:
    assert do(ada_client, "promote").status_code == 404
    assert ada_client.get("/people/of/nobody/").status_code == 404


@pytest.mark.requirement("R23")
def test_matrix_shown_is_the_matrix_enforced(ada_client: Client) -> None:
    for right in matrix():
        for role, held in zip(Role, right.held, strict=True):
            assert held == allowed([role], Permission(right.permission))
    text = ada_client.get("/people/rights/").content.decode()
    assert text.count("<tr>") == 1 + len(Permission) + 1


@pytest.mark.requirement("R22")
def test_second_factor_is_asked_of_a_role_and_leads_whoever_has_none_to_enrol(
    ada_client: Client,
) -> None:
    olga = signed_in("olga")
    assert olga.get("/live/").status_code == 200
    path = "/people/rights/second-factor"
    asked = {"role": "operator", "reason": "terminals outside the plant"}
    nothing = ada_client.post(f"{path}/require/", {**asked, "reason": "", "command_id": new_id()})
    assert nothing.status_code == 409
    done = ada_client.post(f"{path}/require/", {**asked, "command_id": new_id()})
    assert (done.status_code, done["Location"]) == (302, "/people/rights/")
    text = ada_client.get("/people/rights/").content.decode()
    assert "terminals outside the plant" in text
    assert "must be enrolled" in ada_client.get("/people/of/olga/").content.decode()
    sent = olga.get("/live/")
    assert (sent.status_code, sent["Location"]) == (302, "/account/authenticator/")
    assert "Your role asks for a second factor" in olga.get(sent["Location"]).content.decode()
    lifted = {"role": "operator", "reason": "terminals moved inside", "command_id": new_id()}
    assert ada_client.post(f"{path}/lift/", lifted).status_code == 302
    assert olga.get("/live/").status_code == 200
    assert ada_client.post(f"{path}/drop/", lifted).status_code == 404


@pytest.mark.requirement("R22")
def test_second_factor_is_no_matter_of_who_may_not_manage_people(site: Path) -> None:
    given = {"role": "operator", "reason": "x", "command_id": new_id()}
    answer = signed_in("olga").post("/people/rights/second-factor/require/", given)
    assert answer.status_code == 403
