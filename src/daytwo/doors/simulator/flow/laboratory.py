"""The quality control laboratory: samples wait for a courier, analysts, instruments, reviewers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.batch import Segment
from daytwo.doors.simulator.flow.oos import investigate
from daytwo.doors.simulator.plant.calendar import HOUR, MINUTE, OFFICE, opening
from daytwo.doors.simulator.plant.recipes import Target, Test

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.flow.stock import Lot
    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.desk import Turn
    from daytwo.doors.simulator.plant.site import Row, Site

BEFORE = 0.6
"""Part of an analyst's work that comes before the hours that pass; the rest reads and enters."""

INCOMING = (
    Test(
        "ID", "Identity (NIR)", Target("%", 98.5, 0.6, 1, 95, 100, {}), 25, 0, chromatograph=False
    ),
    Test("LW", "Water", Target("%", 1.0, 0.12, 2, 0, 2, {"": 0.9}), 30, 0, chromatograph=False),
)
POTENCY = Test(
    "LASSAY", "Assay", Target("%", 99.4, 0.25, 1, 98, 102, {}), 80, 12, chromatograph=True
)
FAULT = 10
"""Standard deviations by which a faulty batch misses its target."""

URGENCY_OF_A_LOT = 1e9
"""Lots come after batches."""


@dataclass(slots=True)
class Sample:
    """A sample under test; `effects` is the quality of the lots in it, by material."""

    row: Row
    draw: Draw
    urgency: float
    effects: dict[str, float]
    batch: Batch | None = None
    spans: list[Segment] = field(default_factory=list)


def test_batch(site: Site, batch: Batch, stage: str) -> Generator[simpy.Event, Any, None]:
    """Test a batch's sample, drawn now; its release waits until all results are final."""
    product = batch.product
    tests = product.tests if stage == "final" else product.tests[-1:]
    row = _draw_sample(site, "batch", batch.number, stage, f"{product.mbr}-{stage}")
    draw = site.chance.stream("sample", row["sample_no"])
    sample = Sample(row, draw, batch.urgency, batch.quality, batch)
    yield from _receive(site, sample)
    runs = [site.go(_test(site, sample, test)) for test in tests]
    yield site.env.all_of(runs)
    spans: list[list[Segment]] = [run.value for run in runs if run.value]
    last = max(spans, key=lambda of: of[-1].until)
    if last[-1].until > batch.laboratory_final:
        batch.laboratory_final = last[-1].until
        batch.laboratory_spans = sample.spans + last


def test_lot(site: Site, lot: Lot) -> Generator[simpy.Event, Any, None]:
    """Test a lot that was received now."""
    row = _draw_sample(site, "lot", lot.number, "incoming", f"IN-{lot.material.code}")
    draw = site.chance.stream("sample", row["sample_no"])
    sample = Sample(row, draw, URGENCY_OF_A_LOT, {"": lot.quality})
    yield from _receive(site, sample)
    tests = (*INCOMING, POTENCY) if lot.material.potency else INCOMING
    yield site.env.all_of([site.go(_test(site, sample, test)) for test in tests])


def _draw_sample(site: Site, kind: str, subject: str, stage: str, plan: str) -> Row:
    _, clerk = site.roster.next_in_office("warehouse", site.now)
    by = clerk.id if kind == "lot" else site.roster.crew(site.now)[0].id
    return site.add(
        "lims/samples.csv",
        sample_no=site.number("S"),
        subject_kind=kind,
        subject=subject,
        stage=stage,
        plan=plan,
        taken=site.now,
        taken_by=by,
    )


