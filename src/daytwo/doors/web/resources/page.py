"""Material lots and equipment: what may be used now, where it was used, and the way out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, failures, tables
from daytwo.doors.web.formats import site_zone
from daytwo.doors.web.labels import label
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.resources import reading
from daytwo.kernel import clock
from daytwo.kernel.errors import Refused, Unknown
from daytwo.kernel.ids import new_id
from daytwo.kernel.quantity import Quantity
from daytwo.record.access.enums import Permission
from daytwo.record.batches.queries import batches_with_lot
from daytwo.record.resources import commands, queries
from daytwo.record.resources.enums import LotStatus

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.record.resources.models import Equipment, MaterialLot

PAGE = Page("resources/", _("Lots and equipment"), Permission.RESOURCE_READ, Nav(Group.EXECUTE, 40))

_LOTS: tuple[tables.Column[MaterialLot], ...] = (
    tables.Column("lot", _("Lot"), lambda x: x.id),
    tables.Column("material", _("Material"), lambda x: f"{x.material_name} {x.material_code}"),
    tables.Column("status", _("State"), lambda x: x.status),
    tables.Column("expires", _("Use by"), lambda x: x.expires_on),
    tables.Column("received", _("Received"), lambda x: x.received, number=True),
    tables.Column("used", _("Used"), lambda x: x.used, number=True),
    tables.Column("origin", _("From"), lambda x: x.origin),
)
_EQUIPMENT: tuple[tables.Column[Equipment], ...] = (
    tables.Column("number", _("Number"), lambda x: x.id),
    tables.Column("class", _("Class"), lambda x: label(x.equipment_class)),
    tables.Column("calibrated", _("Calibrated until"), lambda x: x.calibrated_until),
    tables.Column("clean", _("Clean until"), lambda x: x.clean_until),
    tables.Column("soiled", _("In use for"), lambda x: x.soiled_by),
)
_REFUSED_AT = {
    "lot_id": "lot_id",
    "lot.exists": "lot_id",
    "lot.quantity": "quantity",
    "quantity": "quantity",
    "lot.expiry": "expires_on",
    "equipment.until": "until",
    "equipment.until_past": "until",
}
"""Form fields by what is refused at them."""
_LOT_FIELDS = ("lot_id", "material_code", "material_name", "quantity", "expires_on", "supplier")


@PAGE.route()
def lots(request: HttpRequest) -> HttpResponse:
    """List the material lots, those that expire first in front."""
    view = tables.view(request, _LOTS, queries.lots())
    return tables.as_csv(request, "lots", _LOTS, view) or answers.page(
        request, "resources/lots.html", {"view": view}
    )


@PAGE.route("receive/", methods=("GET", "POST"), permission=Permission.RESOURCE_MANAGE)
def receive(request: HttpRequest) -> HttpResponse:
    """Receive a lot into quarantine."""
    given = {name: request.POST.get(name, "").strip() for name in _LOT_FIELDS}
    context: dict[str, Any] = {
        "given": given,
        "notice": None,
        "wrong": {},
        "command_id": new_id(),
    }
    if request.method != "POST":
        return answers.page(request, "resources/receive.html", context)
    try:
        quantity = Quantity.parse(given["quantity"])
    except Refused as refused:
        context["notice"] = failures.notice(refused)
        context["wrong"] = failures.beside(context["notice"], _REFUSED_AT)
        return answers.page(request, "resources/receive.html", context, status=409)
    outcome = acts.attempt(
        request,
        commands.receive_lot,
        lot_id=given["lot_id"],
        material_code=given["material_code"],
        material_name=given["material_name"],
        quantity=quantity,
        expires_on=given["expires_on"] or None,
        supplier=given["supplier"] or None,
    )
    if outcome.done:
        return answers.go("resources.lot", said="received", lot_id=given["lot_id"])
    context["notice"] = outcome.notice
    context["wrong"] = failures.beside(outcome.notice, _REFUSED_AT)
    return answers.page(request, "resources/receive.html", context, status=outcome.status)


@PAGE.route("lots/<key:lot_id>/", methods=("GET", "POST"))
def lot(request: HttpRequest, lot_id: str) -> HttpResponse:
    """Show a lot and every batch that it is in; release or reject it, for quality."""
    outcome = acts.Outcome()
    if request.method == "POST":
        outcome = acts.attempt(
            request,
            commands.set_lot_status,
            lot_id=lot_id,
            status=request.POST.get("status", ""),
            reason=request.POST.get("reason", ""),
        )
        if outcome.done:
            return answers.go("resources.lot", said="lot", lot_id=lot_id)
    row = next((item for item in queries.lots() if item.id == lot_id), None)
    if row is None:
        raise Unknown("lot.unknown", now_("There is no such lot."))
    states = (LotStatus.RELEASED, LotStatus.QUARANTINE, LotStatus.REJECTED)
    context = {
        "lot": row,
        "left": queries.left_of(row),
        "lines": reading.history(lot_id),
        "batches": batches_with_lot(lot_id),
        "states": [(s.value, s.value) for s in states if s != row.status],
        "notice": outcome.notice,
        "kept": {name: values[0] for name, values in (outcome.keep or {}).items()},
        "command_id": new_id(),
    }
    return answers.page(request, "resources/lot.html", context, status=outcome.status)


@PAGE.route("equipment/")
def equipment(request: HttpRequest) -> HttpResponse:
    """List the equipment: calibration, clean-hold, what it is in use for."""
    view = tables.view(request, _EQUIPMENT, queries.all_equipment())
    context = {"view": view, "now": clock.stamp(clock.now())}
    return tables.as_csv(request, "equipment", _EQUIPMENT, view) or answers.page(
        request, "resources/equipment.html", context
    )


@PAGE.route("equipment/<key:equipment_id>/", methods=("GET", "POST"))
def logbook(request: HttpRequest, equipment_id: str) -> HttpResponse:
    """Show the logbook of a piece of equipment; record its cleaning or calibration."""
    outcome = acts.Outcome()
    if request.method == "POST":
        outcome = _record_until(request, equipment_id)
        if outcome.done:
            return answers.go("resources.logbook", said="equipment", equipment_id=equipment_id)
    state = queries.equipment_state(equipment_id)
    context = {
        "state": state,
        "lines": reading.logbook(equipment_id),
        "now": clock.now(),
        "notice": outcome.notice,
        "wrong": failures.beside(outcome.notice, _REFUSED_AT),
        "kept": {name: request.POST.get(name, "") for name in ("what", "until")},
        "command_id": new_id(),
    }
    return answers.page(request, "resources/logbook.html", context, status=outcome.status)


def _record_until(request: HttpRequest, equipment_id: str) -> acts.Outcome:
    """Record a cleaning or a calibration with its end, given in the site's zone."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", "")).replace(tzinfo=site_zone())
    except ValueError:
        refused = Refused("equipment.until", now_("Give date and time until when it holds."))
        return acts.Outcome(notice=failures.notice(refused), status=409)
    if request.POST.get("what") == "calibration":
        return acts.attempt(
            request, commands.record_calibration, equipment_id=equipment_id, valid_until=until
        )
    return acts.attempt(
        request, commands.record_cleaning, equipment_id=equipment_id, clean_until=until
    )
