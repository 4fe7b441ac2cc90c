"""Readings of batches: lists, genealogy both ways, values in Decimal, what is signed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from daytwo.kernel.canonical import digest
from daytwo.kernel.errors import Unknown
from daytwo.kernel.quantity import Quantity
from daytwo.record.access import commands as people
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.batches.commands import orders
from daytwo.record.batches.enums import ContentForm, RecordState
from daytwo.record.ledger.catalogue import decode
from daytwo.record.ledger.reading import stream_events
from daytwo.record.ledger.rebuild import rebuild
from daytwo.record.recipes.document import LineClearance
from daytwo.record.release.queries import all_signatures
from tests import floor
from tests.record.stages import IN_PROCESS

BATCH = floor.BATCH
CLEARANCE = next(p.step for p in floor.MASTER.steps() if isinstance(p.step, LineClearance))


def test_unknown_batch_and_step_are_named(site):
    with pytest.raises(Unknown, match="B-9"):
        q.batch("B-9")
    with pytest.raises(Unknown, match="A-010"):
        q.step("B-9", "A-010")


def test_steps_come_in_the_order_of_the_master(issued):
    wanted = [p.step.id for p in floor.MASTER.steps()]
    assert [s.step_id for s in q.steps(BATCH)] == wanted
    assert list(q.step_states(BATCH)) == wanted
    assert set(q.step_states(BATCH).values()) == {"offered", "pending"}
    assert q.current_step(BATCH).step_id == wanted[0]
    assert q.open_steps(q.step_states(BATCH)) == wanted


def test_lists_narrow_by_product_state_and_origin(issued, sam):
    floor.issue(sam, "B-0002")
    sam.does(b.hold_batch, batch_id="B-0002", reason="no container")
    assert [x.id for x in q.batches()] == ["B-0002", BATCH]
    assert [x.id for x in q.batches(state="held")] == ["B-0002"]
    assert q.batches(product_code="NONE") == []
    assert q.batches(origin="import") == []
    assert [x.id for x in q.batches(limit=1, offset=1)] == [BATCH]
    assert [x.id for x in q.live_batches()] == [BATCH, "B-0002"]
    assert {x.id for x in q.batches_in_record_state(RecordState.OPEN)} == {BATCH, "B-0002"}
    assert q.product_codes() == [("MET-50", floor.MASTER.header.product.name)]


@pytest.mark.requirement("R31")
def test_genealogy_is_found_from_the_batch_and_from_the_lot(made):
    used = {use.lot_id for use in q.materials(BATCH)}
    assert used == {f"L-{i.material}-01" for i in floor.MASTER.formula.inputs}
    assert all(q.batches_with_lot(lot) == [BATCH] for lot in used)
    weighed = [s.step_id for s in q.steps(BATCH) if s.kind == "weigh"]
    assert [use.step_id for use in q.materials(BATCH)] == weighed


@pytest.mark.requirement("R36")
def test_lot_finds_every_sibling_batch_once(made, olga, otto, sam):
    from daytwo.kernel.clock import now
    from daytwo.record.resources import commands as m

    sam.does(m.record_cleaning, equipment_id="B-balance-01", clean_until=now().replace(year=2090))
    floor.issue(sam, "B-0002")
    floor.do_until(olga, otto, "DSP-040", "B-0002")
    assert q.batches_with_lot("L-RM-1001-01") == [BATCH, "B-0002"]
    assert q.batches_with_lot("L-RM-2001-01") == [BATCH]


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R34")
def test_yields_are_those_of_hand_calculation_in_decimal(made):
    result = {s.step_id: json.loads(s.result) for s in q.steps(BATCH)}
    net = Decimal(floor.entry_for("COT-080")["value"])
    expected = (net / Decimal("49.440") * 100).quantize(Decimal("0.1"))
    assert result["COT-090"] == {"actual": f"{net} kg", "percent": f"{expected} %"}
    recorded = {v.name: (v.value, v.unit) for v in q.values(BATCH)}
    assert recorded["COT-090"] == (str(expected), "%")
    assert set(recorded) == {"GRN-100", "CMP-100", "COT-090"}


def test_later_expressions_know_what_earlier_steps_gave(made):
    known = q.known(q.batch(BATCH))
    lod = floor.entry_for("GRN-090")["value"]
    assert known.named["granule_lod"] == Quantity.parse(f"{lod} %")
    assert known.named["powder_moisture"] == Quantity.parse("1.5 %")
    assert known.named["batch_size"] == Quantity.parse("240000 tab")
    assert known.equipment["CP-coating_pan-01"] == "coating_pan"
    assert known.by_step["DSP-030"].unit == "kg"


@pytest.mark.requirement("R16")
def test_what_is_signed_changes_with_any_part_of_it(made):
    row = q.batch(BATCH)
    of = q.master_step(row, IN_PROCESS)
    parts = [{"value": "1"}, {"value": "1 mg"}, "olga", 0]
    whole = q.step_content(row, of, *parts)
    for place, other in enumerate([{"value": "2"}, {"value": "2 mg"}, "otto", 1]):
        assert q.step_content(row, of, *parts[:place], other, *parts[place + 1 :]) != whole
    assert whole["master_sha256"] == row.mbr_hash
    before = q.record_content(row)
    row.returns += 1
    assert q.record_content(row) != before


def _signed_clearance(batch_id, olga, otto, sam):
    """Issue a batch, do it up to its line clearance and that too; return the signed content."""
    floor.issue(sam, batch_id)
    floor.do_until(olga, otto, CLEARANCE.id, batch_id)
    floor.do_step(olga, otto, batch_id)
    row, done = q.batch(batch_id), q.step(batch_id, CLEARANCE.id)
    parts = json.loads(done.entry), json.loads(done.result), str(done.performer_id)
    return q.step_content(row, CLEARANCE, *parts, done.corrections)


def _states(batch_id):
    row = q.batch(batch_id)
    return {s.state for s in all_signatures(row)}


@pytest.mark.requirement("R16")
def test_clearance_signs_the_words_of_its_items(issued, olga, otto, sam):
    content = _signed_clearance("B-0002", olga, otto, sam)
    signed = [part["item"] for part in content["entry"].values()]
    assert signed == list(CLEARANCE.items)
    assert {part["answer"] for part in content["entry"].values()} == {"yes"}
    assert _states("B-0002") == {"valid"}


@pytest.mark.requirement("R16")
def test_signature_of_an_older_form_still_holds(issued, olga, otto, sam, monkeypatch):
    monkeypatch.setattr(orders, "CONTENT_FORM", ContentForm.NUMBERED)
    content = _signed_clearance("B-0002", olga, otto, sam)
    assert set(content["entry"].values()) == {"yes"}
    monkeypatch.undo()
    assert _states("B-0002") == {"valid"}
    [signature] = [
        s
        for s in all_signatures(q.batch("B-0002"))
        if s.subject == f"step/{CLEARANCE.id}" and s.meaning == "performed"
    ]
    assert signature.content_sha256 == digest(content)
    rebuild()
    assert q.batch("B-0002").content_form == ContentForm.NUMBERED
    assert q.batch(BATCH).content_form == ContentForm.WORDED
    assert _states("B-0002") == {"valid"}
    row = q.batch("B-0002")
    row.content_form = ContentForm.WORDED
    assert {s.state for s in all_signatures(row)} == {"changed"}


def test_batch_planned_before_there_were_forms_has_the_first(issued):
    planned = next(e for e in stream_events(f"batch/{BATCH}") if e.type == "batch.planned")
    without = {k: v for k, v in planned.payload.items() if k != "content_form"}
    assert planned.payload["content_form"] == ContentForm.WORDED
    assert decode(planned.type, without).content_form == ContentForm.NUMBERED


def test_digests_cover_every_done_step_and_answer(made, olga, sam):
    row = q.batch(BATCH)
    assert len(q.content_digests(row)) == len(q.steps(BATCH)) + 1
    given = {"batch_id": BATCH, "step_id": None}
    olga.does(b.report_discrepancy, **given, description="a scratch", stop_work=False)
    assert q.unanswered(BATCH) == [f"{BATCH}/1"]
    assert q.unanswered(BATCH, blocking_only=True) == []
    assert [d.id for d in q.open_discrepancies()] == [f"{BATCH}/1"]
    before = q.record_content(row)
    sam.does(b.answer_discrepancy, batch_id=BATCH, discrepancy_id=f"{BATCH}/1", answer="seen")
    assert "discrepancy/1" in q.content_digests(row)
    assert q.record_content(row) != before


@pytest.mark.requirement("R09")
@pytest.mark.requirement("R23")
def test_hands_in_a_batch_are_never_forgotten(issued, ada, olga, otto, quinn):
    """Found by attack: a correction cleared the first verifier, who could then review."""
    ada.does(people.grant_role, person_id="quinn", role="operator", reason="to attempt it")
    floor.do_until(olga, otto, "DSP-030")
    given = {"batch_id": BATCH, "step_id": "DSP-030"}
    entry = floor.entry_for("DSP-030")
    olga.does(b.complete_step, **given, entry=entry)
    assert q.doers(BATCH) == {"olga", "otto"}
    quinn.does(b.verify_step, **given)
    corrected = entry | {"gross": str(Decimal(entry["gross"]) + Decimal("0.001"))}
    olga.does(b.correct_step, **given, entry=corrected, reason="misread")
    otto.does(b.verify_step, **given)
    assert q.step(BATCH, "DSP-030").verifier_id == "otto"
    assert q.doers(BATCH) == {"olga", "otto", "quinn"}


@pytest.mark.requirement("R09")
def test_who_answers_or_completes_has_a_hand_in_it(issued, ada, olga, quinn):
    ada.does(people.grant_role, person_id="quinn", role="supervisor", reason="to attempt it")
    given = {"batch_id": BATCH, "step_id": None}
    olga.does(b.report_discrepancy, **given, description="a scratch", stop_work=False)
    assert q.doers(BATCH) == set()
    quinn.does(b.answer_discrepancy, batch_id=BATCH, discrepancy_id=f"{BATCH}/1", answer="seen")
    assert q.doers(BATCH) == {"quinn"}
