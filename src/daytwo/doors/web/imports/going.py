"""Preview and run: started here, done in the background, watched as they go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from daytwo.doors.importing import desk
from daytwo.doors.web import answers, session, tables
from daytwo.doors.web.imports.routes import EXPECTED, MAY, PAGE, actor, flow
from daytwo.kernel.errors import DaytwoError, Unknown
from daytwo.kernel.ids import new_id
from daytwo.record.access.commands import save_mapping

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.importing import Upload

PATIENCE_S = 1.5
"""Short work is waited for, so that its result is on the next page."""
MOST_SHOWN = 50
REHEARSAL, RUN = "rehearsal", "run"
FATES = {"set_aside": _("set aside"), "warnings": _("kept, but look")}
Remark = dict[str, Any]
REMARKS: tuple[tables.Column[Remark], ...] = (
    tables.Column("file", _("File"), lambda r: r["file"]),
    tables.Column("row", _("Row"), lambda r: r["row"], number=True),
    tables.Column("field", _("Field"), lambda r: r["field"]),
    tables.Column("why", _("Why"), lambda r: r["why"]),
    tables.Column("kind", _("What became of it"), lambda r: str(FATES[r["kind"]])),
)


@PAGE.route("up/<key:upload_id>/preview/", methods=("GET", "POST"), permission=MAY)
def preview(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Show what an import would make, without making it."""
    upload = desk().upload(upload_id)
    error = None
    if request.method == "POST":
        try:
            desk().rehearse(upload_id, actor(request), patience=PATIENCE_S)
        except EXPECTED as refused:
            error = refused
        else:
            return answers.go("imports.preview", upload_id=upload_id)
    found = desk().preview(upload_id)
    progress = desk().progress(upload_id, REHEARSAL)
    judged = desk().judge(upload_id)
    if progress is not None and (
        progress.mapping_sha256 != judged.sha256 or (found and progress.state == "done")
    ):
        progress = None
    context = {
        "preview": found,
        "progress": progress,
        "judged": judged,
        "remarks": found.totals["set_aside"][:MOST_SHOWN] if found else (),
        "warnings": found.totals["warnings"][:MOST_SHOWN] if found else (),
        "kind": REHEARSAL,
    }
    return flow(request, "preview.html", upload, "preview", context, error=error)


@PAGE.route("up/<key:upload_id>/run/", methods=("GET", "POST"), permission=MAY)
def going(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Save the mapping, start the import, and show how far it is."""
    upload = desk().upload(upload_id)
    error: DaytwoError | None = None
    if request.method == "POST":
        try:
            _save(request, upload_id)
            desk().run(upload_id, actor(request), patience=PATIENCE_S)
        except EXPECTED as refused:
            error = refused
        else:
            return answers.go("imports.going", upload_id=upload_id)
    return _going(request, upload, error)


@PAGE.route("up/<key:upload_id>/stop/", methods=("POST",), permission=MAY)
def stop(request: HttpRequest, upload_id: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """Ask what goes on to stop; what was made is kept, and it can go on later."""
    desk().stop(upload_id)
    return answers.go("imports.going", upload_id=upload_id)


@PAGE.route("up/<key:upload_id>/remarks/", permission=MAY)
def remarks(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Give everything that was set aside or warned of as CSV, without a limit."""
    view = tables.arranged(request, REMARKS, desk().remarks(upload_id), "")
    answer = tables.as_csv(request, "set-aside", REMARKS, view)
    if answer is None:
        raise Unknown("import.only_csv", "These are given as CSV: add ?format=csv.")
    return answer


def _save(request: HttpRequest, upload_id: str) -> None:
    """Put the mapping on the record in the version that it says, or the next one that is free."""
    if desk().judge(upload_id).saved or desk().preview(upload_id) is None:
        return
    judged = desk().numbered(upload_id)
    save_mapping(
        session.by(request),
        command_id=new_id(),
        mapping_id=judged.id,
        version=judged.version,
        title=judged.title,
        text=desk().text(upload_id),
        reason=request.POST.get("reason", "").strip(),
    )


def _going(request: HttpRequest, upload: Upload, error: DaytwoError | None) -> HttpResponse:
    progress = desk().progress(upload.id, RUN)
    judged = desk().judge(upload.id)
    done = progress is not None and progress.state == "done"
    if error is None and done and progress is not None:
        href = reverse("web:imports.run", kwargs={"seq": progress.run_seq})
        if request.headers.get("HX-Request") == "true":
            answer = answers.page(request, "imports/done.html", {"href": href})
            answer["HX-Redirect"] = href
            return answer
        if judged.sha256 == progress.mapping_sha256:
            return answers.go("imports.run", seq=progress.run_seq)
    context = {"progress": None if done else progress, "judged": judged, "kind": RUN}
    return flow(request, "going.html", upload, "run", context, error=error)
