"""Verbs of lots and equipment: nothing without its label, its reason and the right person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from daytwo.kernel.clock import now
from daytwo.kernel.errors import Unknown
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.reading import stream_events
from daytwo.record.resources import commands as m
from daytwo.record.resources.queries import equipment_state, lot_state
from tests.conftest import Person
from tests.record.attack import refused

LOT = {
    "lot_id": "L-1",
    "material_code": "RM-1",
    "material_name": "Lactose",
    "quantity": Quantity(Decimal("25.000"), "kg"),
}
PRESS = {"equipment_id": "P-1", "name": "Press", "equipment_class": "tablet_press"}


def test_received_lot_waits_in_quarantine(site, sam):
    sam.does(m.receive_lot, **LOT, expires_on="2027-01-31")
    found = lot_state("L-1")
    assert (found.status, found.expires_on, found.left) == (
        "quarantine",
        "2027-01-31",
        Quantity.parse("25.000 kg"),
    )


def test_expiry_is_kept_so_that_days_compare(site, sam):
    """Found by attack: `20270131` was kept as written, and sorted behind every day of 2027."""
    sam.does(m.receive_lot, **LOT, expires_on="20270131")
    assert lot_state("L-1").expires_on == "2027-01-31"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"lot_id": ""}, "resource.label"),
        ({"material_code": " "}, "resource.label"),
        ({"material_code": "x" * 101}, "resource.label"),
        ({"quantity": Quantity(Decimal(0), "kg")}, "lot.quantity"),
        ({"quantity": Quantity(Decimal(-1), "kg")}, "lot.quantity"),
        ({"expires_on": "31.01.2027"}, "lot.expiry"),
        ({"expires_on": ""}, "lot.expiry"),
        ({"expires_on": "2027-02-29"}, "lot.expiry"),
        ({"lot_id": "L 1; DROP"}, "command.identifier"),
    ],
)
def test_lot_with_a_wrong_label_is_refused(site, sam, wrong, code):
    given = LOT | wrong
    if code == "command.identifier":
        with pytest.raises(Exception, match="lot_id") as caught:
            sam.does(m.receive_lot, **given)
        assert caught.value.code == code
    else:
        with refused(code, sam, "material.receive_lot", f"lot/{given['lot_id']}"):
            sam.does(m.receive_lot, **given)
    with pytest.raises(Unknown):
        lot_state(given["lot_id"])


@pytest.mark.requirement("R17")
def test_numbers_are_given_once(site, sam):
    sam.does(m.receive_lot, **LOT)
    with refused("lot.exists", sam, stream="lot/L-1"):
        sam.does(m.receive_lot, **LOT)
    sam.does(m.register_equipment, **PRESS)
    with refused("equipment.exists", sam, stream="equipment/P-1"):
        sam.does(m.register_equipment, **PRESS)


@pytest.mark.requirement("R06")
def test_status_of_a_lot_changes_with_old_new_and_why(site, sam, quinn):
    sam.does(m.receive_lot, **LOT)
    given = {"lot_id": "L-1", "status": "released"}
    with refused("lot.reason_missing", quinn, stream="lot/L-1"):
        quinn.does(m.set_lot_status, **given, reason="  ")
    quinn.does(m.set_lot_status, **given, reason="tested, conforms")
    event = stream_events("lot/L-1")[-1]
    assert event.payload == {"lot_id": "L-1", "status": "released", "previous": "quarantine"}
    assert (event.reason, event.actor.role) == ("tested, conforms", "quality")
    with refused("lot.status_same", quinn, stream="lot/L-1"):
        quinn.does(m.set_lot_status, **given, reason="again")
    for status in ("unknown", "", "RELEASED"):
        with refused("lot.status_unknown", quinn, stream="lot/L-1"):
            quinn.does(m.set_lot_status, lot_id="L-1", status=status, reason="attempt")


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("name", ["sam", "olga", "paula", "aron", "ada", "stan"])
def test_only_quality_releases_a_lot(site, sam, name):
    sam.does(m.receive_lot, **LOT)
    person = Person(name)
    with refused("access.not_permitted", person, "material.set_lot_status", "lot/L-1"):
        person.does(m.set_lot_status, lot_id="L-1", status="released", reason="attempt")


@pytest.mark.parametrize(
    "wrong", [{"equipment_id": ""}, {"equipment_class": ""}, {"equipment_class": "x" * 101}]
)
def test_equipment_without_a_plate_or_class_is_refused(site, sam, wrong):
    given = PRESS | wrong
    with refused("resource.label", sam, stream=f"equipment/{given['equipment_id']}"):
        sam.does(m.register_equipment, **given)


@pytest.mark.requirement("R27")
@pytest.mark.requirement("R33")
def test_calibration_and_cleaning_reach_into_the_future(site, sam):
    sam.does(m.register_equipment, **PRESS)
    assert equipment_state("P-1").calibrated_until is None
    past, soon = now() - timedelta(seconds=1), now() + timedelta(hours=1)
    verbs = (m.record_calibration, "valid_until"), (m.record_cleaning, "clean_until")
    for verb, field in verbs:
        with refused("equipment.until_past", sam, verb.name, "equipment/P-1"):
            sam.does(verb, equipment_id="P-1", **{field: past})
        sam.does(verb, equipment_id="P-1", **{field: soon})
        with pytest.raises(Unknown):
            sam.does(verb, equipment_id="P-2", **{field: soon})
    found = equipment_state("P-1")
    assert (found.calibrated_until, found.clean_until) == (soon, soon)
