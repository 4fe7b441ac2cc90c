"""What is entered for a step: value, signatures, bookings, and what people do instead of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.flow.deviations import Finding, deviate
from daytwo.doors.simulator.flow.exceptions import raise_exception
from daytwo.doors.simulator.flow.laboratory import test_batch
from daytwo.doors.simulator.flow.values import measure
from daytwo.doors.simulator.plant.calendar import HOUR, MINUTE, PRODUCTION, opening

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.machines import Unit
    from daytwo.doors.simulator.plant.recipes import Step
    from daytwo.doors.simulator.plant.site import Row, Site

LATE = 30 * MINUTE
"""An entry later than this after the activity is late."""

SIGNED = {"sign", "line_clearance", "in_process_control", "yield", "weigh", "charge_material"}
ALERT = 0.15
"""Part of the range next to a limit in which a value is worth an alert."""

OVERRIDES = ("Scanner does not read the label", "Unit status not updated", "Order of steps changed")
IDLE_TEXT = {
    "not_applicable": "Not applicable for this order",
    "skipped": "Step skipped, done with the previous one",
}


def enter(
    site: Site, batch: Batch, step: Step, row: Row, unit: Unit, *, paper: bool
) -> Generator[simpy.Event, Any, None]:
    """Enter what a completed step asks for."""
    draw = site.chance.stream("entry", batch.number, row["step_no"])
    t, line = site.now, batch.product.line
    row["done_on_paper"] = "Y" if paper else "N"
    row["outcome"], value = _outcome(site, step, draw), ""
    if row["outcome"] in IDLE_TEXT:
        raise_exception(
            site, batch, row["step_no"], row["outcome"], IDLE_TEXT[row["outcome"]], row["operator"]
        )
    else:
        value = measure(site, batch, step, unit, draw)
        row["value"] = value or None
        if value or step.material[0] or step.stage:
            row["capture"] = _capture(site, step, line, draw, paper=paper)
        yield from _book(site, batch, step, row, draw)
        _limits(site, batch, step, row, value)
    _record_time(site, batch, row, draw, paper=paper)
    _sign(site, batch, step, row, draw)
    _slip(site, batch, row, value)
    if draw.happens(site.conditions.rate("override", t)):
        _override(site, batch, row, draw.pick(OVERRIDES))
    if step.automated and draw.happens(site.parameters.floor.alarm_rate):
        text = f"Alarm of {unit.id} during {step.phase.lower()}, acknowledged"
        raise_exception(site, batch, row["step_no"], "alarm", text, row["operator"])
    if step.kind != "sign":
        batch.packed = t
    if step.sample:
        batch.laboratory.append(site.go(test_batch(site, batch, step.sample)))
    for cause in batch.planned_deviations.pop(step.seq, []):
        exception = raise_exception(
            site,
            batch,
            row["step_no"],
            "event",
            f"Event during {step.phase.lower()}",
            row["operator"],
        )
        deviate(
            site,
            batch,
            Finding(
                exception["exception_no"],
                cause,
                row["claimed"],
                row["operator"],
                row["step_no"],
                unit.id,
                step.unit_procedure,
            ),
        )


def _outcome(site: Site, step: Step, draw: Draw) -> str:
    idle, skipped = (
        draw.happens(site.conditions.rate("not_applicable", site.now)),
        draw.happens(site.parameters.floor.skip_rate),
    )
    if step.kind not in {"confirm", "enter_number", "assign_equipment"} or step.historian:
        return "passed"
    return "not_applicable" if idle else "skipped" if skipped else "passed"


def _capture(site: Site, step: Step, line: str, draw: Draw, *, paper: bool) -> str:
    """Return how a value came in, as the code of the export."""
    factor = site.conditions.factor("manual", line, site.now)
    manual = draw.happens(site.conditions.rate("manual", site.now) * factor)
    if step.interface:
        return "MX" if manual or paper else "I"
    return "D" if step.device and not paper else "M"


def _book(
    site: Site, batch: Batch, step: Step, row: Row, draw: Draw
) -> Generator[simpy.Event, Any, None]:
    """Book material, or the yield of a stage."""
    code, quantity, unit = step.material
    if code:
        lot = yield from site.stock.take(code, quantity)
        batch.lots[code] = lot.number
        batch.quality[code] = lot.quality
        booked = float(row["value"]) if row["value"] else quantity * draw.between(0.99, 1.01)
        site.add(
            "mes/genealogy.csv",
            booking_no=site.number("BK"),
            batch_no=batch.number,
            step_no=row["step_no"],
            material=code,
            material_name=lot.material.name,
            lot_no=lot.number,
            quantity=f"{booked:.0f}" if unit in {"pcs", "vial"} else f"{booked:.3f}",
            unit=unit,
            booked=site.now,
        )
        if draw.happens(site.parameters.floor.substituted_rate):
            text = f"Lot {lot.number} taken instead of the one that was reserved"
            raise_exception(site, batch, row["step_no"], "substituted_lot", text, row["operator"])
    if step.stage:
        product = batch.product
        stage = sum(s.stage != "" for s in batch.steps if s.seq <= step.seq)
        percent = 100 - 0.6 * stage - abs(draw.normal(0, 0.5)) - (2.5 if batch.reworked else 0)
        row["value"], row["value_unit"] = f"{percent:.2f}", "%"
        site.add(
            "mes/yields.csv",
            batch_no=batch.number,
            stage=step.stage,
            theoretical=f"{product.theoretical:.2f}",
            actual=f"{product.theoretical * percent / 100:.2f}",
            unit="kg",
            percent=f"{percent:.2f}",
            at=site.now,
        )


def _limits(site: Site, batch: Batch, step: Step, row: Row, value: str) -> None:
    target = step.target
    if target is None or not value:
        return
    number, width = float(value), target.high - target.low
    code = ""
    if not target.low <= number <= target.high:
        code, row["outcome"] = "action_limit", "out_of_limits"
    elif step.parameter and min(number - target.low, target.high - number) < ALERT * width:
        code = "alert_limit" if target.low > 0 or number > target.mean else ""
    if code:
        text = f"{step.phase}: {value} {target.unit}"
        raise_exception(site, batch, row["step_no"], code, text, row["operator"])


def _record_time(site: Site, batch: Batch, row: Row, draw: Draw, *, paper: bool) -> None:
    """Date the entry: at once, late, from paper, or never until somebody asks."""
    t = row["completed"]
    late = draw.happens(site.conditions.rate("late", t))
    missing = draw.happens(site.parameters.floor.missing_rate)
    lag, hours = draw.between(5, 4 * MINUTE), draw.between(0.6, 14)
    if paper:
        row["entry_recorded"] = _open(t + int(draw.between(6, 40) * HOUR))
        batch.back_entries += 1
        batch.back_entered = max(batch.back_entered, row["entry_recorded"])
    elif missing and row["outcome"] == "passed" and row.get("value"):
        row["outcome"] = "missing"
        batch.missing.append(row)
        row["_value"] = row.pop("value")
        raise_exception(site, batch, row["step_no"], "missing", "Value is missing", row["operator"])
    elif late:
        row["entry_recorded"] = _open(t + int(hours * HOUR))
        raise_exception(
            site, batch, row["step_no"], "late_entry", "Entry after the activity", row["operator"]
        )
    else:
        row["entry_recorded"] = t + int(lag)


def _open(t: int) -> int:
    at = opening(t, PRODUCTION)
    return at if at == t else at + LATE


def _sign(site: Site, batch: Batch, step: Step, row: Row, draw: Draw) -> None:
    if step.kind not in SIGNED and not step.witnessed and not step.automated:
        return
    at = row["completed"] + int(draw.between(4, 50))
    signers = [(row["operator"], "operator", "performed", at)]
    if step.witnessed:
        seen = at + int(draw.between(20, 4 * MINUTE))
        others = [p for p in site.roster.crew(seen) if p.id != row["operator"]]
        witness = draw.pick(others)
        row |= {"witnessed": seen, "witness": witness.id}
        signers.append((witness.id, "operator", "witnessed", seen))
    for signer, role, meaning, signed in signers:
        site.add(
            "mes/signatures.csv",
            signature_no=site.number("SG"),
            batch_no=batch.number,
            step_no=row["step_no"],
            signer=signer,
            role=role,
            meaning=meaning,
            signed_at=signed,
            automated_step="Y" if step.automated else "N",
        )


def _slip(site: Site, batch: Batch, row: Row, value: str) -> None:
    """Make a slip: corrected at once, or found later by somebody who reviews the record."""
    draw = site.chance.stream("slip", batch.number, row["step_no"])
    now = draw.happens(site.parameters.floor.correction_rate)
    factor = site.conditions.factor("error", batch.product.line, site.now)
    later = draw.happens(site.parameters.floor.error_rate * factor)
    if row["outcome"] != "passed":
        return
    if later:
        batch.errors.append(row)
    elif now and value:
        at = row["completed"] + draw.whole(60, 600)
        correct(site, batch, row, at, draw.pick(site.roster.crew(at)).id, "N")


def correct(site: Site, batch: Batch, row: Row, at: int, by: str, after: str) -> None:
    """Correct an entry, with reason."""
    draw = site.chance.stream("correction", batch.number, row["step_no"], after)
    value = row.get("value")
    old = value[::-1] if value and value != value[::-1] else f"{value}0" if value else "comment"
    site.add(
        "mes/corrections.csv",
        correction_no=site.number("COR"),
        batch_no=batch.number,
        step_no=row["step_no"],
        at=at,
        by=by,
        old=old.strip("."),
        new=value or "comment added",
        reason=draw.pick(("Typing error", "Wrong line", "Digits swapped", "Unit mixed up")),
        after_signoff=after,
    )


def _override(site: Site, batch: Batch, row: Row, why: str) -> None:
    lead = site.roster.lead(site.now)
    raise_exception(site, batch, row["step_no"], "override", why, lead.id)
    site.add(
        "mes/usage.csv",
        at=site.now,
        person=lead.id,
        role="supervisor",
        event="override",
        name="step enforcement",
        batch_no=batch.number,
        step_no=row["step_no"],
        text=why,
    )