def _receive(site: Site, sample: Sample) -> Generator[simpy.Event, Any, None]:
    hours = site.parameters.laboratory.courier_hours * sample.draw.between(0.5, 1.5)
    at = opening(site.now + int(hours * HOUR), OFFICE)
    at = opening(-(-at // MINUTE) * MINUTE, OFFICE)
    yield site.until(at)
    while not (there := _present(site, "qc_analyst")):
        yield site.until(opening((site.now // 86_400 + 1) * 86_400, OFFICE))
    sample.row |= {"received": site.now, "received_by": sample.draw.pick(there)}
    taken = sample.row["taken"]
    sample.spans.append(Segment(taken, site.now, "lab", "laboratory", "sample on its way"))


def _present(site: Site, role: str) -> list[str]:
    return [p.id for p in site.roster.of(role) if site.roster.in_office(p, site.now)]


def _test(site: Site, sample: Sample, test: Test) -> Generator[simpy.Event, Any, list[Segment]]:
    """Test until a result is final that stands; return how the time went by."""
    draw = site.chance.stream("test", sample.row["sample_no"], test.code)
    spans: list[Segment] = []
    supersedes, value, truly = "", *_measure(site, sample, test, draw)
    while True:
        row = yield from _run(site, sample, test, (value, supersedes), spans)
        turn: Turn = yield site.desks["results"].submit(
            site.parameters.laboratory.review_minutes * draw.skewed(1, 0.3),
            sample.urgency,
        )
        _span(spans, turn.start, test, "queue for review of results")
        _span(spans, turn.end, test, "review of results")
        row["reviewer"] = turn.person.id
        if row["_ok"]:
            row["final"] = turn.end
            return spans
        stands, row["reviewer"] = yield from investigate(site, sample, test, row, truly=truly)
        _span(spans, site.now, test, f"out of specification {row['result_no']}")
        row["final"] = site.now
        if stands:
            return spans
        supersedes = row["result_no"]
        value, truly = _within(test.target, draw), False


def _run(
    site: Site, sample: Sample, test: Test, outcome: tuple[str, str], spans: list[Segment]
) -> Generator[simpy.Event, Any, Row]:
    """Do a test once: prepare, let the hours pass, read and enter."""
    touch = test.touch * site.conditions.factor(f"touch {test.code}", "", site.now)
    value, supersedes = outcome
    target, subject = test.target, sample.row
    row: Row = {}

    def begin(person: Any, t: int) -> None:
        row.update(
            result_no=site.number("R"),
            sample_no=subject["sample_no"],
            subject_kind=subject["subject_kind"],
            subject=subject["subject"],
            stage=subject["stage"],
            test=test.code,
            test_name=test.name,
            unit=target.unit,
            low=f"{target.low:g}",
            high=f"{target.high:g}",
            started=t,
            analyst=person.id,
            supersedes=supersedes,
        )
        site.tables["lims/results.csv"].append(row)

    instrument = (
        site.chromatographs.request(priority=int(sample.urgency)) if test.chromatograph else None
    )
    if instrument:
        yield instrument
        _span(spans, site.now, test, "queue for a chromatograph")
    turn: Turn = yield site.desks["analysts"].submit(touch * BEFORE, sample.urgency, begin)
    _span(spans, turn.start, test, "queue for an analyst")
    yield site.env.timeout(int(test.passes * HOUR))
    if instrument:
        site.chromatographs.release(instrument)
    turn = yield site.desks["analysts"].submit(touch * (1 - BEFORE), sample.urgency)
    _span(spans, turn.end, test, "test")
    ok = target.low <= float(value) <= target.high
    row |= {
        "entered": turn.end,
        "analyst": turn.person.id,
        "value": value,
        "verdict": "P" if ok else "OOS",
        "_ok": ok,
    }
    return row


def _measure(site: Site, sample: Sample, test: Test, draw: Draw) -> tuple[str, bool]:
    """Return a first value, and whether it is out of limits because the product is."""
    target = test.target
    effect = sum(sample.effects.get(code, 0) * by for code, by in target.lots.items())
    z = draw.normal(effect, 1)
    if sample.batch and sample.batch.faulty and test.code in {"DISS", "SEC"}:
        z -= FAULT
    mean = target.mean + z * target.deviation
    value = round(max(mean, min(target.low, 0)), target.places)
    truly = not target.low <= value <= target.high
    if draw.happens(site.parameters.laboratory.error_rate) and not truly:
        value = round(target.low - 2.5 * target.deviation, target.places)
        if value < 0:
            value = round(target.high + 2.5 * target.deviation, target.places)
    return f"{value:.{target.places}f}", truly


def _within(target: Target, draw: Draw) -> str:
    value = round(draw.normal(target.mean, target.deviation), target.places)
    return f"{min(max(value, target.low), target.high):.{target.places}f}"


def _span(spans: list[Segment], until: int, test: Test, what: str) -> None:
    since = spans[-1].until if spans else until
    spans.append(Segment(since, until, "lab", "laboratory", f"{test.code}: {what}"))
