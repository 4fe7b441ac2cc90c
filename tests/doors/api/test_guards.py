from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from daytwo.doors.api.guards import Guard
from daytwo.kernel.clock import clock_set, now
from daytwo.record.access import commands
from daytwo.record.access.authority import By
from daytwo.record.access.enums import Permission, Role
from daytwo.record.access.hashing import hash_password
from daytwo.record.access.queries import open_alerts, refusals, tokens
from daytwo.record.access.rules import IDLE_SECONDS, MATRIX
from daytwo.record.ledger.reading import head_version, last_seq
from tests.conftest import PASSWORD, Person
from tests.doors.api.program import (
    HOST,
    Program,
    by_session,
    by_token,
    filled,
    operations,
)

if TYPE_CHECKING:
    from pathlib import Path

GUARDED = [(m, p, o) for m, p, o in operations() if o["x-permission"]]
TOKEN_WAYS = [found for found in GUARDED if not found[2].get("x-session-only")]


@pytest.fixture
def roles(ada: Person) -> dict[Role | None, Program]:
    """Return a program for each role, and for a person without any."""
    encoded = hash_password(PASSWORD)
    programs: dict[Role | None, Program] = {Role.ADMINISTRATOR: by_token("ada")}
    for role in [*(set(Role) - {Role.ADMINISTRATOR}), None]:
        name = f"p-{role or 'none'}".replace("_", "-")
        ada.does(commands.register_person, person_id=name, name="Person of one role")
        if role is not None:
            ada.does(commands.grant_role, person_id=name, role=role, reason="matrix")
        ada.does(commands.set_password, person_id=name, encoded=encoded, reason="first")
        Person(name).does(commands.change_password, encoded=encoded)
        programs[role] = by_token(name)
    return programs


@pytest.mark.requirement("R23")
def test_every_route_is_closed_to_every_role_without_its_permission(
    roles: dict[Role | None, Program],
) -> None:
    seen = set()
    for method, path, operation in TOKEN_WAYS:
        permission = Permission(operation["x-permission"])
        if permission is Permission.ACCOUNT_OWN:
            continue
        for role, program in roles.items():
            if role in MATRIX[permission]:
                continue
            answer = program.send(method, filled(path), {})
            assert answer.status_code == 403, (role, method, path, answer.content)
            assert answer.json()["code"] == "access.not_permitted"
            assert answer.json()["info"]["who_can"] == sorted(MATRIX[permission])
            seen.add((permission, role))
    asked = {Permission(o["x-permission"]) for _, _, o in TOKEN_WAYS} - {Permission.ACCOUNT_OWN}
    assert seen == {(p, r) for p in asked for r in roles if r not in MATRIX[p]}


@pytest.mark.requirement("R23")
def test_every_route_is_open_to_every_role_with_its_permission(
    roles: dict[Role | None, Program],
) -> None:
    for method, path, operation in TOKEN_WAYS:
        for role in MATRIX[Permission(operation["x-permission"])]:
            answer = roles[role].send(method, filled(path), {})
            assert answer.status_code not in {401, 403, 500}, (role, method, path, answer.content)
            if method == "post":
                assert answer.status_code == 422


@pytest.mark.requirement("R23")
def test_refused_act_is_recorded_with_what_it_aimed_at(site: Path) -> None:
    answer = by_token("olga").post("batches/hold_batch", {"batch_id": "B-9", "reason": "x"})
    assert answer.status_code == 403
    found = refusals()[0]
    assert (found.person_id, found.command, found.code) == (
        "olga",
        "batch.hold",
        "access.not_permitted",
    )
    assert found.target == "batch_id=B-9"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"batch_id": 7}', b'{"batch_id": "B 9"}', b'{"a_id": "\\u0000"}']
)
def test_refused_act_is_recorded_whatever_its_body(site: Path, body: bytes) -> None:
    assert by_token("olga").post("batches/hold_batch", body).status_code == 403
    assert refusals()[0].target == ""


def test_permission_is_asked_before_the_body_is_judged(site: Path) -> None:
    assert by_token("olga").post("batches/hold_batch", b"{").status_code == 403
    assert by_token("sam").post("batches/hold_batch", b"{").status_code == 400


def test_admission_alone_performs_nothing(site: Path) -> None:
    before = last_seq()
    assert by_token("sam").post("batches/hold_batch", {"batch_id": "B-1"}).status_code == 422
    assert last_seq() == before + 1, "nothing but the token that the test made"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer dt_wrong",
        "Basic b2xnYTp4",
        "dt_wrong",
        "Bearer \u00e9\u00ff",
        "Bearer " + "x" * 10_000,
    ],
)
def test_wrong_token_is_nobody(site: Path, header: str) -> None:
    for program in (Program(), by_session("olga")):
        answer = program.get("session", authorization=header)
        assert answer.status_code == 401, "a wrong token does not fall back to the session"


