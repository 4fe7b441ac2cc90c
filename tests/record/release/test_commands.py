"""Verbs of release: reviewed by who had no hand in it, released by a qualified person only."""

from __future__ import annotations

import pytest

from daytwo.record.access import commands as people
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.batches.models import BatchStep
from daytwo.record.ledger.reading import stream_events
from daytwo.record.quality import commands as quality
from daytwo.record.release import commands as rel
from daytwo.record.release.queries import all_signatures, disposition, reviews
from tests import floor
from tests.conftest import CAST, Person
from tests.record.attack import STREAM, refused
from tests.record.stages import IN_PROCESS

HERE = {"batch_id": floor.BATCH}


def decide(person, decision: str = "released", why: str = "conforms"):
    return person.does(rel.decide, **HERE, decision=decision, rationale=why)


def states(subject: str) -> list[str]:
    return [s.state for s in all_signatures(q.batch(floor.BATCH)) if s.subject == subject]


def found_late(olga, sam) -> None:
    """Return the record, so that a discrepancy can be raised and answered; complete it again."""
    Person("quentin").does(rel.open_review, **HERE)
    Person("quentin").does(rel.return_record, **HERE, reason="explain the scratch")
    given = {"step_id": None, "description": "a scratch", "stop_work": True}
    olga.does(b.report_discrepancy, **HERE, **given)
    sam.does(b.answer_discrepancy, **HERE, discrepancy_id=f"{floor.BATCH}/1", answer="polished")
    sam.does(b.complete_record, **HERE)


# ------------------------------------------------------------------ review
@pytest.mark.requirement("R36")
def test_record_is_reviewed_only_when_it_is_completed(made, quinn):
    with refused("release.not_completed", quinn, "release.open_review"):
        quinn.does(rel.open_review, **HERE)
    with refused("batch.record_state", quinn, "release.review_record"):
        quinn.does(rel.review_record, **HERE)
    with refused("batch.record_state", quinn, "release.return_record"):
        quinn.does(rel.return_record, **HERE, reason="attempt")


@pytest.mark.requirement("R09")
@pytest.mark.parametrize("hand", ["olga", "otto", "sam"])
def test_who_did_checked_or_completed_neither_reviews_nor_disposes(completed, ada, hand):
    for role in ("quality", "qualified_person"):
        ada.does(people.grant_role, person_id=hand, role=role, reason="to attempt it")
    person = Person(hand)
    for verb, given in (
        (rel.open_review, {}),
        (rel.review_record, {}),
        (rel.return_record, {"reason": "attempt"}),
        (rel.decide, {"decision": "rejected", "rationale": "attempt"}),
    ):
        with refused("segregation.not_independent", person, verb.name):
            person.does(verb, **HERE, **given)


@pytest.mark.requirement("R09")
def test_who_did_a_batch_does_not_release_it(reviewed, ada, olga):
    ada.does(people.grant_role, person_id="olga", role="qualified_person", reason="to attempt it")
    with refused("segregation.not_independent", olga, "release.decide"):
        decide(olga)


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("name", [n for n in CAST if n not in {"quinn", "quentin"}])
def test_only_quality_reviews(completed, name):
    person = Person(name)
    for verb in (rel.open_review, rel.review_record):
        with refused("access.not_permitted", person, verb.name):
            person.does(verb, **HERE)


@pytest.mark.requirement("R36")
def test_review_is_signed_by_who_opened_it(completed, quinn, quentin):
    with refused("release.review_not_open", quinn, "release.review_record"):
        quinn.does(rel.review_record, **HERE)
    quentin.does(rel.open_review, **HERE)
    with refused("release.review_open", quentin, "release.open_review"):
        quentin.does(rel.open_review, **HERE)
    with refused("release.review_not_open", quinn, "release.review_record"):
        quinn.does(rel.review_record, **HERE)
    quinn.does(rel.open_review, **HERE)  # takes over
    quinn.does(rel.review_record, **HERE)
    assert [(r.reviewer_id, r.outcome) for r in reviews(floor.BATCH)] == [
        ("quentin", "ended"),
        ("quinn", "reviewed"),
    ]
    assert states("review") == ["valid"]


@pytest.mark.requirement("R16")
@pytest.mark.requirement("R36")
def test_record_changed_behind_its_signatures_is_neither_reviewed_nor_released(
    completed, quentin, paula
):
    def falsify(value: str) -> None:
        rows = BatchStep.objects.filter(id=f"{floor.BATCH}/{IN_PROCESS}")
        rows.update(entry=f'{{"value":"{value}"}}')

    was = floor.entry_for(IN_PROCESS)["value"]
    quentin.does(rel.open_review, **HERE)
    falsify("200.4")
    with refused("release.blocked", quentin, "release.review_record"):
        quentin.does(rel.review_record, **HERE)
    falsify(was)
    quentin.does(rel.review_record, **HERE)
    falsify("200.4")
    with refused("release.blocked", paula, "release.decide"):
        decide(paula)
    falsify(was)
    decide(paula)


