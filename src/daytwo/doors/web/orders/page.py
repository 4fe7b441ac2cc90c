"""Orders: issue one from an effective master batch record; what runs next, what blocks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, tables
from daytwo.doors.web.live import reading
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import Permission
from daytwo.record.batches import commands
from daytwo.record.recipes.queries import effective_versions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page("orders/", _("Orders"), Permission.BATCH_READ, Nav(Group.EXECUTE, 10))

_COLUMNS: tuple[tables.Column[reading.Place], ...] = (
    tables.Column("order", _("Order"), lambda p: p.batch.order_id),
    tables.Column("batch", _("Batch"), lambda p: p.batch.id),
    tables.Column("product", _("Product"), lambda p: p.batch.product_name),
    tables.Column("master", _("Master"), lambda p: f"{p.batch.mbr_id} v{p.batch.mbr_version}"),
    tables.Column("promised", _("Release promised"), lambda p: p.batch.promised_on),
    tables.Column("issued", _("Issued"), lambda p: p.batch.planned_at),
    tables.Column("waits", _("What blocks it"), lambda p: p.waits),
    tables.Column("open", ""),
)
_FIELDS = ("batch_id", "order_id", "master", "promised_on")


@PAGE.route()
def orders(request: HttpRequest) -> HttpResponse:
    """List the orders that are not finished, the oldest first."""
    view = tables.view(request, _COLUMNS, reading.live(), sort="issued")
    return tables.as_csv(request, "orders", _COLUMNS, view) or answers.page(
        request, "orders/orders.html", {"view": view}
    )


@PAGE.route("issue/", methods=("GET", "POST"), permission=Permission.ORDER_ISSUE)
def issue(request: HttpRequest) -> HttpResponse:
    """Issue an order: the batch gets its number and a frozen copy of the master."""
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    context: dict[str, Any] = {
        "given": given,
        "masters": effective_versions(),
        "notice": None,
        "command_id": new_id(),
    }
    if request.method != "POST":
        return answers.page(request, "orders/issue.html", context)
    mbr_id, _colon, number = given["master"].rpartition(":")
    outcome = acts.attempt(
        request,
        commands.issue_order,
        batch_id=given["batch_id"],
        order_id=given["order_id"],
        mbr_id=mbr_id,
        number=int(number) if number.isdecimal() else 0,
        promised_on=given["promised_on"] or None,
    )
    if outcome.done:
        return answers.go("live.live")
    context["notice"] = outcome.notice
    return answers.page(request, "orders/issue.html", context, status=outcome.status)
