"""What the step page shows: the batch's steps, the one in hand, and what stands in its way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from daytwo.doors.web.charts import limits
from daytwo.kernel.quantity import Quantity
from daytwo.record.batches import queries
from daytwo.record.batches.enums import BatchState, RecordState, StepState
from daytwo.record.batches.rules.entries import container_label
from daytwo.record.batches.rules.states import OPEN_FOR_ENTRY
from daytwo.record.recipes.document import (
    ChargeMaterial,
    CheckEquipment,
    EnterNumber,
    Weigh,
    Yield,
)
from daytwo.record.recipes.enums import SignatureNeed
from daytwo.record.resources.enums import LotStatus
from daytwo.record.resources.queries import all_equipment, left_of, lots

if TYPE_CHECKING:
    from decimal import Decimal

    from daytwo.doors.web.visitors import Visitor
    from daytwo.record.batches.models import Batch, BatchStep, Discrepancy
    from daytwo.record.recipes.document import MasterBatchRecord, Step
    from daytwo.record.resources.models import Equipment, MaterialLot

_MARKS = {
    StepState.PENDING: ("ring", ""),
    StepState.OFFERED: ("now", "now"),
    StepState.CLAIMED: ("now", "now"),
    StepState.DONE: ("half", "offered"),
    StepState.VERIFIED: ("check", "done"),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One step in the tree."""

    row: BatchStep
    icon: str
    tone: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit procedure in the tree, with how many of its steps are done."""

    title: str
    leaves: tuple[Leaf, ...]
    done: int
    here: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything the page says about the step in hand.

    Args:
        batch: The batch.
        row: The step as it stands.
        of: The step as the frozen master has it.
        master: The frozen master.
        position: Its place among all steps, from 1.
        branches: The tree.
        discrepancies: Those of this step.
        blocking: Unanswered ones that stop the batch.
        mine: Whether the visitor may do it now.
        mode: enter, verify, wait, held, blocked, later, read, other_role.
    """

    batch: Batch
    row: BatchStep
    of: Step
    master: MasterBatchRecord
    position: int
    branches: tuple[Branch, ...]
    discrepancies: tuple[Discrepancy, ...]
    blocking: tuple[Discrepancy, ...]
    mode: str

    @property
    def signs(self) -> bool:
        """Whether finishing the step asks for a signature."""
        return self.of.signatures is not SignatureNeed.NONE

    @property
    def verified(self) -> bool:
        """Whether a second person signs as well."""
        return self.of.signatures is SignatureNeed.PERFORMED_AND_VERIFIED

    @property
    def entry(self) -> dict[str, str]:
        """What was entered, by field."""
        entered: dict[str, str] = json.loads(self.row.entry)
        return entered

    @property
    def result(self) -> dict[str, str]:
        """What followed from the entry."""
        followed: dict[str, str] = json.loads(self.row.result)
        return followed

    @property
    def correctable(self) -> bool:
        """Whether an entry is there that may still be corrected."""
        done = self.row.state in {StepState.DONE, StepState.VERIFIED}
        fixed = isinstance(self.of, ChargeMaterial | CheckEquipment)
        return done and not fixed and RecordState(self.batch.record_state) in OPEN_FOR_ENTRY


def sight(batch_id: str, step_id: str, visitor: Visitor) -> Sight:
    """Return what a visitor sees of a step; `Unknown` when the batch has none of this id."""
    batch = queries.batch(batch_id)
    of = queries.master_step(batch, step_id)
    rows = queries.steps(batch_id)
    row = next(r for r in rows if r.step_id == step_id)
    found = queries.discrepancies(batch_id)
    blocking = tuple(d for d in found if d.blocking and d.answered_at is None)
    return Sight(
        batch=batch,
        row=row,
        of=of,
        master=queries.master(batch),
        position=rows.index(row) + 1,
        branches=_branches(rows, found, step_id),
        discrepancies=tuple(d for d in found if d.step_id == step_id),
        blocking=blocking,
        mode=_mode(batch, row, of, blocking, visitor),
    )


def _mode(
    batch: Batch, row: BatchStep, of: Step, blocking: tuple[Discrepancy, ...], visitor: Visitor
) -> str:
    """Return what the visitor can do with the step; the command asks it all again."""
    if row.state == StepState.VERIFIED or batch.state == BatchState.ABORTED:
        return "read"
    if batch.state == BatchState.HELD:
        return "held"
    if row.state == StepState.DONE:
        other = visitor.person_id != row.performer_id
        return "verify" if other and visitor.may("batch.verify") else "wait"
    if row.state == StepState.PENDING:
        return "blocked" if blocking else "later"
    may = visitor.may("batch.execute") and str(of.performed_by) in visitor.role_names
    return "enter" if may else "other_role"