@pytest.mark.requirement("R21")
def test_token_ends_with_its_days(site: Path) -> None:
    program = by_token("olga", days=2)
    assert program.get("session").status_code == 200
    later = now() + timedelta(days=2, seconds=1)
    with clock_set(lambda: later):
        assert program.get("session").status_code == 401


@pytest.mark.requirement("R21")
def test_revoked_token_is_nobody(site: Path) -> None:
    program = by_token("olga")
    (token,) = tokens("olga")
    assert program.act("access/revoke_token", token_id=token.id).status_code == 200
    assert program.get("session").status_code == 401


@pytest.mark.requirement("R17")
def test_token_of_a_closed_account_is_nobody(ada: Person) -> None:
    program = by_token("stan")
    ada.does(commands.deactivate, person_id="stan", reason="left")
    assert program.get("session").status_code == 401


@pytest.mark.requirement("R21")
def test_token_of_a_locked_account_is_refused(site: Path) -> None:
    program = by_token("olga")
    for _ in range(5):
        Program().post("session", {"person": "olga", "password": "wrong"})
    answer = program.get("session")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.locked")
    assert [alert.subject for alert in open_alerts()]


@pytest.mark.parametrize(
    "found", [f for f in GUARDED if f[2].get("x-session-only")], ids=lambda f: f"{f[0]} {f[1]}"
)
def test_token_cannot_do_what_needs_a_session(
    site: Path, found: tuple[str, str, dict[str, Any]]
) -> None:
    answer = by_token("ada").send(found[0], found[1], {})
    assert answer.status_code in {401, 403}
    assert answer.json()["code"] in {"api.session_needed", "access.not_signed_in"}


def test_session_change_needs_its_csrf_token(site: Path) -> None:
    program = by_session("sam")
    right = program.headers.pop("X-CSRFToken")
    body = {"batch_id": "B-1", "reason": "x", "command_id": "a-command-1"}
    for wrong in ({}, {"X-CSRFToken": "x" * 64}, {"X-CSRFToken": right[:-1]}):
        answer = program.post("batches/hold_batch", body, **wrong)
        assert (answer.status_code, answer.json()["code"]) == (403, "api.csrf")
    assert program.post("batches/hold_batch", body, **{"X-CSRFToken": right}).status_code == 404
    assert program.get("session").status_code == 200, "reading needs none"


def test_session_change_from_another_site_is_refused(site: Path) -> None:
    program = by_session("sam")
    answer = program.post(
        "batches/hold_batch", {"batch_id": "B-1", "reason": "x"}, origin="https://evil.example"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "api.csrf")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "",
        "application/json5",
    ],
)
def test_change_that_is_not_json_is_refused(site: Path, content_type: str) -> None:
    for program in (by_session("sam"), by_token("sam"), Program()):
        for path in ("batches/hold_batch", "session"):
            answer = program.post(path, b'{"person": "sam"}', content_type=content_type)
            assert answer.status_code in {401, 415}
            assert answer.status_code == 415 or (not program.headers and path != "session")


@pytest.mark.requirement("R22")
def test_session_ends_by_itself(site: Path) -> None:
    program = by_session("olga")
    later = now() + timedelta(seconds=IDLE_SECONDS + 1)
    with clock_set(lambda: later):
        assert program.get("session").status_code == 401
    assert program.get("session").status_code == 401, "and it does not come back"


def test_session_of_the_interface_opens_the_pages_too(site: Path) -> None:
    program = by_session("luis")
    assert program.client.get("/", headers={"host": HOST}).status_code != 401
    answer = program.client.get("/people/", headers={"host": HOST})
    assert b"Luis Frei" in answer.content


@pytest.mark.parametrize(
    "path", ["batches/record/%00", "batches?state=%00", "batches?%00=1", "kpis/%1F"]
)
def test_address_with_unkeepable_signs_is_refused(site: Path, path: str) -> None:
    answer = by_token("luis").get(path)
    assert (answer.status_code, answer.json()["code"]) == (422, "api.signs")


def test_guard_alone_knows_nobody() -> None:
    with pytest.raises(NotImplementedError):
        Guard(Permission.ACCOUNT_OWN).identify(None)  # type: ignore[arg-type]


def test_who_acts_is_never_taken_from_the_body(site: Path) -> None:
    body = {"batch_id": "B-1", "reason": "x", "command_id": "a-command-2"}
    for name in ("by", "actor", "person_id", "actor_id", "role"):
        answer = by_token("sam").post("batches/hold_batch", {**body, name: "ada"})
        assert answer.status_code == 422
        assert answer.json()["info"]["fields"][0]["field"] == name
    assert head_version("batch/B-1") == 0


def test_session_under_another_name_is_not_a_token(site: Path) -> None:
    assert By("olga", "token:1", "api").session_id.startswith("token:")
    assert by_session("olga").get("session").json()["kind"] == "session"
    assert by_token("olga").get("session").json()["kind"] == "token"
