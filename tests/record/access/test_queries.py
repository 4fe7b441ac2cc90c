"""Readings of people and signatures; a signature is judged against what stands now."""

from __future__ import annotations

import pytest
from django.db import transaction

from daytwo.kernel.errors import Unknown
from daytwo.record.access.queries import (
    find_person,
    id_given,
    open_alerts,
    people,
    person,
    refusals,
    signatures,
    token_known,
    token_person,
    tokens,
)
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.sql import execute
from daytwo.record.release.queries import all_signatures
from tests import floor
from tests.conftest import CAST
from tests.record.ledger import attacks

DSP = {"batch_id": floor.BATCH, "step_id": "DSP-010"}


def test_people_are_read_one_or_all_alike(site):
    everybody = people()
    assert {p.id for p in everybody} == {*CAST, "ada"}
    assert [p.id for p in everybody] == sorted(p.id for p in everybody)
    for one in everybody:
        assert person(one.id) == find_person(one.id) == one
    assert person("olga").roles == ("operator",)
    assert find_person("nobody") is None
    with pytest.raises(Unknown, match="no account nobody"):
        person("nobody")


def test_id_is_given_in_any_letters(site):
    assert id_given("olga")
    assert id_given("OLGA")
    assert not id_given("olg")
    assert not id_given("olg_")
    assert not id_given("%")


def test_nothing_is_read_as_nothing(site):
    assert (open_alerts(), refusals(), tokens("olga"), token_person("x")) == ([], [], [], None)
    assert not token_known("x", "y")
    assert signatures("batch/none", {}) == []


@pytest.fixture
def signed(issued, olga, otto):
    olga.does(b.complete_step, entry=floor.entry_for("DSP-010"), **DSP)
    otto.does(b.verify_step, **DSP)


def states() -> list[str]:
    return [s.state for s in all_signatures(q.batch(floor.BATCH))]


@pytest.mark.requirement("R16")
def test_untouched_signatures_are_valid(signed):
    assert states() == ["valid", "valid"]


@pytest.mark.requirement("R16")
def test_entry_changed_in_the_database_shows_as_unsigned(signed):
    execute("UPDATE batches_step SET entry = '{}' WHERE step_id = 'DSP-010'")
    assert states() == ["changed", "changed"]


@pytest.mark.requirement("R16")
def test_correction_after_signing_shows_the_earlier_signatures_as_void(signed, olga, otto):
    olga.does(
        b.complete_step, batch_id=floor.BATCH, step_id="DSP-020", entry=floor.entry_for("DSP-020")
    )
    weigh = {"batch_id": floor.BATCH, "step_id": "DSP-030"}
    entry = floor.entry_for("DSP-030")
    olga.does(b.complete_step, entry=entry, **weigh)
    otto.does(b.verify_step, **weigh)
    assert states() == ["valid"] * 5
    olga.does(b.correct_step, entry=entry | {"gross": "14.000"}, reason="read off wrong", **weigh)
    assert states() == ["valid"] * 3 + ["changed"] * 2 + ["valid"]
    otto.does(b.verify_step, **weigh)
    assert states() == ["valid"] * 3 + ["changed"] * 2 + ["valid"] * 2


@pytest.mark.requirement("R16")
def test_signature_copied_to_another_record_is_invalid(signed, sam):
    floor.issue(sam, "B-0002")
    execute(
        "INSERT INTO access_signature (id, event_seq, record, record_version, subject,"
        " content_sha256, meaning, signer_id, signer_name, role, signed_at, time_zone, method)"
        " SELECT 'copy', event_seq, 'batch/B-0002', record_version, subject, content_sha256,"
        " meaning, signer_id, signer_name, role, signed_at, time_zone, method"
        " FROM access_signature WHERE meaning = 'performed'"
    )
    assert [s.state for s in all_signatures(q.batch("B-0002"))] == ["invalid"]
    assert states() == ["valid", "valid"]
    assert [(d.table, d.surplus) for d in compare().differing] == [("access_signature", 1)]


@pytest.mark.requirement("R16")
def test_signature_copied_to_another_step_of_its_record_is_invalid(signed):
    execute("UPDATE access_signature SET subject = 'step/DSP-020' WHERE meaning = 'performed'")
    assert states() == ["invalid", "valid"]


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R16")
def test_doctored_row_of_a_signature_is_invalid(signed):
    """Whatever is printed beside a signature is what the ledger holds, or it shows as invalid."""
    for column, value in DOCTORED:
        with transaction.atomic():
            statement = f"UPDATE access_signature SET {column} = %s WHERE meaning = 'performed'"
            assert execute(f"{statement} AND {column} <> %s", (value, value)) == 1
            assert "invalid" in states(), column
            transaction.set_rollback(True)
    assert states() == ["valid", "valid"]


DOCTORED = (
    ("id", "another"),
    ("record_version", 99),
    ("content_sha256", "0" * 64),
    ("meaning", "approved"),
    ("signer_id", "otto"),
    ("signer_name", "Somebody Else"),
    ("role", "quality"),
    ("signed_at", "2020-01-01T00:00:00.000000Z"),
    ("time_zone", "Mars/Olympus"),
    ("method", "password+totp"),
    ("event_seq", 1),
    ("event_seq", 10**6),
)


@pytest.mark.requirement("R16")
def test_signature_whose_event_is_gone_is_invalid(signed):
    seq = all_signatures(q.batch(floor.BATCH))[0].event_seq
    attacks.do(("DELETE FROM ledger_event WHERE seq = %s", (seq,)))
    assert states() == ["invalid", "valid"]


@pytest.mark.requirement("R14")
def test_signature_view_has_everything_that_must_be_shown(signed):
    for shown in all_signatures(q.batch(floor.BATCH)):
        for name in (
            "signer_name",
            "meaning",
            "role",
            "signed_at",
            "time_zone",
            "method",
            "subject",
        ):
            assert getattr(shown, name), name
