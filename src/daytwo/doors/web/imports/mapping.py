"""The mapping of an upload: begun, written as a text or filled in as a form; both are one text."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.utils.translation import gettext as now_

from daytwo.doors.importing import desk
from daytwo.doors.web import answers
from daytwo.doors.web.imports.routes import EXPECTED, MAY, PAGE, flow
from daytwo.kernel.units import UNITS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ABOUT = ("id", "title", "system", "site", "time_zone")
KINDS_SHOWN = 40


@PAGE.route("up/<key:upload_id>/mapping/", permission=MAY)
def mapping(request: HttpRequest, upload_id: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """Go to the mapping: to its beginning, to the form, or to the text that no form can show."""
    upload = desk().upload(upload_id)
    if not upload.has_mapping:
        return answers.go("imports.begin", upload_id=upload_id)
    broken = desk().form(upload_id, 0).broken
    return answers.go("imports.text" if broken else "imports.columns", upload_id=upload_id)


@PAGE.route("up/<key:upload_id>/mapping/begin/", methods=("GET", "POST"), permission=MAY)
def begin(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Choose what the mapping is begun from."""
    upload = desk().upload(upload_id)
    about = {name: request.POST.get(name, "").strip() for name in ABOUT}
    key = request.POST.get("start", "")
    error = None
    if request.method == "POST":
        try:
            desk().begin(upload_id, key, about)
        except EXPECTED as refused:
            error = refused
        else:
            return answers.go("imports.mapping", upload_id=upload_id)
    names = {file.name for file in upload.files}
    starts = sorted(
        ((start, sum(_fits(path, names) for path in start.files)) for start in desk().starts()),
        key=lambda found: -found[1],
    )
    context = {"starts": starts, "about": about, "chosen": key, "zones": _zones()}
    return flow(request, "begin.html", upload, "mapping", context, error=error)


@PAGE.route("up/<key:upload_id>/mapping/text/", methods=("GET", "POST"), permission=MAY)
def text(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Write the mapping as a text; everything that is wrong is listed by line."""
    upload = desk().upload(upload_id)
    error = None
    shown = desk().text(upload_id)
    if request.method == "POST":
        shown = request.POST.get("yaml", "")
        try:
            desk().write(upload_id, shown)
        except EXPECTED as refused:
            error = refused
        else:
            return answers.go("imports.text", upload_id=upload_id, fragment="findings")
    context = {"yaml": shown, "judged": desk().judge(upload_id)}
    return flow(request, "text.html", upload, "mapping", context, error=error)


@PAGE.route("up/<key:upload_id>/mapping/columns/", methods=("GET", "POST"), permission=MAY)
def columns(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Fill in how each column of a file is read."""
    return _form(request, upload_id, "columns")


@PAGE.route("up/<key:upload_id>/mapping/records/", methods=("GET", "POST"), permission=MAY)
def records(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Fill in what each row of a file makes."""
    return _form(request, upload_id, "records")


@PAGE.route("up/<key:upload_id>/mapping/kinds/", methods=("GET", "POST"), permission=MAY)
def kinds(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Search what a row can make, and add one of them."""
    upload = desk().upload(upload_id)
    index = _index(request)
    error = None
    if request.method == "POST":
        try:
            desk().add_record(upload_id, index, request.POST.get("make", ""))
        except EXPECTED as refused:
            error = refused
        else:
            form = desk().form(upload_id, index)
            last = len(form.file.records) - 1 if form.file else 0
            return _to("records", upload_id, index, f"record-{last}")
    query = request.GET.get("q", "").strip()
    found = desk().kinds(query)
    context = {
        "query": query,
        "kinds": found[:KINDS_SHOWN],
        "more": max(len(found) - KINDS_SHOWN, 0),
        "form": desk().form(upload_id, index),
        "index": index,
    }
    return flow(request, "kinds.html", upload, "mapping", context, error=error)


@PAGE.route("up/<key:upload_id>/mapping/column/", methods=("POST",), permission=MAY)
def column(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Give one row of the columns' table as it would be after what was entered; nothing is kept."""
    given = request.POST.dict()
    found = desk().examples(upload_id, _index(request), given)
    form = desk().form(upload_id, _index(request))
    context = {"column": found, "form": form, "upload": desk().upload(upload_id)}
    return answers.page(request, "imports/column.html", context)


def _form(request: HttpRequest, upload_id: str, section: str) -> HttpResponse:
    upload = desk().upload(upload_id)
    index = _index(request)
    error = None
    if request.method == "POST":
        try:
            desk().fill(upload_id, index, request.POST.dict())
            if "remove" in request.POST:
                desk().remove_record(upload_id, index, _number(request.POST["remove"]))
        except EXPECTED as refused:
            error = refused
        else:
            return _to(section, upload_id, index, "findings")
    form = desk().form(upload_id, index)
    if form.broken or form.file is None:
        return answers.go("imports.text", upload_id=upload_id)
    context = {
        "form": form,
        "file": form.file,
        "judged": desk().judge(upload_id),
        "encodings": desk().encodings(),
        "zones": _zones(),
        "units": sorted(UNITS),
    }
    kept = now_("What you entered was not kept.")
    return flow(request, f"{section}.html", upload, "mapping", context, error=error, kept=kept)


def _fits(pattern: str, names: set[str]) -> bool:
    return any(fnmatchcase(name, re.sub(r"\{\w+\}", "*", pattern)) for name in names)


def _to(section: str, upload_id: str, index: int, fragment: str) -> HttpResponse:
    answer = answers.go(f"imports.{section}", upload_id=upload_id)
    answer["Location"] += f"?file={index}#{fragment}"
    return answer


def _index(request: HttpRequest) -> int:
    return _number(request.GET.get("file") or request.POST.get("file", ""))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0  # noqa: PLR2004 - a bound


def _zones() -> list[str]:
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")
