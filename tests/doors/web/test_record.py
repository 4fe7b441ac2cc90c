"""The printable batch record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web.record.reading import document
from daytwo.record.access.queries import signatures
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.checkpoint import make_checkpoint
from daytwo.record.ledger.reading import stream_events
from tests.conftest import Person
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def text(walked: Path) -> str:
    return signed_in("luis").get("/record/B-1/").content.decode()


@pytest.mark.requirement("R15")
@pytest.mark.requirement("R14")
def test_every_signature_is_printed_with_name_role_meaning_and_zone(text: str) -> None:
    given = signatures("batch/B-1", {})
    assert text.count('class="signature') == len(given)
    for one in given:
        assert one.signer_name in text
    assert "CET (UTC+01:00)" in text or "CEST (UTC+02:00)" in text
    assert "void" not in text


@pytest.mark.requirement("R03")
def test_every_entry_is_printed(text: str) -> None:
    for step in q.steps("B-1"):
        assert f"{step.step_id} {step.title}" in text
    for use in q.materials("B-1"):
        assert use.lot_id in text


def test_document_ends_with_the_head_of_its_chain(text: str) -> None:
    assert stream_events("batch/B-1")[-1].hash in text
    assert "none holds this record yet" in text


def test_document_names_the_checkpoint_that_holds_it(walked: Path) -> None:
    made = make_checkpoint(walked)
    proof = document("B-1").proof
    assert (proof.checkpoint, proof.held) == (1, proof.version)
    text = signed_in("luis").get("/record/B-1/").content.decode()
    assert str(made.body["root"]) in text
    Person("olga").does(b.add_comment, batch_id="B-2", step_id=None, comment="Later.")
    later = document("B-2").proof
    assert later.held == later.version - 1


@pytest.mark.requirement("R13")
def test_corrected_entry_is_struck_and_legible(walked: Path, olga: Person) -> None:
    import json
    from decimal import Decimal

    old = json.loads(q.step("B-2", "DSP-030").entry)
    new = {**old, "gross": str(Decimal(old["gross"]) + Decimal("0.001"))}
    olga.does(
        b.correct_step, batch_id="B-2", step_id="DSP-030", entry=new, reason="Display misread."
    )
    text = signed_in("luis").get("/record/B-2/").content.decode()
    assert "corrected, reason: Display misread." in text
    struck = text.partition("<del>")[2].partition("</del>")[0]
    assert old["gross"] in struck
    assert "void: the content changed after signing" in text
    assert "not complete, not for release" in text


def test_only_a_batch_that_exists_has_a_record(walked: Path) -> None:
    assert signed_in("luis").get("/record/X/").status_code == 404


def test_tick_of_a_line_clearance_is_printed_in_the_words_of_its_item(text: str) -> None:
    assert "No material, label or document of another batch is present: <strong>yes" in text
    assert "Item-1" not in text


def test_document_says_limits_units_and_whether_it_is_complete(walked: Path) -> None:
    open_ = signed_in("quinn").get("/record/B-2/").content.decode()
    done = signed_in("quinn").get("/record/B-1/").content.decode()
    assert open_.count("not complete, not for release") == 2
    assert "not complete" not in done
    assert "Limits: 11.988 kg action, 12.000 kg target, 12.012 kg action." in done
    assert re.search(r"Tare: <strong>[0-9.]+ kg</strong>", done)
    assert ">not yet<" in open_