@pytest.mark.requirement("R06")
@pytest.mark.requirement("R16")
def test_returned_record_voids_what_was_signed_on_it_and_is_open_again(
    reviewed, quinn, quentin, paula, sam
):
    assert (states("record"), states("review")) == (["valid"], ["valid"])
    with refused("release.reason_missing", quinn):
        quinn.does(rel.return_record, **HERE, reason=" ")
    quinn.does(rel.return_record, **HERE, reason="sign the drum label")
    assert stream_events(STREAM)[-1].reason == "sign the drum label"
    assert (states("record"), states("review")) == (["changed"], ["changed"])
    assert states(f"step/{IN_PROCESS}") == ["valid", "valid"]
    with refused("batch.record_state", paula):
        decide(paula)

    sam.does(b.complete_record, **HERE)
    assert states("record") == ["changed", "valid"]
    with refused("batch.record_state", paula):  # the first review does not count any more
        decide(paula)
    quentin.does(rel.open_review, **HERE)
    quentin.does(rel.review_record, **HERE)
    assert states("review") == ["changed", "valid"]
    decide(paula)


# ------------------------------------------------------------------ disposition
@pytest.mark.requirement("R36")
def test_release_before_review_is_refused(completed, paula):
    with refused("batch.record_state", paula, "release.decide"):
        decide(paula)


@pytest.mark.requirement("R36")
def test_unjudged_discrepancy_stops_the_review(completed, olga, sam, quentin):
    found_late(olga, sam)
    quentin.does(rel.open_review, **HERE)
    with refused("release.blocked", quentin, "release.review_record"):
        quentin.does(rel.review_record, **HERE)


@pytest.mark.requirement("R36")
def test_open_deviation_stops_the_release_until_it_is_closed(
    completed, olga, sam, quinn, quentin, paula
):
    found_late(olga, sam)
    given = {"discrepancy_id": f"{floor.BATCH}/1", "route": "deviation", "rationale": "a scratch"}
    quinn.does(quality.classify_discrepancy, **HERE, **given, classification="minor")
    quentin.does(rel.open_review, **HERE)
    quentin.does(rel.review_record, **HERE)
    with refused("release.blocked", paula, "release.decide"):
        decide(paula)
    closing = {"root_cause": "worn punch", "category": "equipment"}
    name = f"D-{floor.BATCH}-1"
    quinn.does(quality.close_deviation, **HERE, deviation_id=name, **closing)
    decide(paula)
    assert q.batch(floor.BATCH).record_state == "released"


@pytest.mark.requirement("R38")
@pytest.mark.requirement("R40")
@pytest.mark.parametrize("name", [n for n in CAST if n != "paula"])
def test_nobody_but_a_qualified_person_releases(reviewed, name):
    person = Person(name)
    quality_unit = "quality" in CAST[name][1]
    code = "release.qualified_person" if quality_unit else "access.not_permitted"
    with refused(code, person, "release.decide"):
        decide(person)


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("name", [n for n in CAST if n not in {"paula", "quinn", "quentin"}])
def test_nobody_but_the_quality_unit_rejects(reviewed, name):
    person = Person(name)
    with refused("access.not_permitted", person, "release.decide"):
        decide(person, "rejected")


@pytest.mark.requirement("R40")
def test_release_shows_who_certified_and_cannot_be_taken_back(reviewed, paula, quinn):
    with refused("release.rationale_missing", paula):
        decide(paula, why="  ")
    decide(paula)
    row = disposition(floor.BATCH)
    assert row is not None
    assert (row.decision, row.decided_by, row.rationale) == ("released", "Paula Graf", "conforms")
    [signed] = [s for s in all_signatures(q.batch(floor.BATCH)) if s.subject == "disposition"]
    assert (signed.meaning, signed.signer_name, signed.role, signed.state) == (
        "certified and released",
        "Paula Graf",
        "qualified_person",
        "valid",
    )
    for person, decision in ((paula, "rejected"), (paula, "released"), (quinn, "rejected")):
        with refused("batch.record_state", person):
            decide(person, decision)
    with refused("batch.record_state", quinn):
        quinn.does(rel.return_record, **HERE, reason="attempt")


@pytest.mark.requirement("R38")
def test_quality_rejects_also_what_is_not_reviewed(completed, quinn, paula):
    decide(quinn, "rejected", "contaminated")
    assert q.batch(floor.BATCH).record_state == "rejected"
    with refused("batch.record_state", paula):
        decide(paula)
    assert states("disposition") == ["valid"]


@pytest.mark.requirement("R40")
def test_quality_who_is_also_a_qualified_person_certifies_as_such(reviewed, ada, quinn):
    ada.does(people.grant_role, person_id="quinn", role="qualified_person", reason="appointed")
    decide(quinn)
    [signed] = [s for s in all_signatures(q.batch(floor.BATCH)) if s.subject == "disposition"]
    assert signed.role == "qualified_person"
