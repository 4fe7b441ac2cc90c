"""A floor to stand on: the example master approved, lots released, equipment ready, a batch."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import resources
from random import Random
from typing import TYPE_CHECKING

from daytwo.doors.jobs.demo.hands import conforming_entry, equipment_number, lot_number
from daytwo.kernel.clock import now
from daytwo.kernel.quantity import Quantity
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.recipes import commands as r
from daytwo.record.recipes.document import CheckEquipment, Weigh, load
from daytwo.record.resources import commands as m

if TYPE_CHECKING:
    from tests.conftest import Person

EXAMPLE = resources.files("daytwo.examples.mbr").joinpath("metoprolol-50.yaml").read_text()
MASTER = load(EXAMPLE)
BATCH = "B-0001"


def approve_master(aron: Person, sam: Person, quinn: Person) -> None:
    """Draft, submit, check and approve the example."""
    aron.does(r.draft, mbr_id=MASTER.id, yaml=EXAMPLE, reason="first version")
    aron.does(r.submit, mbr_id=MASTER.id, number=1)
    sam.does(r.check, mbr_id=MASTER.id, number=1)
    quinn.does(r.approve, mbr_id=MASTER.id, number=1)


def stock(sam: Person, quinn: Person, times: int = 20) -> None:
    """Receive and release a lot of each material, register the equipment, clean and calibrate."""
    for component in MASTER.formula.inputs:
        lot = lot_number(component.material)
        quantity = Quantity(component.quantity.value * Decimal(times), component.quantity.unit)
        sam.does(
            m.receive_lot,
            lot_id=lot,
            material_code=component.material,
            material_name=component.name,
            quantity=quantity,
            expires_on=(now() + timedelta(days=700)).date().isoformat(),
        )
        quinn.does(m.set_lot_status, lot_id=lot, status="released", reason="tested")
    for name in sorted(equipment_classes()):
        number = equipment_number(name)
        sam.does(m.register_equipment, equipment_id=number, name=name, equipment_class=name)
        until = now() + timedelta(days=30)
        sam.does(m.record_calibration, equipment_id=number, valid_until=until)
        sam.does(m.record_cleaning, equipment_id=number, clean_until=until)


def equipment_classes() -> set[str]:
    """Return the classes that the example's steps ask for."""
    placed = [p.step for p in MASTER.steps()]
    return {s.equipment_class for s in placed if isinstance(s, Weigh | CheckEquipment)}


def issue(sam: Person, batch_id: str = BATCH) -> None:
    """Issue a batch of the example."""
    sam.does(b.issue_order, batch_id=batch_id, order_id=f"O-{batch_id}", mbr_id=MASTER.id, number=1)


def entry_for(step_id: str, batch_id: str = BATCH) -> dict[str, str]:
    """Return an entry that conforms."""
    of = next(p.step for p in MASTER.steps() if p.step.id == step_id)
    return conforming_entry(of, batch_id, Random(step_id))


def doer(step_id: str, operator: Person) -> Person:
    """Return who performs a step: the operator, or Sam where the master asks for a supervisor."""
    of = next(p.step for p in MASTER.steps() if p.step.id == step_id)
    return type(operator)("sam") if of.performed_by == "supervisor" else operator


def do_step(olga: Person, otto: Person, batch_id: str = BATCH) -> str:
    """Do and, where due, verify the step whose turn it is; return its id."""
    row = q.current_step(batch_id)
    assert row is not None
    if row.state != "done":
        doer(row.step_id, olga).does(
            b.complete_step,
            batch_id=batch_id,
            step_id=row.step_id,
            entry=entry_for(row.step_id, batch_id),
        )
    if q.step(batch_id, row.step_id).state == "done":
        otto.does(b.verify_step, batch_id=batch_id, step_id=row.step_id)
    return row.step_id


def do_until(olga: Person, otto: Person, step_id: str, batch_id: str = BATCH) -> None:
    """Do every step before the given one."""
    while (row := q.current_step(batch_id)) is not None and row.step_id != step_id:
        do_step(olga, otto, batch_id)


def do_all(olga: Person, otto: Person, batch_id: str = BATCH) -> None:
    """Do every step."""
    do_until(olga, otto, "", batch_id)
