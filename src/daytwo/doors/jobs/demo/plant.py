"""The demonstration site's master, materials and equipment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

from daytwo.doors.jobs.demo.cast import Hand
from daytwo.doors.jobs.demo.hands import equipment_number, lot_number
from daytwo.kernel.clock import now
from daytwo.kernel.quantity import Quantity
from daytwo.record.recipes import commands as recipes
from daytwo.record.recipes.document import CheckEquipment, Weigh, load
from daytwo.record.resources import commands as goods

if TYPE_CHECKING:
    from daytwo.record.recipes.document import MasterBatchRecord


def example_text() -> str:
    """Return the text of the example master batch record."""
    folder = resources.files("daytwo.examples.mbr")
    return folder.joinpath("metoprolol-50.yaml").read_text(encoding="utf-8")


def approve_example() -> MasterBatchRecord:
    """Draft, prepare, check and approve the example; return it."""
    text = example_text()
    master = load(text)
    author = Hand("aron")
    author.does(recipes.draft, mbr_id=master.id, yaml=text, reason="first version")
    author.does(recipes.submit, mbr_id=master.id, number=1)
    Hand("sara").does(recipes.check, mbr_id=master.id, number=1)
    Hand("quinn").does(recipes.approve, mbr_id=master.id, number=1)
    return master


def receive_series(master: MasterBatchRecord, series: int, batches: int) -> None:
    """Receive and release one lot of each material, enough for a number of batches."""
    for component in master.formula.inputs:
        lot = lot_number(component.material, series)
        amount = component.quantity.value * Decimal(batches) * Decimal("1.05")
        Hand("sam").does(
            goods.receive_lot,
            lot_id=lot,
            material_code=component.material,
            material_name=component.name,
            quantity=Quantity(amount, component.quantity.unit),
            expires_on=(now() + timedelta(days=720)).date().isoformat(),
            supplier="Supplier of the demonstration",
        )
        Hand("quentin").does(
            goods.set_lot_status, lot_id=lot, status="released", reason="incoming tests conform"
        )


def install_equipment(master: MasterBatchRecord) -> list[str]:
    """Register one piece of equipment for each class that the master asks for."""
    steps = [placed.step for placed in master.steps()]
    classes = {s.equipment_class for s in steps if isinstance(s, Weigh | CheckEquipment)}
    for name in sorted(classes):
        number = equipment_number(name)
        words = name.replace("_", " ")
        Hand("sam").does(
            goods.register_equipment, equipment_id=number, name=words, equipment_class=name
        )
    return [equipment_number(name) for name in sorted(classes)]


def make_ready(equipment: list[str]) -> None:
    """Calibrate and clean every piece of equipment for the coming weeks."""
    for number in equipment:
        until = now() + timedelta(days=30)
        Hand("sam").does(goods.record_calibration, equipment_id=number, valid_until=until)
        Hand("sam").does(
            goods.record_cleaning, equipment_id=number, clean_until=now() + timedelta(days=7)
        )
