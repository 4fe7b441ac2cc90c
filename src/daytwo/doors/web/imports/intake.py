"""Files come in, are looked at, and a person says how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as now_

from daytwo.doors.importing import LARGEST, Reading, desk
from daytwo.doors.web import answers, failures
from daytwo.doors.web.imports.receiver import received
from daytwo.doors.web.imports.routes import EXPECTED, MAY, PAGE, actor, flow

if TYPE_CHECKING:
    from django.http import HttpRequest

    from daytwo.doors.importing import FileLook, Stored, Upload
    from daytwo.kernel.errors import DaytwoError

LOOKED_AT = 30
"""Files that one page shows whole; the others are read as the first of their kind."""


@PAGE.route("new/", methods=("GET", "POST"), permission=MAY)
def new(request: HttpRequest) -> HttpResponse:
    """Take files in."""
    notice = None
    status = 200
    if request.method == "POST":
        try:
            upload = desk().take_in(actor(request), received(request))
        except EXPECTED as error:
            notice = failures.notice(error, kept=now_("Nothing was kept."))
            status = 413 if error.code == "import.too_large" else 409
        else:
            return _onward(request, answers.go("imports.files", upload_id=upload.id))
    context = {"notice": notice, "suffixes": desk().suffixes(), "largest": LARGEST}
    return answers.page(request, "imports/new.html", context, status=status)


@PAGE.route("up/<key:upload_id>/", methods=("GET", "POST"), permission=MAY)
def files(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Show each file as it would be read, and take the person's word for how it is."""
    upload = desk().upload(upload_id)
    given = _readings(request, upload)
    if request.method == "POST" and "again" not in request.POST:
        looks = [desk().look(upload_id, file.name, given.get(file.name)) for file in upload.files]
        if not any(look.problem for look in looks):
            for look in looks:
                desk().confirm(upload_id, look.file.name, look.reading)
            return answers.go("imports.mapping", upload_id=upload_id)
    return _files(request, upload, given)


@PAGE.route("up/<key:upload_id>/add/", methods=("POST",), permission=MAY)
def add(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Add files to an upload."""
    upload = desk().upload(upload_id)
    try:
        desk().add(upload_id, received(request))
    except EXPECTED as error:
        return _files(request, upload, {}, error=error)
    return _onward(request, answers.go("imports.files", upload_id=upload_id))


@PAGE.route("up/<key:upload_id>/remove/", methods=("POST",), permission=MAY)
def remove(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Take a file out of an upload."""
    upload = desk().upload(upload_id)
    try:
        desk().remove(upload_id, request.POST.get("name", ""))
    except EXPECTED as error:
        return _files(request, upload, {}, error=error)
    return answers.go("imports.files", upload_id=upload_id)


@PAGE.route("up/<key:upload_id>/discard/", methods=("POST",), permission=MAY)
def discard(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Delete the files of an upload; what was imported of them stays."""
    upload = desk().upload(upload_id)
    try:
        desk().discard(upload_id)
    except EXPECTED as error:
        return _files(request, upload, {}, error=error)
    return answers.go("imports.imports")


def _files(
    request: HttpRequest,
    upload: Upload,
    given: dict[str, Reading],
    *,
    error: DaytwoError | None = None,
) -> HttpResponse:
    shown = upload.files[:LOOKED_AT]
    looks = [desk().look(upload.id, file.name, given.get(file.name)) for file in shown]
    context: dict[str, Any] = {
        "looks": looks,
        "more": upload.files[LOOKED_AT:],
        "readable": bool(looks) and not any(look.problem for look in looks),
        "encodings": desk().encodings(),
        "suffixes": desk().suffixes(),
        "largest": LARGEST,
        "delimiters": _delimiters(looks),
        "size": sum(file.size for file in upload.files),
    }
    return flow(request, "files.html", upload, "files", context, error=error)


def _readings(request: HttpRequest, upload: Upload) -> dict[str, Reading]:
    """Return how the form says that each file is read."""
    return {
        file.name: reading
        for index, file in enumerate(upload.files)
        if (reading := _reading(request, index, file)) is not None
    }


def _reading(request: HttpRequest, index: int, file: Stored) -> Reading | None:
    encoding = request.POST.get(f"encoding-{index}", "")
    if encoding not in desk().encodings():
        return file.reading
    return Reading(
        encoding,
        (request.POST.get(f"delimiter-{index}") or ",")[:1],
        "," if request.POST.get(f"decimal-{index}") == "," else ".",
        (request.POST.get(f"quote-{index}", '"'))[:1],
    )


def _delimiters(looks: list[FileLook]) -> list[tuple[str, str]]:
    known = [
        (";", now_("semicolon ;")),
        (",", now_("comma ,")),
        ("\t", now_("tab")),
        ("|", now_("bar |")),
    ]
    there = {mark for mark, _words in known}
    odd = {look.reading.delimiter for look in looks if look.reading} - there
    return [*known, *((mark, mark) for mark in sorted(odd))]


def _onward(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Send a whole page on, or tell htmx to: a form of files is sent by it to show its progress."""
    if request.headers.get("HX-Request") != "true":
        return answer
    return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
