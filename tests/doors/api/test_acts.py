from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from ninja import Router

from daytwo.doors.api.acts import act, acts, declared, reading
from daytwo.kernel.clock import clock_set, now
from daytwo.kernel.errors import Fault
from daytwo.kernel.ids import new_id
from daytwo.record.access.authority import COMMANDS
from daytwo.record.access.enums import Permission
from daytwo.record.access.models import Signature
from daytwo.record.access.queries import refusals
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.reading import head_version, one_event, stream_events
from daytwo.record.recipes import commands as r
from tests import floor
from tests.conftest import PASSWORD, Person
from tests.doors.api.program import Program, by_session, by_token

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpRequest

LOT = {
    "lot_id": "L-1",
    "material_code": "M",
    "material_name": "Mannitol",
    "quantity": {"value": "2.50", "unit": "kg"},
}
DRAFT = {"mbr_id": floor.MASTER.id, "yaml": floor.EXAMPLE, "reason": "first version"}
VERSION = {"mbr_id": floor.MASTER.id, "number": 1}


@pytest.fixture
def drafted(aron: Person) -> Program:
    """Return the author's program, with a draft to be signed as prepared."""
    aron.does(r.draft, **DRAFT)
    return by_token("aron")


def signed(program: Program, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    shown = program.post("recipes/submit/statement", VERSION).json()["statement"]
    signing = {"challenge": shown["challenge"], "password": password}
    return {**VERSION, "command_id": new_id(), "signing": {**signing, **more}}


def test_act_answers_with_the_events_that_it_recorded(site: Path) -> None:
    answer = by_token("sam").post("resources/receive_lot", {**LOT, "command_id": "receive-01"})
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["command_id"], said["replayed"]) == ("receive-01", False)
    (line,) = said["events"]
    event = one_event(line["seq"])
    assert event is not None
    assert line == {
        "seq": event.seq,
        "stream": "lot/L-1",
        "version": 1,
        "type": "material.lot.received",
        "recorded_at": event.recorded_text,
        "hash": event.hash,
    }
    assert event.actor.id == "sam"
    assert event.origin == {"kind": "native", "source": "api", "ref": None}


def test_same_command_id_again_gives_the_same_answer(site: Path) -> None:
    sam = by_token("sam")
    body = {**LOT, "command_id": "receive-02"}
    first, again = sam.post("resources/receive_lot", body), sam.post("resources/receive_lot", body)
    by_header = sam.post("resources/receive_lot", LOT, Idempotency_Key="receive-02")
    for answer in (again, by_header):
        assert answer.status_code == 200
        assert answer.json() == {**first.json(), "replayed": True}
    assert head_version("lot/L-1") == 1


def test_command_id_again_with_other_content_is_refused(site: Path) -> None:
    body = {**LOT, "command_id": "receive-03"}
    assert by_token("sam").post("resources/receive_lot", body).status_code == 200
    answer = by_token("sam").post("resources/receive_lot", {**body, "lot_id": "L-2"})
    assert (answer.status_code, answer.json()["code"]) == (409, "ledger.command_reused")
    assert head_version("lot/L-2") == 0


def test_command_id_of_another_person_is_refused(ada: Person) -> None:
    ada.does(COMMANDS["access.grant_role"], person_id="stan", role="supervisor", reason="test")
    body = {**LOT, "command_id": "receive-04"}
    assert by_token("sam").post("resources/receive_lot", body).status_code == 200
    answer = by_token("stan").post("resources/receive_lot", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "ledger.command_reused")


@pytest.mark.parametrize("header", [None, "other-id-1"])
def test_act_without_one_command_id_is_refused(site: Path, header: str | None) -> None:
    body = LOT if header is None else {**LOT, "command_id": "receive-05"}
    headers = {} if header is None else {"Idempotency_Key": header}
    answer = by_token("sam").post("resources/receive_lot", body, **headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "api.command_id")
    assert head_version("lot/L-1") == 0


