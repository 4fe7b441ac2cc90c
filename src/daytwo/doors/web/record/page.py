"""The printable batch record: a document that an inspector would accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers
from daytwo.doors.web.pages import Page
from daytwo.doors.web.record import reading
from daytwo.record.access.enums import Permission
from daytwo.record.batches.enums import BatchState
from daytwo.record.batches.queries import batch

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page("record/", _("Batch record"), Permission.BATCH_READ)


@PAGE.route("<key:batch_id>/")
def record(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show the whole record of a batch that was executed here, ready for print."""
    if batch(batch_id).state == BatchState.IMPORTED:
        return answers.go("batches.batch", batch_id=batch_id)
    context = {"doc": reading.document(batch_id)}
    return answers.page(request, "record/record.html", context)
