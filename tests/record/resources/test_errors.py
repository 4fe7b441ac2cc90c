"""A refused lot or piece of equipment is named in words and in data."""

from __future__ import annotations

from daytwo.kernel.errors import Refused
from daytwo.record.resources.errors import EquipmentRefused, LotRefused


def test_refusal_names_the_lot_or_the_equipment():
    lot, press = LotRefused("short", "L-1", "used up."), EquipmentRefused("class", "P-1", "no.")
    assert (lot.code, lot.detail, lot.info) == ("lot.short", "Lot L-1: used up.", {"lot": "L-1"})
    assert (press.code, press.info) == ("equipment.class", {"equipment": "P-1"})
    assert press.detail == "P-1: no."
    assert isinstance(lot, Refused)
    assert isinstance(press, Refused)
