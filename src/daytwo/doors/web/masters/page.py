"""Master batch records: the versions, one with its content and findings, its way to approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, failures, tables
from daytwo.doors.web.labels import label
from daytwo.doors.web.masters.redline import redline
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.kernel.canonical import digest
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import Permission
from daytwo.record.access.queries import signatures
from daytwo.record.recipes import commands, queries
from daytwo.record.recipes.analysis import review
from daytwo.record.recipes.document import parse
from daytwo.record.recipes.enums import ApprovalFunction, MbrStatus, Severity
from daytwo.record.recipes.models import MbrApproval
from daytwo.record.recipes.rules import Approval, missing_functions

if TYPE_CHECKING:
    from django.http import HttpRequest

    from daytwo.record.recipes.models import MbrVersion

PAGE = Page(
    "masters/",
    _("Master batch records"),
    Permission.MBR_READ,
    Nav(Group.MASTER, 10, _("Records")),
)

_COLUMNS: tuple[tables.Column[MbrVersion], ...] = (
    tables.Column("record", _("Record"), lambda v: v.mbr_id),
    tables.Column("version", _("Version"), lambda v: v.version, number=True),
    tables.Column("product", _("Product"), lambda v: v.product_name or v.product_code),
    tables.Column("status", _("State"), lambda v: v.status),
    tables.Column("waits", _("Waits for")),
    tables.Column("requested", _("Requested"), lambda v: v.requested_at),
    tables.Column("submitted", _("Submitted"), lambda v: v.submitted_at),
    tables.Column("effective", _("Effective"), lambda v: v.effective_at),
)
_ACTS = {
    "submit": (commands.submit, ()),
    "check": (commands.check, ()),
    "approve": (commands.approve, ()),
    "return": (commands.return_version, ("reason",)),
}


def waits_for(row: MbrVersion, given: list[Approval]) -> str:
    """Return whose move it is, in words; empty when nobody's.

    Args:
        row: The version.
        given: Its approvals, of any round.
    """
    if row.status in {MbrStatus.REQUESTED, MbrStatus.DRAFTED, MbrStatus.RETURNED}:
        return now_("its author")
    if row.status != MbrStatus.SUBMITTED:
        return ""
    missing = missing_functions(queries.submission(row), given)
    return ", ".join(sorted(label(function) for function in missing))


def _approvals(rows: list[MbrVersion]) -> dict[str, list[Approval]]:
    """Return the approvals of the versions that are up for one, by version, in one query."""
    wanted = {row.mbr_id for row in rows if row.status == MbrStatus.SUBMITTED}
    found: dict[str, list[Approval]] = {row.id: [] for row in rows}
    for given in MbrApproval.objects.filter(mbr_id__in=wanted).order_by("event_seq"):
        one = Approval(
            given.person_id,
            ApprovalFunction(given.function),
            given.content_hash,
            given.approval_round,
        )
        found.setdefault(f"{given.mbr_id}:{given.version}", []).append(one)
    return found


@PAGE.route()
def masters(request: HttpRequest) -> HttpResponse:
    """List every version of every record."""
    rows = queries.versions()
    given = _approvals(rows)
    view = tables.view(request, _COLUMNS, rows)
    context = {"view": view, "waits": {row.id: waits_for(row, given[row.id]) for row in rows}}
    return tables.as_csv(request, "master-records", _COLUMNS, view) or answers.page(
        request, "masters/masters.html", context
    )


@PAGE.route("draft/", methods=("GET", "POST"), permission=Permission.MBR_WRITE)
def draft(request: HttpRequest) -> HttpResponse:
    """Write or paste the text of a record; findings show before and after saving."""
    text, reason = request.POST.get("yaml", ""), request.POST.get("reason", "")
    context: dict[str, Any] = {"notice": None, "reason": reason, "command_id": new_id()}
    status = 200
    if request.method == "POST" and "look" not in request.POST:
        parsed = parse(text)
        mbr_id = parsed.record.id if parsed.record else ""
        outcome = acts.attempt(request, commands.draft, mbr_id=mbr_id, yaml=text, reason=reason)
        if outcome.done:
            number = queries.versions(mbr_id)[0].version
            return answers.go("masters.version", mbr_id=mbr_id, number=number)
        context["notice"], status = outcome.notice, outcome.status
    elif request.method == "GET" and (source := request.GET.get("of")):
        found = queries.versions(source)
        text = found[0].yaml if found else ""
    context |= {"yaml": text, "issues": review(text)[1] if text.strip() else None}
    return answers.page(request, "masters/draft.html", context, status=status)


@PAGE.route("<key:mbr_id>/<int:number>/")
def version(request: HttpRequest, mbr_id: str, number: int) -> HttpResponse:
    """Show one version: content, findings, signatures, and what can be done."""
    return _version(request, mbr_id, number, "", acts.Outcome())


@PAGE.route("<key:mbr_id>/<int:number>/text/")
def text(request: HttpRequest, mbr_id: str, number: int) -> HttpResponse:  # noqa: ARG001 -- a view
    """Give the version's text as it was written."""
    row = queries.version(mbr_id, number)
    return HttpResponse(row.yaml, content_type="text/plain; charset=utf-8")


@PAGE.route("<key:mbr_id>/<int:number>/<slug:verb>/", methods=("POST",))
def act(request: HttpRequest, mbr_id: str, number: int, verb: str) -> HttpResponse:
    """Submit, check, approve or return a version."""
    if verb not in _ACTS:
        return failures.not_found(request)
    command, fields = _ACTS[verb]
    given = {field: request.POST.get(field, "") for field in fields}
    outcome = acts.attempt(request, command, mbr_id=mbr_id, number=number, **given)
    if outcome.done:
        return answers.go("masters.version", mbr_id=mbr_id, number=number)
    return _version(request, mbr_id, number, verb, outcome)


def _version(
    request: HttpRequest, mbr_id: str, number: int, verb: str, outcome: acts.Outcome
) -> HttpResponse:
    row = queries.version(mbr_id, number)
    record, issues = review(row.yaml)
    contents = {f"version/{number}": digest(commands.signing_content(row))}
    others = [v for v in queries.versions(mbr_id) if v.version != number]
    before = _before(row, others)
    mine = [s for s in signatures(f"mbr/{mbr_id}", contents) if s.subject in contents]
    context = {
        "row": row,
        "record": record,
        "errors": [i for i in issues if i.severity is Severity.ERROR],
        "warnings": [i for i in issues if i.severity is Severity.WARNING],
        "waits": waits_for(row, queries.approvals(mbr_id, number)),
        "signatures": mine,
        "before": before,
        "changes": redline(before.yaml, row.yaml) if before else [],
        "others": others,
        "names": {c.material: c.name for c in record.formula.inputs} if record else {},
        "verb": verb,
        "statement": outcome.statement,
        "notice": outcome.notice,
        "kept": {name: values[0] for name, values in (outcome.keep or {}).items()},
        "command_id": new_id(),
    }
    return answers.page(request, "masters/version.html", context, status=outcome.status)


def _before(row: MbrVersion, others: list[MbrVersion]) -> MbrVersion | None:
    """Return the version that this one was written to follow, where both have a text."""
    older = [v for v in others if v.version < row.version and v.yaml]
    return older[0] if older and row.yaml else None
