"""Readings of lots and equipment: in the order in which they should be used."""

from __future__ import annotations

from decimal import Decimal

import pytest

from daytwo.kernel.errors import Unknown
from daytwo.kernel.quantity import Quantity
from daytwo.record.resources import commands as m
from daytwo.record.resources.queries import all_equipment, equipment_state, lot_state, lots
from tests import floor


def test_lots_that_expire_first_come_first(site, sam):
    quantity = Quantity(Decimal(1), "kg")
    for lot, material, until in (
        ("L-3", "RM-1", "2028-01-01"),
        ("L-1", "RM-2", "2026-12-01"),
        ("L-2", "RM-1", "2027-01-01"),
    ):
        given = {"material_code": material, "material_name": material, "quantity": quantity}
        sam.does(m.receive_lot, lot_id=lot, **given, expires_on=until)
    assert [row.id for row in lots()] == ["L-2", "L-3", "L-1"]
    assert [row.id for row in lots("RM-1")] == ["L-2", "L-3"]
    assert lots("RM-9") == []


def test_unknown_numbers_are_named(site):
    with pytest.raises(Unknown, match="L-9"):
        lot_state("L-9")
    with pytest.raises(Unknown, match="P-9"):
        equipment_state("P-9")


def test_what_is_left_is_what_came_less_what_was_used(made):
    received = {i.material: i.quantity.value * 20 for i in floor.MASTER.formula.inputs}
    left = lot_state("L-RM-1001-01").left
    assert left is not None
    used = Decimal(floor.entry_for("DSP-030")["gross"]) - 2
    assert left.value == received["RM-1001"] - used
    water = lot_state("L-RM-9001-01").left  # weighed twice
    assert water is not None
    twice = sum(Decimal(floor.entry_for(s)["gross"]) - 2 for s in ("GRN-050", "COT-020"))
    assert water.value == received["RM-9001"] - twice


def test_equipment_is_listed_by_class(issued):
    classes = [row.equipment_class for row in all_equipment()]
    assert classes == sorted(floor.equipment_classes())
