"""Live batches: where each batch is, its holds, its waits, its discrepancies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, tables
from daytwo.doors.web.live import reading
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.record.access.enums import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page("live/", _("Live batches"), Permission.BATCH_READ, Nav(Group.EXECUTE, 20))

_COLUMNS: tuple[tables.Column[reading.Place], ...] = (
    tables.Column("batch", _("Batch"), lambda p: p.batch.id),
    tables.Column("product", _("Product"), lambda p: p.batch.product_name),
    tables.Column("at", _("Is at"), lambda p: p.step.title if p.step else None),
    tables.Column("waits", _("Waits for"), lambda p: p.waits),
    tables.Column("since", _("Since"), lambda p: p.since),
    tables.Column("exceptions", _("Unanswered"), lambda p: len(p.unanswered), number=True),
    tables.Column("steps", _("Steps done"), lambda p: p.batch.steps_done, number=True),
    tables.Column("open", ""),
)


@PAGE.route()
def live(request: HttpRequest) -> HttpResponse:
    """List the batches on the floor, those that need a hand first; refreshed while it is open."""
    view = tables.view(request, _COLUMNS, reading.live())
    return tables.as_csv(request, "live-batches", _COLUMNS, view) or answers.page(
        request, "live/live.html", {"view": view}
    )
