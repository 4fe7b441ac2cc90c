"""The ground of the drill: who may call, and what is on the site for hostile requests to aim at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.kernel.ids import new_id
from daytwo.record.access import account
from daytwo.record.access.authority import By
from daytwo.record.access.enums import Permission
from daytwo.record.access.queries import people
from daytwo.record.access.rules import allowed
from daytwo.record.batches.models import Batch, BatchStep, Discrepancy
from daytwo.record.recipes.models import MbrVersion
from daytwo.record.resources.models import Equipment, MaterialLot
from soak.hostile.requests import Known
from soak.hostile.wire import Caller

if TYPE_CHECKING:
    from soak.hostile.wire import Wire

DECOYS = ("nobody", "olga2", "x")
"""Persons that hostile requests name: none is there, so none is locked out or closed."""
BY_TOKEN = ("olga", "sam", "quinn", "paula", "aron", "luis", "ada")
BY_SESSION = ("sam", "quinn")


def callers(wire: Wire, password: str) -> list[Caller]:
    """Return nobody, one person of each kind by token, and two by session."""
    found = [Caller("nobody", "")]
    for person_id in BY_TOKEN:
        by = By(person_id, f"drill-{person_id}", "job")
        secret = account.make_token(by, "drill", 300, command_id=new_id())
        headers = {"Authorization": f"Bearer {secret}"}
        found.append(Caller(f"{person_id} by token", person_id, headers))
    for person_id in BY_SESSION:
        caller = Caller(f"{person_id} by session", person_id)
        wire.sign_in(caller, password)
        found.append(caller)
    return found


def known(password: str, example: str) -> Known:
    """Return the names of what is on the site."""
    steps = tuple(BatchStep.objects.values_list("step_id", flat=True).distinct()[:60])
    ids = {
        "batch_id": (*Batch.objects.values_list("id", flat=True), "B-none"),
        "step_id": (*steps, "X-0"),
        "lot_id": (*MaterialLot.objects.values_list("id", flat=True), "L-none"),
        "equipment_id": (*Equipment.objects.values_list("id", flat=True), "E-none"),
        "mbr_id": (*set(MbrVersion.objects.values_list("mbr_id", flat=True)), "M-9999"),
        "discrepancy_id": (*Discrepancy.objects.values_list("id", flat=True), "B-none/1"),
        "deviation_id": ("D-none",),
        "person_id": DECOYS,
        "person": DECOYS,
        "token_id": ("none",),
        "kpi_id": ("K1", "K99"),
        "subject_kind": ("batch", "lot", "person"),
        "role": ("operator", "administrator", "king"),
        "status": ("released", "lost"),
        "decision": ("released", "rejected", "maybe"),
        "route": ("exception", "deviation", "none"),
        "classification": ("minor", "critical", "worst"),
    }
    persons = people()
    rights = {
        str(permission): frozenset(p.id for p in persons if allowed(p.roles, permission))
        for permission in Permission
    }
    return Known({name: tuple(found) for name, found in ids.items()}, password, example, rights)
