"""Ledger verification: is the record what was recorded; streams, checkpoints, verify now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, tables
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.checkpoint import read_stored
from daytwo.record.ledger.models import LedgerStream
from daytwo.record.ledger.reading import last_seq
from daytwo.record.ledger.verify import verify

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page(
    "ledger/",
    _("Ledger verification"),
    Permission.LEDGER_VERIFY,
    Nav(Group.SYSTEM, 20, _("Ledger")),
)

_MOST = 200
_STREAMS: tuple[tables.Column[LedgerStream], ...] = (
    tables.Column("stream", _("Stream"), lambda s: s.stream),
    tables.Column("version", _("Events"), lambda s: s.version, number=True),
    tables.Column("seq", _("Last event"), lambda s: s.seq, number=True),
    tables.Column("hash", _("Head, SHA-256"), lambda s: s.hash),
)


@PAGE.route(methods=("GET", "POST"))
def ledger(request: HttpRequest) -> HttpResponse:
    """Show streams and checkpoints; on request check every event, chain, head and checkpoint."""
    found, seconds = None, 0.0
    if request.method == "POST":
        begun = time.monotonic()
        found = verify(settings.DATA_DIR)
        seconds = time.monotonic() - begun
    rows = LedgerStream.objects.order_by("-seq")
    asked = request.GET.get("q", "").strip()
    if asked:
        rows = rows.filter(stream__contains=asked)
    view = tables.view(request, _STREAMS, list(rows[:_MOST]), total=rows.count())
    context = {
        "view": view,
        "streams": LedgerStream.objects.count(),
        "events": last_seq(),
        "checkpoints": read_stored()[::-1],
        "found": found,
        "seconds": seconds,
    }
    return tables.as_csv(request, "streams", _STREAMS, view) or answers.page(
        request, "ledger/ledger.html", context
    )
