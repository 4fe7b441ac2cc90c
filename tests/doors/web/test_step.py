"""Batch to step: every kind of step, every way to stand before one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web.step import reading
from daytwo.doors.web.visitors import Visitor
from daytwo.kernel.ids import new_id
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from tests import floor
from tests.conftest import Person
from tests.doors.web.conftest import clean, perform, report, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

OLGA = Visitor(
    "olga",
    "Olga Brandt",
    ("Operator",),
    "s",
    frozenset({"batch.execute", "batch.verify"}),
    role_names=frozenset({"operator"}),
)


def page(who: str, step_id: str, batch_id: str = "B-3") -> str:
    return signed_in(who).get(f"/floor/{batch_id}/{step_id}/").content.decode()


def finish(client: Client, batch_id: str, step_id: str) -> object:
    entry = {f"entry.{k}": v for k, v in floor.entry_for(step_id, batch_id).items()}
    return perform(client, f"/floor/{batch_id}/{step_id}/complete/", **entry)


def test_batch_leads_to_the_step_that_wants_a_hand(walked: Path) -> None:
    assert signed_in("olga").get("/floor/B-2/")["Location"] == "/floor/B-2/DSP-040/"
    assert signed_in("olga").get("/floor/B-1/")["Location"] == "/batches/B-1/"
    assert signed_in("olga").get("/floor/B-77/").status_code == 404
    assert signed_in("olga").get("/floor/B-2/XXX-1/").status_code == 404


def test_whole_batch_is_executed_through_the_door(walked: Path, sam: Person) -> None:
    """Every kind of step of the example, entered, signed and verified by form."""
    clean(sam)
    clients = {who: signed_in(who) for who in ("olga", "otto", "sam")}
    kinds = set()
    while (row := q.current_step("B-3")) is not None:
        kinds.add(row.kind)
        if row.state != "done":
            doer = floor.doer(row.step_id, Person("olga")).id
            answer = finish(clients[doer], "B-3", row.step_id)
            assert answer.status_code == 302, answer.content.decode()[-1500:]
            assert answer["Location"] == "/floor/B-3/"
        if q.step("B-3", row.step_id).state == "done":
            done = perform(clients["otto"], f"/floor/B-3/{row.step_id}/verify/")
            assert done.status_code == 302
    assert kinds == {
        "line_clearance",
        "check_equipment",
        "weigh",
        "charge_material",
        "enter_value",
        "yield",
        "confirm",
    }
    assert q.batch("B-3").ended_at is not None


def test_weighing_shows_material_target_and_lots(walked: Path) -> None:
    text = page("olga", "DSP-040", "B-2")
    assert "Lactose monohydrate" in text
    assert "L-RM-2001-01" in text
    assert "Net wanted: 21.600" in text
    assert 'role="img"' in text


def test_charge_says_which_container(walked: Path) -> None:
    seen = reading.sight("B-2", "GRN-020", OLGA)
    assert reading.container(seen).startswith("B-2/DSP-")
    assert reading.material(seen) != ""
    assert reading.container(reading.sight("B-2", "DSP-040", OLGA)) == ""


@pytest.mark.requirement("R26")
def test_step_out_of_order_is_refused_with_the_one_to_do(walked: Path) -> None:
    answer = finish(signed_in("olga"), "B-3", "DSP-020")
    assert answer.status_code == 409
    assert "To be done now: DSP-010" in answer.content.decode()
    assert "Not due yet" in page("olga", "DSP-020")


@pytest.mark.requirement("R23")
def test_doer_is_not_offered_to_verify_and_is_refused(walked: Path) -> None:
    olga = signed_in("olga")
    finish(olga, "B-3", "DSP-010")
    text = page("olga", "DSP-010")
    assert "A second person must verify" in text
    assert "Verify and sign" not in text
    answer = olga.post("/floor/B-3/DSP-010/verify/", {"command_id": new_id()})
    assert answer.status_code == 409
    assert "Verify and sign" in page("otto", "DSP-010")


def test_ticks_are_shown_to_the_verifier_in_their_words(walked: Path) -> None:
    finish(signed_in("olga"), "B-3", "DSP-010")
    text = page("otto", "DSP-010")
    assert "The booth is clean and its cleaning is recorded" in text
    assert "Item-1" not in text


def test_second_person_takes_over_where_the_first_stopped(walked: Path) -> None:
    olga = signed_in("olga")
    finish(olga, "B-3", "DSP-010")
    assert "Hand over to a second person" in page("olga", "DSP-010")
    where = "/floor/B-3/DSP-010/"
    answer = olga.post("/sign-in/out/", {"next": where})
    assert answer["Location"] == "/sign-in/?next=%2Ffloor%2FB-3%2FDSP-010%2F"
    assert f'value="{where}"' in olga.get(answer["Location"]).content.decode()


@pytest.mark.requirement("R35")
@pytest.mark.parametrize(
    ("off", "kind", "follows"),
    [
        (Decimal(1), "stop", "the batch is held and a supervisor must answer it"),
        (Decimal("-0.1"), "attention", "The batch goes on."),
    ],
)
def test_signer_is_told_of_a_limit_before_the_signature(
    off: Decimal, kind: str, follows: str, walked: Path, sam: Person
) -> None:
    clean(sam)
    floor.do_until(Person("olga"), Person("otto"), "GRN-090", "B-3")
    high = next(p.step for p in floor.MASTER.steps() if p.step.id == "GRN-090").action_high
    sent = {"command_id": new_id(), "entry.value": f"{high.value + off:.{1}f}"}
    text = signed_in("olga").post("/floor/B-3/GRN-090/complete/", sent).content.decode()
    assert 'name="challenge"' in text
    assert f'class="notice {kind}"' in text
    assert follows in text
    assert q.step("B-3", "GRN-090").state != "done"


@pytest.mark.parametrize(
    ("step_id", "batch_id", "wrong", "field", "says"),
    [
        ("DSP-040", "B-2", {"lot": "L-RM-1001-01"}, "lot", "the step needs RM-2001"),
        ("DSP-040", "B-2", {"gross": "9.000"}, "gross", "Add or take away"),
        ("DSP-040", "B-2", {"balance": "X-1"}, "balance", "There is no equipment X-1"),
    ],
)
def test_refusal_stands_at_its_field_which_has_the_cursor(
    step_id: str, batch_id: str, wrong: dict[str, str], field: str, says: str, walked: Path
) -> None:
    entry = {f"entry.{k}": v for k, v in (floor.entry_for(step_id, batch_id) | wrong).items()}
    path = f"/floor/{batch_id}/{step_id}/complete/"
    answer = signed_in("olga").post(path, {"command_id": new_id(), **entry})
    text = answer.content.decode()
    assert answer.status_code == 409
    said = re.search(rf'id="entry.{field}-wrong" role="alert">(.*?)</p>', text, re.DOTALL)
    assert said
    assert says in said[1]
    assert "Nothing was recorded." in said[1]
    at = re.search(r"<(?:input|div)[^>]*data-focus[^>]*>", text)
    assert at
    assert f'name="entry.{field}"' in at[0]
    assert text.count("data-focus") == 1


@pytest.mark.requirement("R35")
def test_value_outside_its_limits_is_shown_and_not_silent(walked: Path, sam: Person) -> None:
    clean(sam)
    floor.do_until(Person("olga"), Person("otto"), "GRN-090", "B-3")
    high = next(p.step for p in floor.MASTER.steps() if p.step.id == "GRN-090").action_high
    entry = {"entry.value": f"{high.value + Decimal(1):.{1}f}"}
    answer = perform(signed_in("olga"), "/floor/B-3/GRN-090/complete/", **entry)
    assert answer.status_code == 302
    text = page("sam", "GRN-090")
    assert "outside the action limits" in text
    assert "Waits for the answer of a supervisor" in text
    if q.step("B-3", "GRN-090").state == "done":
        perform(signed_in("otto"), "/floor/B-3/GRN-090/verify/")
    following = signed_in("olga").get("/floor/B-3/", follow=True).content.decode()
    assert "supervisor has answered this" in following or "The batch is held" in following


def test_scanned_lot_that_nobody_knows_keeps_the_rest_of_the_entry(walked: Path) -> None:
    entry = {f"entry.{k}": v for k, v in floor.entry_for("DSP-040", "B-2").items()}
    entry["entry.lot"] = "L-OTHER"
    path = "/floor/B-2/DSP-040/complete/"
    answer = signed_in("olga").post(path, {"command_id": new_id(), **entry})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "There is no lot L-OTHER" in text
    assert f'value="{entry["entry.gross"]}"' in text


@pytest.mark.requirement("R13")
def test_correction_keeps_the_first_entry_legible(walked: Path) -> None:
    client = signed_in("olga")
    before = q.step("B-2", "DSP-030")
    entry = {f"entry.{k}": v for k, v in floor.entry_for("DSP-030", "B-2").items()}
    entry["entry.gross"] = str(Decimal(entry["entry.gross"]) + Decimal("0.001"))
    path = "/floor/B-2/DSP-030/correct/"
    asked = client.get(path).content.decode()
    assert "stays legible" in asked
    assert "No released lot" not in asked
    assert asked.count(" readonly") == 2
    refused = client.post(path, {"command_id": new_id(), "reason": "", **entry})
    assert refused.status_code == 409
    assert f'value="{entry["entry.gross"]}"' in refused.content.decode()
    assert perform(client, path, reason="Misread.", **entry).status_code == 302
    text = page("olga", "DSP-030", "B-2")
    assert re.search(r"<del>[^<]*", text)
    assert "reason: Misread." in text
    assert before.corrections + 1 == q.step("B-2", "DSP-030").corrections


def test_something_is_wrong_is_said_at_any_step(walked: Path) -> None:
    client, path = signed_in("olga"), "/floor/B-3/DSP-010/wrong/"
    empty = client.post(path, {"command_id": new_id(), "description": "", "stop": "yes"})
    assert empty.status_code == 409
    assert re.search(r'id="wrong" popover data-open', empty.content.decode())
    assert 'value="yes" checked' in empty.content.decode()
    sent = {"command_id": new_id(), "description": "The seal is broken.", "stop": "yes"}
    answer = client.post(path, sent)
    assert answer["Location"] == "/floor/B-3/DSP-010/"
    assert q.unanswered("B-3", blocking_only=True) == ["B-3/1"]
    assert "The supervisor sees it" in client.get(answer["Location"]).content.decode()
    assert "The supervisor sees it" not in client.get(answer["Location"]).content.decode()


def test_held_batch_says_why_and_who_can_help(walked: Path, sam: Person) -> None:
    sam.does(b.hold_batch, batch_id="B-3", reason="Humidity too high.")
    text = page("olga", "DSP-010")
    assert "Humidity too high." in text
    assert "A supervisor can resume it." in text
    assert 'id="entry"' not in text


@pytest.mark.parametrize(
    ("who", "mode"), [("olga", "enter"), ("quinn", "other_role"), ("luis", "other_role")]
)
def test_form_is_offered_to_the_role_that_the_master_names(
    who: str, mode: str, walked: Path
) -> None:
    text = page(who, "DSP-010")
    assert ('id="entry"' in text) == (mode == "enter")
    if mode == "other_role":
        assert "This step is done by: Operator." in text


def test_tree_marks_the_state_of_every_step_in_a_word(walked: Path, olga: Person) -> None:
    report(olga, "B-3", stop_work=False)
    seen = reading.sight("B-2", "DSP-040", OLGA)
    leaves = [leaf for branch in seen.branches for leaf in branch.leaves]
    assert len(leaves) == seen.batch.steps_total
    assert {leaf.state for leaf in leaves} == {"done", "due now", "not due yet"}
    flagged = [leaf for leaf in leaves if leaf.note]
    assert [(leaf.row.step_id, leaf.tone, leaf.note) for leaf in flagged] == [
        ("DSP-040", "attention", "exception")
    ]
    assert [branch.here for branch in seen.branches].count(True) == 1


def test_bar_is_of_the_limits_of_the_step() -> None:
    steps = {p.step.id: p.step for p in floor.MASTER.steps()}
    for step_id in ("GRN-090", "DSP-030", "GRN-100"):
        assert reading.bar(steps[step_id], None) is not None
    assert reading.bar(steps["DSP-010"], None) is None
