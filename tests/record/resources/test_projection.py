"""Rows of lots and equipment follow from the ledger, also what a batch above tells of them."""

from __future__ import annotations

from daytwo.kernel.ids import new_id
from daytwo.kernel.quantity import Quantity
from daytwo.record.batches.events import MaterialConsumed
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.rebuild import compare, rebuild
from daytwo.record.resources.events import MaterialLotReceived
from daytwo.record.resources.models import MaterialLot
from daytwo.record.resources.projection import resources
from daytwo.record.resources.queries import equipment_state, lot_state
from tests import floor


def tell(stream: str, *events: object) -> None:
    actor = Actor("system.import", "Import", "system")
    intent = Intent(new_id(), "import.lot", "0" * 64, actor, Origin("import", "erp"))
    transact(intent, lambda: [Pending(stream, event) for event in events])


def test_use_is_told_in_any_unit_of_the_lots_dimension(site):
    received = MaterialLotReceived("L-1", "RM-1", "Lactose", "released", Quantity.parse("5 kg"))
    tell("lot/L-1", received)
    for amount in ("250 g", "0.5 kg"):
        tell("batch/B-1", MaterialConsumed("B-1", "RM-1", "L-1", Quantity.parse(amount)))
    assert lot_state("L-1").left == Quantity.parse("4.25 kg")


def test_use_of_unknown_amount_or_lot_leaves_the_lot(site):
    tell("lot/L-1", MaterialLotReceived("L-1", "RM-1", "Lactose", "unknown"))
    tell("batch/B-1", MaterialConsumed("B-1", "RM-1", "L-1", Quantity.parse("1 kg")))
    tell("batch/B-2", MaterialConsumed("B-2", "RM-1", "L-9", Quantity.parse("1 kg")))
    tell("batch/B-3", MaterialConsumed("B-3", "RM-1", "L-1", None))
    assert (lot_state("L-1").left, lot_state("L-1").status) == (None, "unknown")
    assert MaterialLot.objects.get(id="L-1").origin == "import"
    assert compare().equal


def test_rebuilt_rows_are_the_live_ones(made):
    assert equipment_state("TP-tablet_press-01").soiled_by == floor.BATCH
    live = [list(model.objects.order_by("pk").values_list()) for model in resources.models]
    rebuild()
    assert [list(m.objects.order_by("pk").values_list()) for m in resources.models] == live
