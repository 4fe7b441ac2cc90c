"""A small random plant: events of every fact, partly out of order, without a ledger beneath."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.happening import EPOCH, micros
from tests.insight.facts.telling import recorded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daytwo.record.ledger.envelope import Recorded

Told = tuple[str, float, dict[str, Any]]
"""Type, hours since the start, payload and envelope."""


def events(seed: int, batches: int = 12, steps: int = 6) -> list[Recorded]:
    """Return the events of some batches and of all that hangs on them, in a ledger's order.

    Streams keep their order; between them it is random, as when files are imported one by one.
    """
    chance = random.Random(seed)
    streams = [list(told) for told in _streams(chance, batches, steps)]
    found: list[Recorded] = []
    while streams:
        stream = chance.choice(streams)
        type_, hours, said = stream.pop(0)
        if not stream:
            streams.remove(stream)
        origin = chance.choice(("native", "native", "import"))
        found.append(recorded(len(found) + 1, type_, when(hours), from_=origin, **said))
    return found


def when(hours: float) -> str:
    return (EPOCH + timedelta(microseconds=micros("2026-01-05") + int(hours * 3.6e9))).isoformat()


def _streams(chance: random.Random, batches: int, steps: int) -> Iterator[Sequence[Told]]:
    for number in range(batches):
        name, begin = f"B-{number:03d}", number * 90.0
        yield list(_batch(chance, name, begin, steps))
        sample = f"X-{name}"
        yield list(_laboratory(chance, name, sample, begin + 60))
        if chance.random() < 0.6:
            yield list(_deviation(chance, name, f"D-{number:03d}", begin + 20))
        yield [
            (
                "quality.complaint.received",
                begin + 900,
                {"complaint_id": f"C-{number}", "batch_id": name},
            ),
            ("quality.complaint.closed", begin + 950, {"complaint_id": f"C-{number}"}),
        ]
    for machine in ("press", "coater"):
        yield [
            (
                "equipment.state.entered",
                hour * 7.5 + chance.random(),
                {"equipment_id": machine, "state": chance.choice(("busy", "down", "setup"))},
            )
            for hour in range(batches)
        ]
    yield [
        (
            "staff.shift.worked",
            day * 24.0,
            {
                "person_id": f"p{day % 5}",
                "team": "A",
                "ended_at": when(day * 24 + 8)[:19] + ".000000Z",
            },
        )
        for day in range(batches)
    ]
    yield [
        ("mbr.requested", -500.0, {"mbr_id": "M", "version": 1, "product_code": "P0"}),
        ("mbr.submitted", -400.0, {"mbr_id": "M", "version": 1}),
        ("mbr.effective", -300.0, {"mbr_id": "M", "version": 1}),
    ]
    yield [
        ("quality.capa.opened", 100.0, {"capa_id": "CA", "due_on": "2026-03-01"}),
        ("quality.capa.closed", 900.0, {"capa_id": "CA"}),
    ]
    yield [("quality.change.opened", 10.0, {"change_id": "CH", "kind": "mbr"})]
    yield [("usage.feature.used", h * 5.0, {"person_id": "p", "feature": "f"}) for h in range(9)]


def _batch(chance: random.Random, name: str, begin: float, steps: int) -> Iterator[Told]:
    of = {"batch_id": name}
    product = chance.choice(("P0", "P1"))
    yield (
        "batch.imported",
        begin,
        {
            **of,
            "product_code": product,
            "product_name": product,
            "line": f"L{chance.randint(1, 2)}",
            "mbr_id": "M",
            "mbr_version": 1,
        },
    )
    yield ("batch.started", begin + 1, of)
    at = begin + 1
    for number in range(steps):
        step = {**of, "step_id": f"S{number}"}
        yield (
            "batch.step.offered",
            at,
            {**step, "title": f"Step {number}", "position": number + 1},
        )
        yield ("batch.step.claimed", at + chance.random(), step)
        method = chance.choice(("manual", "device", "manual_interface_down"))
        late = when(at + 1 + chance.random() * 2)
        yield (
            "batch.step.value_entered",
            at + 1,
            {**step, "entry": {}, "method": method, "noted": late},
        )
        yield ("batch.step.completed", at + 1.5, step)
        yield ("batch.step.signed", at + 1.6, {**step, "meaning": "performed"})
        if chance.random() < 0.2:
            raised = {**step, "discrepancy_id": f"{name}/{number}", "code": "not_applicable"}
            yield ("batch.discrepancy.raised", at + 1.7, raised)
            yield (
                "batch.step.corrected",
                at + 1.8,
                {**step, "after_signoff": chance.random() < 0.5},
            )
        at += 2 + chance.random()
    yield from _end(chance, of, at)


def _end(chance: random.Random, of: dict[str, Any], at: float) -> Iterator[Told]:
    if chance.random() < 0.3:
        yield ("batch.held", at, of)
        yield ("batch.resumed", at + 5, of)
        at += 5
    yield (
        "batch.yield.recorded",
        at,
        {**of, "name": "y", "percent": f"{90 + 10 * chance.random():.2f}"},
    )
    yield ("batch.manufacture.ended", at, of)
    if chance.random() < 0.9:
        yield ("batch.record.completed", at + 24, of)
        yield ("release.review.opened", at + 30, {**of, "function": "quality", "by": "quinn"})
        yield ("release.check.closed", at + 35, {**of, "check": "lab"})
        yield ("release.record.reviewed", at + 40, {**of, "by": "quinn"})
    if chance.random() < 0.8:
        decision = "released" if chance.random() < 0.9 else "rejected"
        yield (
            "release.batch.decided",
            at + 50 + 200 * chance.random(),
            {**of, "decision": decision},
        )


def _laboratory(chance: random.Random, name: str, sample: str, at: float) -> Iterator[Told]:
    of = {"subject_kind": "batch", "subject_id": name, "stage": "final", "sample_id": sample}
    yield ("laboratory.sample.taken", at, of)
    yield ("laboratory.sample.received", at + 2, {"sample_id": sample})
    for test in ("assay", "water"):
        result = {"result_id": f"{sample}-{test}", "test_code": test}
        yield ("laboratory.test.started", at + 5, {"sample_id": sample, **result})
        yield ("laboratory.result.entered", at + 8, {"sample_id": sample, **result})
        if chance.random() < 0.85:
            value = {"test_name": test, "value": f"{100 * chance.random():.3f}", "unit": "%"}
            yield ("laboratory.result.final", at + 20, {**of, **result, **value})
        if chance.random() < 0.2:
            opened = {"oos_id": f"O-{sample}-{test}", "sample_id": sample, **result}
            yield ("laboratory.oos.opened", at + 21, opened)


def _deviation(chance: random.Random, name: str, number: str, at: float) -> Iterator[Told]:
    of = {"deviation_id": number}
    yield ("quality.deviation.detected", at, of)
    yield (
        "quality.deviation.recorded",
        at + 4,
        {**of, "batch_id": name, "area": "A", "severity": "minor"},
    )
    yield ("quality.deviation.assigned", at + 5, {**of, "owner": "quinn"})
    if chance.random() < 0.8:
        yield (
            "quality.deviation.closed",
            at + 100 * chance.random() + 10,
            {**of, "category": "method"},
        )
