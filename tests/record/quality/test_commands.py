"""Verbs of quality: classified by who had no hand in it, signed with class and reason, closed."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Unknown
from daytwo.record.access import commands as people
from daytwo.record.batches import queries as q
from daytwo.record.ledger.reading import head_version, stream_events
from daytwo.record.quality import commands as quality
from daytwo.record.quality.models import Classification, Deviation
from daytwo.record.quality.queries import deviation, quality_digests
from daytwo.record.release import commands as release
from daytwo.record.release.queries import all_signatures
from tests import floor
from tests.conftest import CAST, Person
from tests.record.attack import refused

HERE = {"batch_id": floor.BATCH}
DEVIATION = f"D-{floor.BATCH}-2"


def classify(person, number: int = 1, route: str = "comment", kind: str = "", why: str = "seen"):
    given = {"discrepancy_id": f"{floor.BATCH}/{number}", "route": route, "classification": kind}
    return person.does(quality.classify_discrepancy, **HERE, **given, rationale=why)


def close(person, cause: str = "worn punch", category: str = "equipment", name: str = DEVIATION):
    given = {"deviation_id": name, "root_cause": cause, "category": category}
    return person.does(quality.close_deviation, **HERE, **given)


def states(subject: str) -> list[str]:
    return [s.state for s in all_signatures(q.batch(floor.BATCH)) if s.subject == subject]


@pytest.mark.requirement("R36")
def test_deviation_is_opened_with_what_happened_and_signed_with_its_class(judged_next, quinn):
    events = classify(quinn, 2, "deviation", "major").events
    assert [(e.stream.partition("/")[0], e.type) for e in events] == [
        ("batch", "access.signature.applied"),
        ("batch", "quality.discrepancy.classified"),
        ("deviation", "quality.deviation.opened"),
    ]
    row = deviation(DEVIATION)
    found = q.discrepancies(floor.BATCH)[1]
    assert (row.title, row.detected_at) == (found.description, found.raised_at)
    assert (row.classification, row.state) == ("major", "open")
    assert states("classification/2") == ["valid"]
    Deviation.objects.update(classification="minor")  # behind the record's back
    assert states("classification/2") == ["changed"]
    Deviation.objects.update(classification="major")
    Classification.objects.update(rationale="not so bad")
    assert states("classification/2") == ["changed"]


@pytest.mark.requirement("R09")
@pytest.mark.parametrize("hand", ["olga", "otto", "sam"])
def test_who_had_a_hand_in_the_batch_neither_classifies_nor_closes(judged_next, ada, quinn, hand):
    ada.does(people.grant_role, person_id=hand, role="quality", reason="to attempt it")
    person = Person(hand)
    with refused("segregation.not_independent", person, "quality.classify_discrepancy"):
        classify(person)
    classify(quinn, 2, "deviation", "major")
    with refused("segregation.not_independent", person, "quality.close_deviation"):
        close(person)


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("name", [n for n in CAST if n not in {"quinn", "quentin"}])
def test_only_quality_classifies_and_closes(judged_next, quinn, name):
    classify(quinn, 2, "deviation", "critical")
    person = Person(name)
    with refused("access.not_permitted", person):
        classify(person)
    with refused("access.not_permitted", person):
        close(person)


@pytest.mark.requirement("R36")
def test_major_discrepancy_is_no_comment_and_is_judged_once(judged_next, quinn, quentin):
    with refused("quality.route_light", quinn):
        classify(quinn, 2)
    with refused("quality.rationale", quinn):
        classify(quinn, why=" ")
    classify(quinn)
    with refused("quality.classified", quentin):
        classify(quentin, route="exception")
    with refused("quality.unanswered", quentin):
        classify(quentin, 7)


def test_record_on_the_floor_is_not_judged_yet(made, olga, quinn):
    from daytwo.record.batches import commands as b

    given = {"step_id": None, "description": "tablets stick", "stop_work": False}
    olga.does(b.report_discrepancy, **HERE, **given)
    with refused("batch.record_state", quinn):
        classify(quinn)


@pytest.mark.requirement("R44")
def test_deviation_is_closed_with_its_cause_and_once(judged_next, quinn, quentin):
    classify(quinn, 2, "deviation", "major")
    for cause, category, code in (
        (" ", "equipment", "quality.rationale"),
        ("worn punch", " ", "quality.category"),
        ("worn punch", "x" * 61, "quality.category"),
    ):
        with refused(code, quentin, stream=f"deviation/{DEVIATION}"):
            close(quentin, cause, category)
    close(quentin)
    row = deviation(DEVIATION)
    assert (row.state, row.root_cause, row.category) == ("closed", "worn punch", "equipment")
    assert states(f"deviation/{DEVIATION}") == ["valid"]
    with refused("quality.closed", quinn):
        close(quinn, "another cause")
    with pytest.raises(Unknown):
        close(quinn, name="D-0")


def test_deviation_is_closed_on_its_own_batch(judged_next, quinn, quentin, sam):
    classify(quinn, 2, "deviation", "major")
    floor.issue(sam, "B-0002")
    given = {"deviation_id": DEVIATION, "root_cause": "worn punch", "category": "equipment"}
    with refused("quality.other_batch", quentin, stream=f"deviation/{DEVIATION}"):
        quentin.does(quality.close_deviation, batch_id="B-0002", **given)


@pytest.mark.requirement("R16")
def test_rejection_stays_signed_when_its_deviation_is_closed_later(judged_next, quinn, quentin):
    """Found by attack: closing the deviation showed the rejection as unsigned."""
    classify(quinn, 2, "deviation", "critical")
    quentin.does(release.decide, **HERE, decision="rejected", rationale="contaminated")
    assert states("disposition") == ["valid"]
    head = head_version(f"deviation/{DEVIATION}")
    close(quinn)
    assert stream_events(f"deviation/{DEVIATION}")[head:]
    assert states("disposition") == ["valid"]
    assert f"deviation/{DEVIATION}" in quality_digests(floor.BATCH)
