"""May this lot, may this equipment be used: each reason to refuse, at its edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity
from daytwo.record.resources.errors import EquipmentRefused, LotRefused
from daytwo.record.resources.rules import (
    EquipmentState,
    LotState,
    check_equipment,
    check_label,
    check_lot,
)

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LOT = LotState("L-1", "RM-1", "released", "2026-11-23", Quantity.parse("5.000 kg"))
BALANCE = EquipmentState("B-1", "balance", AT + TICK, AT + TICK, None)


def lot_code(lot: LotState, *, material="RM-1", quantity="5.000 kg", on=None) -> str:
    needed = None if quantity is None else Quantity.parse(quantity)
    try:
        check_lot(lot, material, needed, on or AT.date())
    except LotRefused as refused:
        why = refused
    else:
        return "may be used"
    assert why.info == {"lot": "L-1"}
    assert "L-1" in str(why)
    return why.code


def equipment_code(equipment: EquipmentState, *, at=AT, batch="B-1", **asked) -> str:
    asked = {"calibrated": True, "clean": True} | asked
    kind = asked.pop("kind", "balance")
    try:
        check_equipment(equipment, kind, at, batch_id=batch, **asked)
    except EquipmentRefused as refused:
        why = refused
    else:
        return "may be used"
    assert why.info == {"equipment": equipment.equipment_id}
    return why.code


def test_released_lot_with_just_enough_on_its_last_day_may_be_used():
    assert lot_code(LOT) == "may be used"
    assert lot_code(replace(LOT, expires_on=None, left=None)) == "may be used"
    assert lot_code(LOT, quantity=None) == "may be used"
    assert lot_code(LOT, quantity="5000 g") == "may be used"


@pytest.mark.requirement("R31")
@pytest.mark.parametrize("status", ["quarantine", "rejected", "unknown", "", "Released"])
def test_only_a_released_lot_may_be_used(status):
    assert lot_code(replace(LOT, status=status)) == "lot.status"


def test_other_material_expired_and_short_are_told_apart():
    assert lot_code(LOT, material="RM-2") == "lot.material"
    assert lot_code(LOT, on=date(2026, 11, 24)) == "lot.expired"
    assert lot_code(LOT, quantity="5.001 kg") == "lot.short"
    assert lot_code(replace(LOT, left=Quantity.parse("-1 kg")), quantity="1 g") == "lot.short"


@pytest.mark.requirement("R27")
def test_calibration_holds_until_its_instant_and_not_at_it():
    assert equipment_code(BALANCE) == "may be used"
    for until in (None, AT, AT - TICK):
        dull = replace(BALANCE, calibrated_until=until)
        assert equipment_code(dull) == "equipment.calibration"
        assert equipment_code(dull, calibrated=False) == "may be used"


@pytest.mark.requirement("R33")
def test_cleanliness_holds_until_its_instant_and_not_at_it():
    for until in (None, AT, AT - TICK):
        soiled = replace(BALANCE, clean_until=until)
        assert equipment_code(soiled) == "equipment.clean_hold"
        assert equipment_code(soiled, clean=False) == "may be used"


@pytest.mark.requirement("R33")
def test_equipment_of_another_batch_is_dirty_and_ones_own_is_not():
    used = replace(BALANCE, soiled_by="B-2", clean_until=None)
    assert equipment_code(used) == "equipment.dirty"
    assert equipment_code(used, batch="B-2") == "may be used"


@pytest.mark.requirement("R27")
def test_wrong_class_is_refused_whatever_else_holds():
    assert equipment_code(BALANCE, kind="tablet_press") == "equipment.class"


@pytest.mark.parametrize("text", ["", "  ", "\n", "x" * 101])
def test_label_says_something_that_can_be_kept(text):
    with pytest.raises(Refused) as refused:
        check_label("The class", text)
    assert refused.value.code == "resource.label"
    assert check_label("The class", f" {'x' * 100} ") == "x" * 100