def test_refusal_of_a_rule_is_told_and_recorded(site: Path) -> None:
    sam = by_token("sam")
    assert sam.act("resources/receive_lot", **LOT).status_code == 200
    answer = sam.act("resources/receive_lot", **LOT)
    assert (answer.status_code, answer.json()["code"]) == (409, "lot.exists")
    assert refusals()[0].code == "lot.exists"


@pytest.mark.requirement("R10")
def test_time_that_the_sender_claims_is_not_taken(site: Path) -> None:
    server = (now() + timedelta(hours=3)).replace(microsecond=5)
    claimed = "2001-01-01T00:00:00Z"
    with clock_set(lambda: server):
        sam = by_token("sam")
        answer = sam.post(
            f"resources/receive_lot?recorded_at={claimed}&now={claimed}",
            {**LOT, "command_id": "receive-06"},
            Date="Mon, 01 Jan 2001 00:00:00 GMT",
            X_Occurred_At=claimed,
        )
        for name in ("occurred_at", "recorded_at", "at", "timestamp"):
            body = {**LOT, "lot_id": "L-2", "command_id": "receive-07", name: claimed}
            refused = sam.post("resources/receive_lot", body)
            assert refused.json()["info"]["fields"][0]["field"] == name
    event = one_event(answer.json()["events"][0]["seq"])
    assert event is not None
    assert event.occurred_at == event.recorded_at == server
    assert head_version("lot/L-2") == 0


def test_statement_shows_what_the_signature_will_hold(drafted: Program) -> None:
    before = head_version(f"mbr/{floor.MASTER.id}")
    shown = drafted.post("recipes/submit/statement", VERSION).json()["statement"]
    assert head_version(f"mbr/{floor.MASTER.id}") == before, "looking changes nothing"
    answer = drafted.post(
        "recipes/submit",
        {
            **VERSION,
            "command_id": new_id(),
            "signing": {"challenge": shown["challenge"], "password": PASSWORD},
        },
    )
    assert answer.status_code == 200, answer.content
    row = Signature.objects.get()
    assert (row.content_sha256, row.meaning, row.record, row.record_version, row.subject) == (
        shown["sha256"],
        shown["meaning"],
        shown["record"],
        shown["record_version"],
        shown["subject"],
    )
    assert (row.signer_id, row.method) == ("aron", "password")


def test_act_that_needs_no_signature_has_no_statement(
    aron: Person, sam: Person, quinn: Person, olga: Person
) -> None:
    floor.approve_master(aron, sam, quinn)
    floor.stock(sam, quinn)
    floor.issue(sam)
    row = q.current_step(floor.BATCH)
    assert row is not None
    arguments = {
        "batch_id": floor.BATCH,
        "step_id": row.step_id,
        "entry": floor.entry_for(row.step_id),
    }
    of = q.master_step(q.batch(floor.BATCH), row.step_id)
    answer = by_token("olga").post("batches/complete_step/statement", arguments)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["statement"] is None) == (str(of.signatures) == "none")


