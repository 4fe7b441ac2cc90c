"""Imports: files on their way in, and each run with its reconciliation, every row accounted for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.importing import desk
from daytwo.doors.web import answers, tables
from daytwo.doors.web.imports.routes import MAY, PAGE, stage
from daytwo.kernel.errors import Unknown
from daytwo.record.access.queries import find_mapping
from daytwo.record.ledger.models import ImportRun
from daytwo.record.ledger.queries import import_runs

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

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
Remark = dict[str, Any]
_REMARKS: tuple[tables.Column[Remark], ...] = (
    tables.Column("file", _("File"), lambda r: r["file"]),
    tables.Column("row", _("Row"), lambda r: r["row"], number=True),
    tables.Column("field", _("Field"), lambda r: r["field"] or str(now_("whole row"))),
    tables.Column("why", _("Why"), lambda r: r["why"]),
)
MOST_SHOWN = 500


@PAGE.route()
def imports(request: HttpRequest) -> HttpResponse:
    """List what is on its way in, and the runs, the latest first."""
    view = tables.view(request, _COLUMNS, import_runs())
    csv = tables.as_csv(request, "imports", _COLUMNS, view)
    if csv is not None:
        return csv
    visitor = answers.shell(request)["visitor"]
    waiting = [(one, stage(one)) for one in desk().uploads()] if visitor.may(MAY) else []
    return answers.page(request, "imports/imports.html", {"view": view, "waiting": waiting})


@PAGE.route("<int:seq>/")
def run(request: HttpRequest, seq: int) -> HttpResponse:
    """Show one run: files, what was made of each kind, what was set aside and why."""
    row = ImportRun.objects.filter(event_seq=min(seq, 2**62)).first()
    if row is None:
        raise Unknown("import.unknown", now_("There is no such run."))
    detail = json.loads(row.detail)
    which = "warnings" if request.GET.get("which") == "warnings" else "set_aside"
    view = tables.view(request, _REMARKS, detail[which])
    csv = tables.as_csv(request, f"import-{seq}-{which.replace('_', '-')}", _REMARKS, view)
    if csv is not None:
        return csv
    by = detail.get("mapping") or {}
    kept = find_mapping(by["id"], by["version"]) if by else None
    context = {
        "run": row,
        "detail": detail,
        "which": which,
        "view": view,
        "shown": view.rows[:MOST_SHOWN],
        "saved": kept if kept is not None and kept.sha256 == by["sha256"] else None,
        "mapping": by,
        "upload": _upload_of(seq) if answers.shell(request)["visitor"].may(MAY) else None,
    }
    return answers.page(request, "imports/run.html", context)


def _upload_of(seq: int) -> str | None:
    """Return the upload that a run was of, while its files are kept."""
    for one in desk().uploads():
        progress = desk().progress(one.id, "run")
        if progress is not None and progress.run_seq == seq:
            return one.id
    return None


# The other steps of the flow register their views on the same page.
from daytwo.doors.web.imports import going, intake, mapping, saved  # noqa: E402, F401 - views
