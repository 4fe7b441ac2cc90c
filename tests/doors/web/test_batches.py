"""Batches: the list, one of them, answers and judgements, hold and completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web.batches.reading import whole
from daytwo.kernel.ids import new_id
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.quality.queries import classifications, deviations
from daytwo.record.release import commands as rel
from tests import floor
from tests.conftest import Person
from tests.doors.web.conftest import clean, perform, signed_in

if TYPE_CHECKING:
    from pathlib import Path

EXCEPTION = "/batches/B-2/exceptions/B-2~2F1/"


def test_list_narrows_to_a_product_and_gives_csv(walked: Path) -> None:
    client = signed_in("sam")
    assert "B-1" in client.get("/batches/?product=MET-50").content.decode()
    assert "No batch fits." in client.get("/batches/?product=nothing").content.decode()
    lines = client.get("/batches/?format=csv&sort=batch").content.decode().splitlines()
    assert lines[0].startswith("Batch,Product")
    assert [line.split(",")[0] for line in lines[1:]] == ["B-1", "B-2", "B-3"]


def test_nonsense_in_the_address_is_no_fault(walked: Path) -> None:
    client = signed_in("sam")
    for query in ("page=-1", "page=99999999999", "page=x", "sort=--", "product=%27"):
        assert client.get(f"/batches/?{query}").status_code == 200, query


def test_batch_shows_genealogy_signatures_and_history(walked: Path) -> None:
    found = whole("B-1")
    text = signed_in("luis").get("/batches/B-1/").content.decode()
    assert {lot.id for _use, lot in found.materials if lot} >= {"L-RM-1001-01"}
    assert "L-RM-1001-01" in text
    assert f"{len(found.events)} events" in text
    assert "certified and released" in text.lower()
    assert not found.imported


def test_supervisor_answers_an_exception_by_signature(walked: Path) -> None:
    client = signed_in("sam")
    assert "What was found, and what was done" in client.get(EXCEPTION).content.decode()
    assert client.post(EXCEPTION, {"command_id": new_id(), "answer": ""}).status_code == 409
    answer = perform(client, EXCEPTION, answer="Lot changed, bag discarded.")
    assert answer["Location"] == "/batches/B-2/"
    assert q.unanswered("B-2") == []


def test_operator_sees_the_exception_and_no_form(walked: Path) -> None:
    text = signed_in("olga").get(EXCEPTION).content.decode()
    assert "Waits for the answer of a supervisor" in text
    answer = signed_in("olga").post(EXCEPTION, {"command_id": new_id(), "answer": "Fine."})
    assert answer.status_code == 403


def test_hold_and_resume_ask_for_a_reason(walked: Path) -> None:
    client = signed_in("sam")
    refused = client.post("/batches/B-3/hold/", {"command_id": new_id(), "reason": " "})
    assert refused.status_code == 409
    client.post("/batches/B-3/hold/", {"command_id": new_id(), "reason": "Humidity."})
    assert q.batch("B-3").state == "held"
    assert "Held: Humidity." in client.get("/batches/B-3/").content.decode()
    client.post("/batches/B-3/resume/", {"command_id": new_id(), "reason": "Dry again."})
    assert q.batch("B-3").state != "held"


@pytest.mark.requirement("R26")
def test_record_with_open_steps_is_not_completed(walked: Path) -> None:
    answer = signed_in("sam").post("/batches/B-2/complete/", {"command_id": new_id()})
    assert answer.status_code == 409
    assert q.batch("B-2").record_state == "open"


def test_quality_judges_and_closes_a_deviation(walked: Path, sam: Person) -> None:
    perform(signed_in("sam"), EXCEPTION, answer="Lot changed.")
    early = signed_in("quinn").get(EXCEPTION).content.decode()
    assert "Before that production completes the record." in early
    assert 'name="route"' not in early
    clean(sam)
    floor.do_all(Person("olga"), Person("otto"), "B-2")
    assert perform(signed_in("sam"), "/batches/B-2/complete/").status_code == 302
    Person("quinn").does(rel.open_review, batch_id="B-2")
    quinn = signed_in("quinn")
    judgement = {"route": "deviation", "classification": "major", "rationale": "Material lost."}
    assert perform(quinn, EXCEPTION, **judgement)["Location"] == "/release/B-2/"
    assert classifications("B-2")["B-2/1"].route == "deviation"
    opened = deviations("B-2")[0]
    path = f"/batches/B-2/deviations/{opened.id}/"
    assert "Close with its cause" in quinn.get(path).content.decode()
    closed = perform(quinn, path, root_cause="Seam of the bag, lot 7.", category="material")
    assert closed.status_code == 302
    text = quinn.get(path).content.decode()
    assert "Seam of the bag" in text
    assert "Deviation closed" in text


def test_what_is_not_there_is_not_found(walked: Path) -> None:
    client = signed_in("sam")
    for path in ("/batches/X/", "/batches/B-2/exceptions/B-2~2F9/", "/batches/B-2/deviations/X/"):
        assert client.get(path).status_code == 404


def test_comment_counts_as_work_on_the_record(walked: Path, olga: Person) -> None:
    olga.does(b.add_comment, batch_id="B-2", step_id=None, comment="Noisy.")
    assert [c.comment for c in whole("B-2").comments] == ["Noisy."]
