"""Release: queue, review by exception, disposition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.ids import new_id
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.release.queries import disposition
from tests import floor
from tests.conftest import Person
from tests.doors.web.conftest import clean, perform, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client


@pytest.fixture
def completed(walked: Path, sam: Person) -> Path:
    clean(sam)
    floor.do_all(Person("olga"), Person("otto"), "B-3")
    sam.does(b.complete_record, batch_id="B-3")
    return walked


def act(client: Client, verb: str, **fields: str) -> object:
    return client.post(f"/release/B-3/{verb}/", {"command_id": new_id(), **fields})


def test_queue_says_where_it_stands_and_what_blocks_it(completed: Path) -> None:
    text = signed_in("quinn").get("/release/").content.decode()
    assert "B-3" in text
    assert "In review" in text
    assert "Not reviewed by quality" in text
    assert "B-1" not in text


def test_empty_queue_says_what_to_do(site: Path) -> None:
    assert "No batch waits for release." in signed_in("quinn").get("/release/").content.decode()


@pytest.mark.requirement("R36")
@pytest.mark.requirement("R40")
def test_record_is_reviewed_and_released_through_the_door(completed: Path) -> None:
    quinn, paula = signed_in("quinn"), signed_in("paula")
    assert "Open the review" in quinn.get("/release/B-3/").content.decode()
    assert act(quinn, "open").status_code == 302
    assert perform(quinn, "/release/B-3/sign/").status_code == 302
    assert q.batch("B-3").record_state == "reviewed"
    assert "Reject" in quinn.get("/release/B-3/").content.decode()
    assert "Certify and release" not in quinn.get("/release/B-3/").content.decode()
    decision = {"decision": "released", "rationale": "Conforms."}
    assert perform(quinn, "/release/B-3/decide/", **decision).status_code == 409
    assert disposition("B-3") is None
    assert "Certify and release" in paula.get("/release/B-3/").content.decode()
    assert perform(paula, "/release/B-3/decide/", **decision).status_code == 302
    made = disposition("B-3")
    assert made is not None
    assert (made.decision, made.decided_by) == ("released", "Paula Graf")


@pytest.mark.requirement("R36")
def test_release_before_the_review_is_refused(completed: Path) -> None:
    answer = act(signed_in("paula"), "decide", decision="released", rationale="Quick.")
    assert answer.status_code == 409
    assert "Certify and release" not in signed_in("paula").get("/release/B-3/").content.decode()


def test_record_is_returned_with_a_reason(completed: Path) -> None:
    quinn = signed_in("quinn")
    act(quinn, "open")
    assert act(quinn, "return", reason="").status_code == 409
    assert act(quinn, "return", reason="Line clearance photo is missing.").status_code == 302
    assert q.batch("B-3").record_state == "returned"
    assert "photo is missing" in quinn.get("/release/B-3/").content.decode()


@pytest.mark.requirement("R23")
def test_production_does_not_review(completed: Path) -> None:
    assert act(signed_in("sam"), "open").status_code == 403
    assert "Open the review" not in signed_in("sam").get("/release/B-3/").content.decode()


def test_what_conformed_is_counted(completed: Path) -> None:
    text = signed_in("quinn").get("/release/B-3/").content.decode()
    assert "All else conformed" in text
    assert "critical steps" in text
    assert "Nothing: no exception, no correction, no comment" in text


def test_unknown_verb_and_batch_are_not_found(completed: Path) -> None:
    assert act(signed_in("quinn"), "burn").status_code == 404
    assert signed_in("quinn").get("/release/X/").status_code == 404
