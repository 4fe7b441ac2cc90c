"""Mappings on the record: each version with its text, and what it changed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, tables
from daytwo.doors.web.imports.routes import PAGE
from daytwo.kernel.errors import Unknown
from daytwo.record.access import queries

if TYPE_CHECKING:
    from django.http import HttpRequest

    from daytwo.record.access.models import MappingVersion

_COLUMNS: tuple[tables.Column[MappingVersion], ...] = (
    tables.Column("mapping", _("Mapping"), lambda m: m.mapping_id),
    tables.Column("title", _("Title"), lambda m: m.title),
    tables.Column("version", _("Latest version"), lambda m: m.version, number=True),
    tables.Column("saved", _("Saved"), lambda m: m.saved_at),
    tables.Column("by", _("By"), lambda m: m.saved_by),
)
CONTEXT_LINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: `same`, `added`, `removed`, or `gap` for lines left out."""

    kind: str
    text: str
    before: int = 0
    after: int = 0


@PAGE.route("mappings/")
def mappings(request: HttpRequest) -> HttpResponse:
    """List the mappings on the record."""
    view = tables.view(request, _COLUMNS, queries.mappings())
    return tables.as_csv(request, "mappings", _COLUMNS, view) or answers.page(
        request, "imports/mappings.html", {"view": view}
    )


@PAGE.route("mappings/<slug:mapping_id>/<int:number>/")
def version(request: HttpRequest, mapping_id: str, number: int) -> HttpResponse:
    """Show one version: who saved it and why, what it changed, its text."""
    versions = queries.mapping_versions(mapping_id)
    row = next((one for one in versions if one.version == number), None)
    if row is None:
        raise Unknown("import.mapping_unknown", now_("There is no such version of a mapping."))
    if request.GET.get("format") == "yaml":
        name = f"{row.mapping_id}-v{row.version}.yaml"
        return HttpResponse(
            row.text,
            content_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    before = next((one for one in versions if one.version < number), None)
    context = {
        "row": row,
        "versions": versions,
        "before": before,
        "difference": difference(before.text, row.text) if before else (),
    }
    return answers.page(request, "imports/mapping.html", context)


def difference(before: str, after: str) -> list[Line]:
    """Return what changed from one text to another, with some lines around each change."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT_LINES):
        if found or group[0][1] or group[0][3]:
            found.append(Line("gap", ""))
        for kind, a1, a2, b1, b2 in group:
            if kind == "equal":
                found += [
                    Line("same", text, a1 + at + 1, b1 + at + 1)
                    for at, text in enumerate(old[a1:a2])
                ]
                continue
            found += [Line("removed", text, a1 + at + 1) for at, text in enumerate(old[a1:a2])]
            found += [Line("added", text, 0, b1 + at + 1) for at, text in enumerate(new[b1:b2])]
    return found
