"""How a form becomes an act: rehearsed, signed, refused with the entry kept, never done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.ids import new_id
from daytwo.record.batches import queries as q
from daytwo.record.ledger.reading import last_seq, search
from tests.conftest import PASSWORD
from tests.doors.web.conftest import field, perform, signed_in

if TYPE_CHECKING:
    from pathlib import Path

STEP = "/floor/B-3/DSP-010/complete/"
ENTRY = {"entry.item-1": "yes", "entry.item-2": "yes", "entry.item-3": "yes"}


def test_first_sending_shows_what_is_to_be_signed_and_changes_nothing(walked: Path) -> None:
    before = last_seq()
    answer = signed_in("olga").post(STEP, {"command_id": new_id(), **ENTRY})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Performed" in text
    assert "What you sign" in text
    assert 'type="password"' in text
    assert last_seq() == before


def test_refusal_shows_before_a_password_is_asked(walked: Path) -> None:
    answer = signed_in("olga").post(STEP, {"command_id": new_id(), "entry.item-1": "yes"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'role="alert"' in text
    assert 'type="password"' not in text
    assert 'name="entry.item-1" value="yes" required checked' in text
    assert 'name="entry.item-2" value="yes" required data-focus' in text


@pytest.mark.requirement("R19")
def test_signature_makes_the_step_done(walked: Path) -> None:
    answer = perform(signed_in("olga"), STEP, **ENTRY)
    assert answer.status_code == 302
    assert q.step("B-3", "DSP-010").state == "done"


@pytest.mark.requirement("R19")
def test_wrong_password_signs_nothing_and_keeps_the_entry(walked: Path) -> None:
    client = signed_in("olga")
    answer = perform(client, STEP, password="not the password", **ENTRY)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Your entry is kept below" in text
    assert field(text, "entry.item-3") == "yes"
    assert q.step("B-3", "DSP-010").state == "offered"
    again = client.post(
        STEP,
        {
            **ENTRY,
            "command_id": field(text, "command_id"),
            "challenge": field(text, "challenge"),
            "password": PASSWORD,
        },
    )
    assert again.status_code == 302


@pytest.mark.requirement("R19")
def test_session_alone_never_signs(walked: Path) -> None:
    client = signed_in("olga")
    answer = client.post(STEP, {"command_id": new_id(), "challenge": "x", **ENTRY})
    assert answer.status_code == 403
    assert q.step("B-3", "DSP-010").state == "offered"


@pytest.mark.requirement("R20")
def test_statement_of_another_person_is_not_signed(walked: Path) -> None:
    shown = signed_in("olga").post(STEP, {"command_id": new_id(), **ENTRY}).content.decode()
    answer = signed_in("otto").post(
        STEP,
        {
            **ENTRY,
            "command_id": new_id(),
            "challenge": field(shown, "challenge"),
            "password": PASSWORD,
        },
    )
    assert answer.status_code == 409
    assert "shown to another person" in answer.content.decode()


@pytest.mark.requirement("R16")
def test_statement_signs_only_the_entry_that_was_shown(walked: Path) -> None:
    client, path = signed_in("sam"), "/batches/B-2/exceptions/B-2~2F1/"
    shown = client.post(path, {"command_id": new_id(), "answer": "Looked at."}).content.decode()
    swapped = client.post(
        path,
        {
            "command_id": field(shown, "command_id"),
            "challenge": field(shown, "challenge"),
            "password": PASSWORD,
            "answer": "Never looked at.",
        },
    )
    assert swapped.status_code == 409
    assert "changed after it was shown" in swapped.content.decode()
    assert q.unanswered("B-2") == ["B-2/1"]


def test_same_form_sent_twice_is_one_act(walked: Path) -> None:
    client = signed_in("olga")
    twice = {"command_id": new_id(), "comment": "Filter bag noisy."}
    path = "/floor/B-3/DSP-010/comment/"
    assert client.post(path, twice).status_code == 302
    before = last_seq()
    assert client.post(path, twice).status_code == 302
    assert last_seq() == before
    assert len(q.comments("B-3")) == 1


def test_back_to_the_entry_changes_nothing_and_keeps_it(walked: Path) -> None:
    before = last_seq()
    answer = signed_in("olga").post(STEP, {"command_id": new_id(), "again": "1", **ENTRY})
    assert answer.status_code == 200
    assert answer.content.decode().count(" checked") == 3
    assert last_seq() == before


def test_refused_act_is_recorded(walked: Path) -> None:
    signed_in("olga").post(STEP, {"command_id": new_id()})
    assert search(type_="access.command")[0].payload["command"] == "batch.complete_step"