@pytest.mark.requirement("R19")
@pytest.mark.parametrize("way", [by_token, by_session])
def test_session_or_token_alone_never_signs(drafted: Program, way: Any) -> None:
    program = way("aron")
    challenge = program.post("recipes/submit/statement", VERSION).json()["statement"]["challenge"]
    for number, (signing, status, code) in enumerate(
        (
            (None, 409, "signature.missing"),
            ({"challenge": challenge, "password": ""}, 403, "access.credentials"),
            ({"challenge": challenge, "password": "wrong password"}, 403, "access.credentials"),
            ({"challenge": "", "password": PASSWORD}, 409, "signature.challenge"),
            ({"challenge": challenge[:-1], "password": PASSWORD}, 409, "signature.challenge"),
            ({"challenge": challenge}, 422, "api.invalid"),
            ({"password": PASSWORD}, 422, "api.invalid"),
        )
    ):
        body = {**VERSION, "command_id": f"command-{number}", "signing": signing}
        answer = program.post("recipes/submit", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Signature.objects.exists()


@pytest.mark.requirement("R16")
def test_signature_signs_nothing_a_second_time(drafted: Program, aron: Person) -> None:
    body = signed(drafted)
    assert drafted.post("recipes/submit", body).status_code == 200
    answer = drafted.post("recipes/submit", {**body, "command_id": new_id()})
    assert answer.status_code == 409
    by_token("quinn").act("recipes/return_version", **VERSION, reason="again")
    aron.does(r.draft, **DRAFT)
    answer = drafted.post("recipes/submit", {**body, "command_id": new_id()})
    assert (answer.status_code, answer.json()["code"]) == (409, "signature.replayed")
    assert Signature.objects.count() == 1


def test_signed_act_repeated_by_its_command_id_is_one_act(drafted: Program) -> None:
    body = signed(drafted)
    first, again = (drafted.post("recipes/submit", body) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert again.json() == {**first.json(), "replayed": True}
    assert Signature.objects.count() == 1


@pytest.mark.requirement("R16")
def test_statement_that_changed_since_it_was_shown_is_not_signed(
    drafted: Program, aron: Person
) -> None:
    body = signed(drafted)
    aron.does(r.draft, **{**DRAFT, "yaml": floor.EXAMPLE.replace("Metoprolol t", "Metoprolol  t")})
    answer = drafted.post("recipes/submit", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "signature.content_changed")


@pytest.mark.requirement("R20")
def test_statement_shown_in_another_session_is_not_signed(drafted: Program) -> None:
    body = signed(by_token("aron"))
    answer = drafted.post("recipes/submit", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "signature.challenge")


def test_signature_on_an_act_that_takes_none_is_refused(site: Path) -> None:
    body = {**LOT, "command_id": "receive-08", "signing": {"challenge": "x", "password": "y"}}
    answer = by_token("sam").post("resources/receive_lot", body)
    assert answer.json()["info"]["fields"][0]["field"] == "signing"


@pytest.mark.requirement("R06")
def test_act_leaves_one_complete_entry_in_the_trail(site: Path) -> None:
    by_token("sam").act("resources/receive_lot", **LOT)
    by_token("quinn").act("resources/set_lot_status", lot_id="L-1", status="released", reason="ok")
    missing = by_token("quinn").act(
        "resources/set_lot_status", lot_id="L-1", status="rejected", reason=" "
    )
    assert missing.status_code == 409, "no change without its reason"
    _, event = stream_events("lot/L-1")
    assert (event.actor.id, event.actor.role, event.reason) == ("quinn", "quality", "ok")
    assert (event.data.status, event.data.previous) == ("released", "quarantine")
    assert event.recorded_text.endswith("Z")


def test_event_outside_the_catalogue_is_a_fault() -> None:
    @dataclass(frozen=True)
    class Stray:
        x: str

    with pytest.raises(Fault, match=r"Stray|emits"):
        declared(replace(b.hold_batch, emits=(Stray,)))


def _nothing(request: HttpRequest) -> dict[str, str]:
    return {}


def test_routes_are_declared_by_their_commands() -> None:
    router = Router()
    acts(router, b.hold_batch, b.complete_record)
    act(router, "/own", b.resume_batch, dict[str, str])(_nothing)
    reading(router, "/look", Permission.BATCH_READ, dict[str, str])(_nothing)
    found = {path: view.operations[0] for path, view in router.path_operations.items()}
    assert list(found) == [
        "/hold_batch",
        "/complete_record",
        "/complete_record/statement",
        "/own",
        "/look",
    ]
    assert found["/hold_batch"].openapi_extra["x-events"] == ["batch.held"]
    assert found["/complete_record"].openapi_extra["x-signatures"] == ["production reviewed"]
    assert found["/own"].openapi_extra["x-session-only"] is True
    assert found["/look"].openapi_extra == {"x-permission": "batch.read"}
