"""Imports: each run with its reconciliation, every row accounted for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, tables
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.kernel.errors import Unknown
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.models import ImportRun
from daytwo.record.ledger.queries import import_runs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = Page("imports/", _("Imports"), Permission.LEDGER_VERIFY, Nav(Group.SYSTEM, 10))

_COLUMNS: tuple[tables.Column[ImportRun], ...] = (
    tables.Column("at", _("Run"), lambda r: r.at),
    tables.Column("mapping", _("Mapping"), lambda r: r.mapping),
    tables.Column("system", _("System"), lambda r: r.system),
    tables.Column("by", _("By"), lambda r: r.by_name),
    tables.Column("read", _("Rows read"), lambda r: r.read, number=True),
    tables.Column("made", _("Made"), lambda r: r.made, number=True),
    tables.Column("already", _("There already"), lambda r: r.already, number=True),
    tables.Column("rows", _("Rows set aside"), lambda r: r.rows_set_aside, number=True),
    tables.Column("fields", _("Fields set aside"), lambda r: r.fields_set_aside, number=True),
    tables.Column("sum", _("Adds up")),
)


@PAGE.route()
def imports(request: HttpRequest) -> HttpResponse:
    """List the runs, the latest first."""
    view = tables.view(request, _COLUMNS, import_runs())
    return tables.as_csv(request, "imports", _COLUMNS, view) or answers.page(
        request, "imports/imports.html", {"view": view}
    )


@PAGE.route("<int:seq>/")
def run(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one run: files, what was made of each kind, what was set aside and why."""
    row = ImportRun.objects.filter(event_seq=min(seq, 2**62)).first()
    if row is None:
        raise Unknown("import.unknown", now_("There is no such run."))
    context = {"run": row, "detail": json.loads(row.detail)}
    return answers.page(request, "imports/run.html", context)
