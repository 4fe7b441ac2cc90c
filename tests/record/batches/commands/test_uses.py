"""What a step uses: lots and equipment that may not be used are refused; what is used is told."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import override_settings

from daytwo.kernel.clock import clock_set, now
from daytwo.kernel.quantity import Quantity
from daytwo.record.access.clockwatch import forget_anchor
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.batches.commands.uses import site_day
from daytwo.record.ledger.reading import stream_events
from daytwo.record.resources import commands as m
from daytwo.record.resources.queries import equipment_state, lot_state
from tests import floor
from tests.record.attack import refused

BATCH = floor.BATCH
ACTIVE = "DSP-030"
LOT, OTHER_MATERIAL = "L-RM-1001-01", "L-RM-2001-01"
BALANCE, MIXER = "B-balance-01", "HSM-high_shear_mixer-01"


@pytest.fixture
def weighing(issued, olga, otto):
    floor.do_until(olga, otto, ACTIVE)
    return issued


@contextmanager
def later(**ago: float):
    at = now() + timedelta(**ago)
    forget_anchor()
    with clock_set(lambda: at):
        yield at
    forget_anchor()


def attempt(olga, step_id: str = ACTIVE, **changed: str):
    entry = floor.entry_for(step_id) | changed
    return olga.does(b.complete_step, batch_id=BATCH, step_id=step_id, entry=entry)


def new_lot(sam, quinn, lot_id: str, *, kg: str = "100.000", status: str = "released", **more):
    quantity = Quantity(Decimal(kg), "kg")
    given = {"material_code": "RM-1001", "material_name": "Active", "quantity": quantity} | more
    sam.does(m.receive_lot, lot_id=lot_id, **given)
    if status != "quarantine":
        quinn.does(m.set_lot_status, lot_id=lot_id, status=status, reason="tested")


# ------------------------------------------------------------------ lots
@pytest.mark.requirement("R31")
def test_lot_of_another_material_is_refused(weighing, olga):
    with refused("lot.material", olga, "batch.complete_step"):
        attempt(olga, lot=OTHER_MATERIAL)


@pytest.mark.parametrize("status", ["quarantine", "rejected"])
def test_lot_that_is_not_released_is_refused(weighing, olga, sam, quinn, status):
    new_lot(sam, quinn, "L-9", status=status)
    with refused("lot.status", olga):
        attempt(olga, lot="L-9")


def test_lot_that_loses_its_release_is_refused_from_then_on(weighing, olga, quinn):
    shown = b.complete_step.rehearse(
        olga.by, batch_id=BATCH, step_id=ACTIVE, entry=floor.entry_for(ACTIVE)
    )
    assert shown is not None
    quinn.does(m.set_lot_status, lot_id=LOT, status="quarantine", reason="complaint")
    with refused("lot.status", olga):
        attempt(olga)


def test_lot_is_good_through_its_last_day_and_no_longer(weighing, olga, sam, quinn):
    last = site_day(now() + timedelta(days=3))
    new_lot(sam, quinn, "L-9", expires_on=last.isoformat())
    with later(days=4), refused("lot.expired", olga):
        attempt(olga, lot="L-9")
    with later(days=3):
        attempt(olga, lot="L-9")


def test_last_day_is_one_of_the_sites_calendar():
    at = datetime(2027, 1, 1, 0, 30, tzinfo=UTC)
    with override_settings(SITE_TIME_ZONE="America/New_York"):
        assert site_day(at) == date(2026, 12, 31)
    with override_settings(SITE_TIME_ZONE="Europe/Zurich"):
        assert site_day(at - timedelta(hours=1)) == date(2027, 1, 1)


def test_lot_with_too_little_left_is_refused_to_the_gram(weighing, olga, sam, quinn):
    needed = Decimal(floor.entry_for(ACTIVE)["gross"]) - Decimal("2.000")
    new_lot(sam, quinn, "L-SHORT", kg=str(needed - Decimal("0.001")))
    with refused("lot.short", olga):
        attempt(olga, lot="L-SHORT")
    new_lot(sam, quinn, "L-JUST", kg=str(needed))
    attempt(olga, lot="L-JUST")
    left = lot_state("L-JUST").left
    assert left is not None
    assert left.value == 0


def test_lot_measured_in_another_dimension_is_refused(weighing, olga, sam, quinn):
    new_lot(sam, quinn, "L-LITRES", quantity=Quantity(Decimal(100), "L"))
    with refused("quantity.dimension", olga):
        attempt(olga, lot="L-LITRES")


@pytest.mark.requirement("R27")
@pytest.mark.parametrize("field", ["lot", "balance"])
@pytest.mark.parametrize("scan", ["nobody-knows", "../../etc/passwd", "' OR 1=1 --", "Ω" * 90])
def test_unknown_scan_is_refused_at_its_field(weighing, olga, field, scan):
    with refused("entry.unknown", olga):
        attempt(olga, **{field: scan})


@pytest.mark.requirement("R31")
def test_use_of_a_lot_is_told_and_found_both_ways(weighing, olga):
    attempt(olga)
    [use] = q.materials(BATCH)
    assert (use.lot_id, use.material_code, use.step_id, use.unit) == (LOT, "RM-1001", ACTIVE, "kg")
    assert Decimal(use.quantity) == Decimal(floor.entry_for(ACTIVE)["gross"]) - 2
    assert q.batches_with_lot(LOT) == [BATCH]
    assert q.batches_with_lot(OTHER_MATERIAL) == []


# ------------------------------------------------------------------ scales and equipment
@pytest.mark.requirement("R27")
def test_scale_of_the_wrong_class_is_refused(weighing, olga):
    with refused("equipment.class", olga):
        attempt(olga, balance=MIXER)


@pytest.mark.requirement("R27")
def test_scale_never_calibrated_is_refused(weighing, olga, sam):
    sam.does(m.register_equipment, equipment_id="B-2", name="New", equipment_class="balance")
    with refused("equipment.calibration", olga):
        attempt(olga, balance="B-2")


@pytest.mark.requirement("R27")
def test_scale_whose_calibration_has_run_out_is_refused_at_that_very_instant(weighing, olga, sam):
    until = now() + timedelta(hours=1)
    sam.does(m.record_calibration, equipment_id=BALANCE, valid_until=until)
    forget_anchor()
    with clock_set(lambda: until), refused("equipment.calibration", olga):
        attempt(olga)
    with clock_set(lambda: until - timedelta(microseconds=1)):
        attempt(olga)
    forget_anchor()


@pytest.fixture
def at_mixer(weighing, olga, otto):
    floor.do_until(olga, otto, "GRN-010")
    return weighing


@pytest.mark.requirement("R33")
def test_equipment_whose_clean_hold_has_run_out_is_refused(at_mixer, olga, sam):
    until = now() + timedelta(hours=1)
    sam.does(m.record_cleaning, equipment_id=MIXER, clean_until=until)
    forget_anchor()
    with clock_set(lambda: until), refused("equipment.clean_hold", olga):
        attempt(olga, "GRN-010")
    forget_anchor()
    sam.does(m.register_equipment, equipment_id="H-2", name="-", equipment_class="high_shear_mixer")
    sam.does(m.record_calibration, equipment_id="H-2", valid_until=until)
    with refused("equipment.clean_hold", olga):  # never cleaned
        attempt(olga, "GRN-010", equipment="H-2")


@pytest.mark.requirement("R33")
def test_equipment_used_for_a_batch_serves_no_other_until_it_is_cleaned(
    site, issued, olga, otto, sam
):
    floor.do_until(olga, otto, "DSP-030")  # the balance is B-0001's from here on
    assert equipment_state(BALANCE).soiled_by == BATCH
    floor.issue(sam, "B-0002")
    floor.do_until(olga, otto, "DSP-020", "B-0002")
    entry = floor.entry_for("DSP-020", "B-0002")
    given = {"batch_id": "B-0002", "step_id": "DSP-020", "entry": entry}
    with refused("equipment.dirty", olga, stream="batch/B-0002"):
        olga.does(b.complete_step, **given)
    sam.does(m.record_cleaning, equipment_id=BALANCE, clean_until=now() + timedelta(days=1))
    olga.does(b.complete_step, **given)
    assert [use.batch_id for use in q.logbook(BALANCE)] == [BATCH, "B-0002"]


@pytest.mark.requirement("R33")
def test_logbook_tells_cleaning_and_use_in_the_order_of_time(at_mixer, olga):
    attempt(olga, "GRN-010")
    types = [e.type for e in stream_events(f"equipment/{MIXER}")]
    assert types == [
        "equipment.registered",
        "equipment.calibrated",
        "equipment.cleaned",
        "equipment.soiled",
    ]
    times = [e.recorded_text for e in stream_events(f"equipment/{MIXER}")]
    assert times == sorted(times)
    [use] = q.logbook(MIXER)
    assert (use.batch_id, use.step_id, use.equipment_class) == (
        BATCH,
        "GRN-010",
        "high_shear_mixer",
    )
    assert [u.equipment_id for u in q.equipment(BATCH)] == [BALANCE, MIXER]


@pytest.mark.requirement("R27")
def test_charging_into_equipment_of_another_batch_is_refused(at_mixer, olga, otto, sam):
    until = now() + timedelta(days=1)
    sam.does(m.register_equipment, equipment_id="H-2", name="-", equipment_class="high_shear_mixer")
    sam.does(m.record_calibration, equipment_id="H-2", valid_until=until)
    sam.does(m.record_cleaning, equipment_id="H-2", clean_until=until)
    floor.do_step(olga, otto)
    with refused("entry.equipment", olga):
        attempt(olga, "GRN-020", equipment="H-2")


# ------------------------------------------------------------------ corrected uses
@pytest.fixture
def weighed(weighing, olga, otto):
    floor.do_step(olga, otto)
    return weighing


def correct(olga, **changed: str):
    entry = floor.entry_for(ACTIVE) | changed
    return olga.does(b.correct_step, batch_id=BATCH, step_id=ACTIVE, entry=entry, reason="misread")


@pytest.mark.requirement("R13")
def test_corrected_weight_corrects_what_is_left_of_the_lot(weighed, olga):
    before = lot_state(LOT).left
    was = Decimal(floor.entry_for(ACTIVE)["gross"])
    for gross in (was + Decimal("0.001"), was - Decimal("0.001")):
        correct(olga, gross=str(gross))
        left = lot_state(LOT).left
        assert before is not None
        assert left is not None
        assert left.value == before.value - (gross - was)
    net = sum(Decimal(use.quantity) for use in q.materials(BATCH))
    assert net == was - Decimal("0.001") - 2


def test_lot_and_balance_of_a_weighing_cannot_be_exchanged_afterwards(weighed, olga, sam, quinn):
    new_lot(sam, quinn, "L-9")
    with refused("step.lot_fixed", olga, "batch.correct_step"):
        correct(olga, lot="L-9")


def test_correction_cannot_take_more_than_is_left(weighing, olga, sam, quinn):
    net = Decimal(floor.entry_for(ACTIVE)["gross"]) - 2
    new_lot(sam, quinn, "L-JUST", kg=str(net))
    attempt(olga, lot="L-JUST")
    gross = str(net + 2 + Decimal("0.001"))
    with refused("lot.short", olga, "batch.correct_step"):
        correct(olga, lot="L-JUST", gross=gross)