def _branches(rows: list[BatchStep], found: list[Discrepancy], here: str) -> tuple[Branch, ...]:
    unanswered = {d.step_id for d in found if d.answered_at is None}
    flagged = {d.step_id: d.step_id in unanswered for d in found}
    branches = []
    for title, group in groupby(rows, key=lambda r: r.unit_procedure):
        leaves = tuple(_leaf(row, flagged.get(row.step_id)) for row in group)
        done = sum(leaf.row.state == StepState.VERIFIED for leaf in leaves)
        branches.append(
            Branch(title, leaves, done, any(leaf.row.step_id == here for leaf in leaves))
        )
    return tuple(branches)


def _leaf(row: BatchStep, unanswered: bool | None) -> Leaf:  # noqa: FBT001 -- three states
    icon, tone = _MARKS[StepState(row.state)]
    note = ""
    if unanswered is not None:
        icon, note = "attention", _("exception")
        tone = "attention" if unanswered else tone
    elif row.corrections:
        note = _("corrected")
    words = {
        StepState.PENDING: _("not due yet"),
        StepState.OFFERED: _("due now"),
        StepState.CLAIMED: _("begun"),
        StepState.DONE: _("waits for verification"),
        StepState.VERIFIED: _("done"),
    }
    return Leaf(row, icon, tone, words[StepState(row.state)], note)


def bar(of: Step, value: Decimal | None) -> limits.Bar | None:
    """Return the bar of limits under the entry of a step that has any."""
    if isinstance(of, EnterNumber):
        return limits.bar(
            limits.Limits(
                of.unit,
                _in(of.action_low, of.unit),
                _in(of.alert_low, of.unit),
                _in(of.target, of.unit),
                _in(of.alert_high, of.unit),
                _in(of.action_high, of.unit),
            ),
            value,
        )
    if isinstance(of, Weigh):
        unit = of.target.unit
        return limits.bar(
            limits.Limits(
                unit,
                low_action=_in(of.tolerance_low, unit),
                target=of.target.value,
                high_action=_in(of.tolerance_high, unit),
            ),
            value,
        )
    if isinstance(of, Yield):
        percent = limits.Limits("%", low_action=_in(of.low, "%"), high_action=_in(of.high, "%"))
        return limits.bar(percent, value)
    return None


def _in(quantity: Quantity | None, unit: str) -> Decimal | None:
    return None if quantity is None else quantity.to(unit).value


def measured(sight_: Sight) -> Decimal | None:
    """Return the number that the limits of a done step judge, or None."""
    name = {EnterNumber: "value", Weigh: "net", Yield: "percent"}.get(type(sight_.of))
    text = sight_.result.get(name) if name else None
    return Quantity.parse(text).value if text else None


def usable_lots(of: Step) -> list[tuple[MaterialLot, Quantity | None]]:
    """Return the released lots of a weighed material and what is left, the first to use in front.

    What is left is None where the received quantity is not known.
    """
    if not isinstance(of, Weigh):
        return []
    return [(lot, left_of(lot)) for lot in lots(of.material) if lot.status == LotStatus.RELEASED]


def usable_equipment(of: Step) -> list[Equipment]:
    """Return the site's equipment of the class that a step asks for."""
    wanted = getattr(of, "equipment_class", None)
    return [row for row in all_equipment() if wanted and row.equipment_class == wanted]


def container(sight_: Sight) -> str:
    """Return the label of the container that a charge step asks for, or an empty text."""
    if isinstance(sight_.of, ChargeMaterial):
        return container_label(sight_.batch.id, sight_.of.weigh)
    return ""


def material(sight_: Sight) -> str:
    """Return the name of the material that the step handles, or an empty text."""
    of = sight_.of
    if isinstance(of, ChargeMaterial):
        placed = (p.step for p in sight_.master.steps())
        of = next(s for s in placed if s.id == sight_.of.weigh)  # type: ignore[union-attr]
    if not isinstance(of, Weigh):
        return ""
    wanted = of.material
    return next((c.name for c in sight_.master.formula.inputs if c.material == wanted), wanted)
