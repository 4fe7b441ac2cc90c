"""Every event that an import may make: appended by that door, it leaves rows that a rebuild gives.

And the table of events to record from day one: each of its entries has its event.
"""

from __future__ import annotations

import dataclasses
import typing
from datetime import UTC, datetime, timedelta

import pytest

from daytwo.kernel.ids import new_id
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.bulk import BulkItem, transact_bulk
from daytwo.record.ledger.catalogue import EventType, entries, entry_named
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.reading import events
from daytwo.record.ledger.rebuild import compare

IVO = Actor("ivo", "Ivo Kunz", "integrator")
START = datetime(2025, 3, 3, 6, tzinfo=UTC)
WORDS = {
    "subject_kind": "batch",
    "stage": "final",
    "decision": "released",
    "function": "quality",
    "promised_on": "2025-04-01",
    "due_on": "2025-04-01",
    "expires_on": "2027-03-01",
    "status": "released",
    "severity": "major",
    "started_on": "2025-03-03",
    "started_precision": "day",
    "percent": "99.1",
    "active_minutes": "12.5",
}
FIRST = ("batch.imported", "mbr.requested", "batch.step.offered", "batch.discrepancy.raised")
"""Those that bring an object in come before those that happen to it."""

DAY_ONE = {
    "order, batch: planned": "order.placed batch.planned batch.imported",
    "order, batch: re-planned": "batch.order.replanned",
    "order, batch: released to floor": "batch.order.released",
    "order, batch: first step start": "batch.started",
    "order, batch: hold (reason)": "batch.held",
    "order, batch: resume": "batch.resumed",
    "order, batch: abort": "batch.aborted",
    "order, batch: last step end": "batch.manufacture.ended",
    "order, batch: packaging end": "batch.packaging.ended",
    "step: offered": "batch.step.offered",
    "step: claimed": "batch.step.claimed",
    "step: paused (reason)": "batch.step.paused batch.step.continued",
    "step: first input": "batch.step.input_begun",
    "step: value entered": "batch.step.value_entered",
    "step: corrected": "batch.step.corrected",
    "step: signed": "access.signature.applied batch.step.signed",
    "step: witnessed, closed": "batch.step.verified batch.step.completed",
    "step: discrepancy raised, closed": "batch.discrepancy.raised batch.discrepancy.closed",
    "record: completeness passed": "release.completeness.passed",
    "record: submitted": "batch.record.completed",
    "record: review opened, idle, closed": "release.review.opened release.review.idled"
    " release.review.closed",
    "record: section opened": "release.review.section_opened",
    "record: comment": "batch.comment.added",
    "record: returned": "release.record.returned",
    "record: approved": "release.record.reviewed",
    "lab: sample taken, received": "laboratory.sample.taken laboratory.sample.received",
    "lab: test started": "laboratory.test.started",
    "lab: result entered, final": "laboratory.result.entered laboratory.result.final",
    "lab: OOS": "laboratory.oos.opened laboratory.oos.invalidated laboratory.oos.confirmed",
    "deviation: occurred, detected, recorded": "quality.deviation.occurred"
    " quality.deviation.detected quality.deviation.recorded quality.deviation.opened",
    "deviation: triaged, assigned": "quality.deviation.triaged quality.deviation.assigned",
    "deviation: root cause approved": "quality.deviation.root_cause_approved",
    "deviation: closed, due date moved": "quality.deviation.closed"
    " quality.deviation.due_date_moved",
    "CAPA": "quality.capa.opened quality.capa.closed quality.capa.due_date_moved",
    "CAPA: effectiveness": "quality.capa.effectiveness_planned"
    " quality.capa.effectiveness_evaluated",
    "change": "quality.change.opened quality.change.approved quality.change.implemented"
    " quality.change.closed",
    "disposition: promised date": "release.promise.set release.promise.changed",
    "disposition: checks": "release.check.opened release.check.closed release.check.justified",
    "disposition: decision, certificate": "release.batch.decided release.certificate.issued",
    "MBR: requested to approved": "mbr.requested mbr.drafted mbr.submitted mbr.returned"
    " mbr.approved",
    "MBR: trained, effective, first use, retired": "mbr.trained mbr.effective mbr.first_used"
    " mbr.retired",
    "equipment: busy, setup, down, maintenance": "equipment.state.entered",
    "equipment: cleaning, clean expiry": "equipment.cleaned equipment.clean_hold.expired",
    "equipment: calibration due": "equipment.calibrated equipment.calibration.due",
    "people: sign-in, refused sign-in": "access.signed_in access.credentials_refused"
    " usage.session.begun usage.session.refused",
    "system: screen opened, feature used": "usage.screen.opened usage.feature.used",
    "system: feedback given, answered": "usage.feedback.given usage.feedback.answered",
    "system: paper fallback": "system.fallback.started system.fallback.ended",
    "system: back-entry": "batch.step.back_entered",
    "system: configuration changed": "system.configuration.changed",
    "system: release deployed": "system.release.deployed",
}


