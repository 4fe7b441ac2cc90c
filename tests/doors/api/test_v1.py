from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyotp
import pytest

from daytwo import __version__
from daytwo.doors.jobs.demo.hands import equipment_number, lot_number
from daytwo.kernel.clock import instant, now, stamp
from daytwo.record.access import commands
from daytwo.record.batches import commands as b
from daytwo.record.ledger.reading import stream_events
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from tests import floor
from tests.conftest import PASSWORD, POSTGRESQL, Person
from tests.doors.api.program import Program, by_session, by_token
from tests.insight.governance.history import WINTER, winter_and_spring

if TYPE_CHECKING:
    from pathlib import Path

BATCH = {"batch_id": floor.BATCH}


@pytest.fixture
def running(aron: Person, sam: Person, quinn: Person, olga: Person, otto: Person) -> str:
    """Return a batch whose first steps are done."""
    floor.approve_master(aron, sam, quinn)
    floor.stock(sam, quinn)
    floor.issue(sam)
    for _ in range(4):
        floor.do_step(olga, otto)
    return floor.BATCH


def good(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json()


# -------------------------------------------------------------------------------- value


def test_baseline_is_frozen_signed_and_made_again(site: Path) -> None:
    winter_and_spring()
    lea = by_session("lea")
    entry = {
        "initiative_id": "V-1",
        "kpi_id": "K1",
        "title": "Winter",
        "since": WINTER[0],
        "until": WINTER[1],
    }
    statement = good(lea.post("value/freeze_baseline/statement", entry))
    assert statement["statement"]["content"]["value"] == "9.875"
    good(lea.act("value/freeze_baseline", **entry))
    found = good(lea.get("value/again/V-1"))
    assert (found["equal"], found["value"], found["n"]) == (True, "9.875", 8)
    assert by_session("ada").get("value/again/V-1").status_code == 403
    assert lea.get("value/again/V-9").status_code == 404


# ------------------------------------------------------------------------------ session


def test_sign_in_opens_a_session_and_sign_out_ends_it(site: Path) -> None:
    program = Program()
    opened = good(program.post("session", {"person": "quinn", "password": PASSWORD}))
    assert (opened["person"], opened["roles"], opened["kind"]) == ("quinn", ["quality"], "session")
    assert "lot.release" in opened["permissions"]
    again = good(program.get("session"))
    assert again["csrf_token"]
    ended = program.send("delete", "/api/v1/session", X_CSRFToken=again["csrf_token"])
    assert good(ended)["kind"] == "ended"
    assert program.get("session").status_code == 401
    words = [e.type for e in stream_events("person/quinn")[-2:]]
    assert words == ["access.signed_in", "access.signed_out"]


@pytest.mark.parametrize("person", ["quinn", "nobody-of-this-name"])
def test_wrong_credentials_open_nothing(site: Path, person: str) -> None:
    program = Program()
    answer = program.post("session", {"person": person, "password": "wrong password"})
    assert (answer.status_code, answer.json()["code"]) == (401, "api.credentials")
    assert "daytwo" not in program.client.cookies or not program.client.cookies["daytwo"].value
    assert program.get("session").status_code == 401


@pytest.mark.requirement("R21")
def test_five_wrong_passwords_lock_the_account(site: Path) -> None:
    program = Program()
    for _ in range(5):
        program.post("session", {"person": "quinn", "password": "wrong password"})
    answer = program.post("session", {"person": "quinn", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "api.locked")


def test_sign_in_takes_a_new_session_each_time(site: Path) -> None:
    program = by_session("quinn")
    first = program.client.cookies["daytwo"].value
    program.post("session", {"person": "quinn", "password": PASSWORD})
    assert program.client.cookies["daytwo"].value != first


# ------------------------------------------------------------------------------ access


def test_person_is_employed_by_a_program_and_takes_over_the_account(site: Path) -> None:
    ada = by_session("ada")
    for path, more in (
        ("register_person", {"name": "Nora Neu"}),
        ("grant_role", {"role": "operator", "reason": "hired"}),
        ("verify_identity", {"document": "passport seen"}),
    ):
        good(ada.act(f"access/{path}", person_id="nora", **more))
    first = good(ada.act("access/reset_password", person_id="nora", reason="first"))["password"]
    nora = Program()
    opened = good(nora.post("session", {"person": "nora", "password": first}))
    nora.headers["X-CSRFToken"] = opened["csrf_token"]
    assert opened["must_change_password"] is True
    assert nora.get("batches").json()["code"] == "access.must_change"
    change = {"old": first, "new": "a horse of my own 7"}
    good(nora.act("access/change_password", **change))
    good(nora.act("access/attest", statement=commands.ATTESTATION))
    good(nora.get("batches"))
    assert "nora" in {row["id"] for row in good(ada.get("access/people"))}
    grant = next(r for r in good(ada.get("access/register")) if r["person_id"] == "nora")
    assert (grant["role"], grant["granted_by"], grant["reason"]) == (
        "operator",
        "Ada Lang",
        "hired",
    )


def test_administrator_never_chooses_anothers_password(site: Path) -> None:
    answer = by_session("ada").act(
        "access/reset_password", person_id="olga", reason="x", password="chosen by the admin"
    )
    assert answer.status_code == 422


def test_token_is_told_once_and_listed_without_its_secret(site: Path) -> None:
    olga = by_session("olga")
    made = olga.act("access/issue_token", name="scale 3", days=30)
    secret = good(made)["secret"]
    program = Program({"authorization": f"Bearer {secret}"})
    assert good(program.get("session"))["person"] == "olga"
    listed = olga.get("access/tokens")
    assert [t["name"] for t in good(listed)] == ["scale 3"]
    assert secret not in listed.content.decode()
    assert olga.act("access/issue_token", name="x", days=366).status_code == 409


def test_second_factor_is_enrolled_and_then_asked_for(site: Path) -> None:
    olga = by_session("olga")
    secret = good(olga.get("access/totp_secret"))["secret"]
    wrong = olga.act("access/enrol_totp", secret=secret, code="000000x")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "access.totp_code")
    code = pyotp.TOTP(secret).at(now())
    good(olga.act("access/enrol_totp", secret=secret, code=code))
    answer = Program().post("session", {"person": "olga", "password": PASSWORD})
    assert answer.status_code == 401


def test_refusals_and_alerts_are_read(site: Path) -> None:
    by_token("olga").act("batches/hold_batch", batch_id="B-1", reason="x")
    for _ in range(5):
        Program().post("session", {"person": "stan", "password": "wrong password"})
    ada = by_token("ada")
    assert good(ada.get("access/refusals?limit=1"))[0]["command"] == "batch.hold"
    (alert,) = good(ada.get("access/alerts"))
    assert "stan" in alert["subject"]
    told = {"alert": alert["event_seq"], "comment": "spoken to; forgot the password"}
    good(ada.act("access/unlock", person_id="stan", reason=told["comment"]))
    assert good(ada.get("access/alerts")) == []
    assert ada.act("access/acknowledge_alert", **told).status_code == 409


# ------------------------------------------------------------------------------ a batch, whole


SIGNED = {
    "recipes/submit",
    "recipes/check",
    "recipes/approve",
    "batches/complete_step",
    "batches/verify_step",
    "batches/complete_record",
    "release/review_record",
    "release/decide",
}


@pytest.mark.requirement("R19")
def test_batch_walks_from_master_to_release_over_the_interface(site: Path) -> None:
    # R19: `act` tries each signed act without its signature first.
    people = ("aron", "sam", "quinn", "quentin", "olga", "otto", "paula", "luis")
    does = {name: by_token(name) for name in people}
    mbr = {"mbr_id": floor.MASTER.id}
    good(does["aron"].act("recipes/draft", **mbr, yaml=floor.EXAMPLE, reason="first version"))
    for who, verb in (("aron", "submit"), ("sam", "check"), ("quinn", "approve")):
        good(does[who].act(f"recipes/{verb}", **mbr, number=1))
    _stock(does["sam"], does["quinn"])
    good(does["sam"].act("batches/issue_order", **BATCH, order_id="O-1", **mbr, number=1))
    while (row := good(does["olga"].get(f"batches/current_step/{floor.BATCH}"))) is not None:
        _do(does, row)
    discrepant = good(does["olga"].get(f"batches/record/{floor.BATCH}"))["discrepancies"]
    for found in discrepant:
        answer = {"discrepancy_id": found["id"], "answer": "Looked at; no effect."}
        good(does["sam"].act("batches/answer_discrepancy", **BATCH, **answer))
    good(does["sam"].act("batches/complete_record", **BATCH))
    assert [i["batch"]["id"] for i in good(does["quentin"].get("release/queue"))] == [floor.BATCH]
    good(does["quentin"].act("release/open_review", **BATCH))
    for found in discrepant:
        judged = {"discrepancy_id": found["id"], "route": "exception", "rationale": "Explained."}
        good(does["quentin"].act("quality/classify_discrepancy", **BATCH, **judged))
    good(does["quentin"].act("release/review_record", **BATCH))
    seen = good(does["paula"].get(f"release/review/{floor.BATCH}"))
    assert seen["blockers"] == []
    assert seen["critical"]
    assert len(seen["discrepancies"]) == len(discrepant)
    decision = {"decision": "released", "rationale": "conforms"}
    good(does["paula"].act("release/decide", **BATCH, **decision))
    record = good(does["luis"].get(f"batches/record/{floor.BATCH}"))
    assert (record["batch"]["state"], record["batch"]["record_state"]) == ("complete", "released")
    assert {s["state"] for s in record["signatures"]} == {"valid"}
    assert all(s["signer_name"] and s["time_zone"] and s["meaning"] for s in record["signatures"])
    assert {e["step_id"] for e in record["entries"]} == {s["step_id"] for s in record["steps"]}
    assert {path for program in does.values() for path in program.unsigned} >= SIGNED
    assert record["materials"]
    assert record["equipment"]
    assert good(does["luis"].get("release/queue")) == []
    assert good(does["luis"].get("kpis/K1"))["n"] == 1
    assert verify(site).ok
    assert compare().equal


def _stock(sam: Program, quinn: Program) -> None:
    for component in floor.MASTER.formula.inputs:
        amount = component.quantity.value * Decimal(20)
        lot = {"lot_id": lot_number(component.material)}
        received = {
            **lot,
            "material_code": component.material,
            "material_name": component.name,
            "quantity": {"value": f"{amount:f}", "unit": component.quantity.unit},
        }
        good(sam.act("resources/receive_lot", **received))
        good(quinn.act("resources/set_lot_status", **lot, status="released", reason="tested"))
    until = (now() + timedelta(days=30)).isoformat()
    for name in sorted(floor.equipment_classes()):
        number = {"equipment_id": equipment_number(name)}
        good(sam.act("resources/register_equipment", **number, name=name, equipment_class=name))
        good(sam.act("resources/record_calibration", **number, valid_until=until))
        good(sam.act("resources/record_cleaning", **number, clean_until=until))


def _do(does: dict[str, Program], row: dict[str, Any]) -> None:
    of = next(p.step for p in floor.MASTER.steps() if p.step.id == row["step_id"])
    place = {**BATCH, "step_id": of.id}
    doer = does["sam" if of.performed_by == "supervisor" else "olga"]
    if row["state"] != "done":
        good(doer.act("batches/claim_step", **place))
        good(doer.act("batches/complete_step", **place, entry=floor.entry_for(of.id)))
    now_at = good(doer.get(f"batches/current_step/{floor.BATCH}"))
    if now_at is not None and (now_at["step_id"], now_at["state"]) == (of.id, "done"):
        good(does["otto"].act("batches/verify_step", **place))


# ------------------------------------------------------------------------------ readings


def test_batches_are_listed_and_narrowed(running: str) -> None:
    luis = by_token("luis")
    assert [row["id"] for row in good(luis.get("batches"))] == [running]
    assert [row["id"] for row in good(luis.get("batches?state=running&origin=native"))] == [running]
    assert good(luis.get("batches?product_code=none")) == []
    assert good(luis.get("batches?offset=1")) == []
    assert [row["id"] for row in good(luis.get("batches/live"))] == [running]
    for query in ("limit=0", "limit=1001", "offset=-1", "limit=x", f"offset={10**30}"):
        assert luis.get(f"batches?{query}").status_code == 422


def test_record_of_a_batch_is_read_whole(running: str, sam: Person) -> None:
    sam.does(b.report_discrepancy, **BATCH, step_id=None, description="odd", stop_work=False)
    sam.does(b.add_comment, **BATCH, step_id=None, comment="looked at")
    record = good(by_token("luis").get(f"batches/record/{running}"))
    assert len(record["steps"]) == record["batch"]["steps_total"]
    assert [s["state"] for s in record["steps"][:4]] == ["verified"] * 4
    assert record["discrepancies"][0]["description"] == "odd"
    assert record["comments"][0]["comment"] == "looked at"
    assert [s["position"] for s in record["steps"]] == sorted(
        s["position"] for s in record["steps"]
    )


@pytest.mark.parametrize(
    "path",
    [
        "batches/record/B-none",
        "batches/record/a/b/c",
        "batches/current_step/B-none",
        "release/review/B-none",
        "resources/logbook/E-none",
        "recipes/version/M-9999/1",
        "kpis/K99",
        "kpis/K99/explanation",
    ],
)
def test_what_does_not_exist_is_unknown(site: Path, path: str) -> None:
    answer = by_token("luis").get(path)
    assert answer.status_code == 404
    assert answer.json()["code"].endswith(".unknown")


def test_masters_are_listed_and_read(running: str) -> None:
    luis = by_token("luis")
    (row,) = good(luis.get("recipes"))
    assert (row["mbr_id"], row["version"], row["status"]) == (floor.MASTER.id, 1, "effective")
    assert good(luis.get(f"recipes?mbr_id={floor.MASTER.id}")) == [row]
    whole = good(luis.get(f"recipes/version/{floor.MASTER.id}/1"))
    assert whole["yaml"] == floor.EXAMPLE
    assert luis.get(f"recipes/version/{floor.MASTER.id}/99999999999").status_code == 422


def test_lots_and_equipment_are_read(running: str) -> None:
    luis = by_token("luis")
    lots = good(luis.get("resources/lots"))
    assert {row["status"] for row in lots} == {"released"}
    one = lots[0]["material_code"]
    assert {
        row["material_code"] for row in good(luis.get(f"resources/lots?material_code={one}"))
    } == {one}
    equipment = good(luis.get("resources/equipment"))
    assert equipment
    logs = [good(luis.get(f"resources/logbook/{row['id']}")) for row in equipment]
    assert {use["batch_id"] for log in logs for use in log} <= {running}
    assert good(luis.get("batches/with_lot/L-none")) == []


def test_laboratory_and_deviations_are_read(site: Path) -> None:
    luis = by_token("luis")
    assert good(luis.get("laboratory/results/batch/B-1")) == []
    assert luis.get("laboratory/results/person/olga").status_code == 422
    assert good(luis.get("quality/deviations?open_only=true")) == []


@pytest.mark.requirement("R08")
def test_audit_trail_is_searched_by_who_what_when_and_why(running: str, sam: Person) -> None:
    sam.does(b.hold_batch, **BATCH, reason="drum 7 leaks at the seal")
    begun = now()
    sam.does(b.resume_batch, **BATCH, reason="seal changed")
    luis = by_token("luis")

    def found(query: str) -> list[dict[str, Any]]:
        return good(luis.get(f"ledger/audit_trail?limit=1000&{query}"))

    everything = found("")
    assert len(everything) == everything[0]["seq"]
    assert {e["actor_id"] for e in found("who=olga")} == {"olga"}
    assert 0 < len(found("who=olga")) < len(everything)
    assert {e["type"] for e in found("what=batch.hel")} == {"batch.held"}
    (held,) = found("why=leaks")
    assert held["reason"] == "drum 7 leaks at the seal"
    assert (held["actor_name"], held["actor_role"], held["command"]) == (
        "Sam Keller",
        "supervisor",
        "batch.hold",
    )
    since = stamp(begun)
    assert {e["type"] for e in found(f"since={since}&record=batch/")} == {"batch.resumed"}
    assert found(f"since={since}&until={since}") == []
    assert {e["stream"] for e in found(f"record=batch/{running}")} == {f"batch/{running}"}
    everybody = found(f"who=sam&what=batch&why=seal&until={since}&record=batch/{running}")
    assert [e["reason"] for e in everybody] == ["drum 7 leaks at the seal"]


@pytest.mark.requirement("R08")
@pytest.mark.parametrize("field", ["seq", "recorded_at", "actor_id", "type", "stream", "reason"])
def test_audit_trail_is_sorted_by_each_field(running: str, field: str) -> None:
    luis = by_token("luis")
    up = good(luis.get(f"ledger/audit_trail?order={field}&limit=1000"))
    down = good(luis.get(f"ledger/audit_trail?order=-{field}&limit=1000"))
    assert [e["seq"] for e in up] == [e["seq"] for e in reversed(down)]
    values = [e[field] for e in up if e[field] is not None]
    if not POSTGRESQL or field in {"seq", "recorded_at"}:
        assert values == sorted(values)
    page = good(luis.get(f"ledger/audit_trail?order={field}&limit=7&offset=5"))
    assert [e["seq"] for e in page] == [e["seq"] for e in up[5:12]]


@pytest.mark.parametrize(
    "query",
    [
        "order=payload",
        "since=yesterday",
        "since=2026-01-01",
        "limit=0",
        "limit=9999",
        "offset=-1",
        "who=" + "x" * 201,
    ],
)
def test_question_of_another_form_is_refused(site: Path, query: str) -> None:
    assert by_token("luis").get(f"ledger/audit_trail?{query}").status_code == 422


@pytest.mark.parametrize("word", ["%25", "_", "!", "'", '"', "\\", "%27%20OR%201=1--"])
def test_signs_of_the_query_language_are_plain_letters(site: Path, word: str) -> None:
    for name in ("who", "what", "record", "why"):
        assert good(by_token("luis").get(f"ledger/audit_trail?{name}={word}")) == []


@pytest.mark.requirement("R02")
def test_verification_reads_the_whole_ledger(site: Path) -> None:
    found = good(by_token("luis").get("ledger/verification"))
    assert (found["ok"], found["broken"]) == (True, [])
    assert found["events"] == good(by_token("luis").get("health"))["last_seq"] - 1
    assert found["streams"] > 10


def test_health_says_version_time_and_database(site: Path) -> None:
    before = now()
    found = good(by_token("stan").get("health"))
    assert (found["status"], found["version"]) == ("ok", __version__)
    assert found["database"] == ("postgresql" if POSTGRESQL else "sqlite")
    assert before <= instant(found["now"]) <= now()


def test_kpi_is_shown_and_explained(running: str) -> None:
    lea = by_token("lea")
    assert "K1" in {row["id"] for row in good(lea.get("kpis"))}
    shown = good(lea.get("kpis/K1"))
    assert (shown["value"], shown["n"]) == (None, 0)
    (subject,) = good(lea.get("kpis/K1/explanation"))
    assert subject["subject"] == running
    assert good(lea.get("kpis/K1/explanation?product=none")) == []


def test_ids_with_slashes_are_addresses_too(sam: Person) -> None:
    program = by_token("sam")
    made = {"equipment_id": "hall-2/press-1", "name": "Press", "equipment_class": "tablet_press"}
    good(program.act("resources/register_equipment", **made))
    assert good(program.get("resources/logbook/hall-2/press-1")) == []
    assert good(program.get("resources/logbook/hall-2%2Fpress-1")) == []