def importable() -> list[EventType]:
    found = [entry for entry in entries() if entry.stream]
    order = {name: place for place, name in enumerate(FIRST)}
    return sorted(found, key=lambda e: (order.get(e.name, len(order)), e.name))


def example(entry: EventType, number: int) -> object:
    """Return an event with every field filled, by the type of each."""
    hints = typing.get_type_hints(entry.cls)
    values: dict[str, object] = {}
    for field in dataclasses.fields(entry.cls):
        hint = str(hints[field.name])
        if "Quantity" in hint:
            values[field.name] = Quantity.parse("2.5 kg")
        elif "datetime" in hint:
            values[field.name] = START + timedelta(days=90)
        elif "tuple" in hint:
            values[field.name] = (0, 1000)
        elif "dict[str, list" in hint:
            values[field.name] = {"speed": ["1.0", ""]}
        elif "bool" in hint:
            values[field.name] = True
        elif "int" in hint:
            values[field.name] = 3
        elif "dict" in hint:
            values[field.name] = {"value": str(number)}
        else:
            known = WORDS.get(field.name)
            values[field.name] = known or f"{field.name.upper().replace('_ID', '')}-1"
    return entry.cls(**values)


def bring(entry: EventType, number: int) -> str:
    event = example(entry, number)
    origin = Origin("import", "old-mes", {"row": number, "by": "K7", "role": "team-1"})
    intent = Intent(new_id(), f"import.{entry.name}", f"{number:064d}", IVO, origin)
    at = START + timedelta(minutes=number)
    stream = entry.stream_of(event)
    (outcome,) = transact_bulk([BulkItem(intent, (Pending(stream, event, at, "why"),))])
    assert outcome.status == "made", (entry.name, outcome.error)
    return stream


@pytest.mark.usefixtures("site")
def test_every_importable_event_is_appended_and_rebuilt() -> None:
    kinds = importable()
    for number, entry in enumerate(kinds):
        bring(entry, number)
    found = [event for event in events() if event.origin["kind"] == "import"]
    assert [event.type for event in found] == [entry.name for entry in kinds]
    assert all(event.data == example(entry_named(event.type), n) for n, event in enumerate(found))
    comparison = compare()
    assert comparison.equal, comparison.differing


@pytest.mark.usefixtures("site")
def test_doer_of_an_import_is_the_person_of_the_source() -> None:
    entry = entry_named("batch.imported")
    bring(entry, 1)
    (event,) = events(["batch.imported"])
    assert (event.actor.id, event.doer.id, event.doer.role) == ("ivo", "K7", "team-1")
    assert event.noted_at == event.occurred_at


@pytest.mark.parametrize("names", DAY_ONE.values(), ids=DAY_ONE)
def test_everything_to_be_recorded_from_day_one_has_its_event(names: str) -> None:
    known = {entry.name for entry in entries()}
    assert set(names.split()) <= known


def test_importable_events_name_their_key_or_ask_for_one() -> None:
    keyed = [entry for entry in importable() if entry.key]
    assert len(keyed) > len(importable()) / 3
    for entry in keyed:
        assert set(entry.key) <= {field.name for field in dataclasses.fields(entry.cls)}
