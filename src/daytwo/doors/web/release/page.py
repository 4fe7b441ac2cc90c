"""Release: the queue by promised date, review by exception, disposition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, failures, tables, visitors
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.kernel.ids import new_id
from daytwo.record.access.enums import Permission
from daytwo.record.batches import queries as batches
from daytwo.record.batches.enums import RecordState
from daytwo.record.quality.queries import deviations
from daytwo.record.recipes.enums import Criticality
from daytwo.record.release import commands, queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.record.batches.models import Batch
    from daytwo.record.release.queries import QueueItem

PAGE = Page("release/", _("Release"), Permission.BATCH_READ, Nav(Group.RELEASE, 10, _("Queue")))


def stands_at(item: QueueItem) -> str:
    """Return where a batch is on its way to disposition, in words."""
    words = {
        RecordState.OPEN: now_("In production's hands"),
        RecordState.RETURNED: now_("Returned to production"),
        RecordState.COMPLETED: now_("In review"),
        RecordState.REVIEWED: now_("Reviewed"),
    }
    if not item.blockers:
        return now_("Ready")
    return words.get(RecordState(item.batch.record_state), item.batch.record_state)


_COLUMNS: tuple[tables.Column[QueueItem], ...] = (
    tables.Column("batch", _("Batch"), lambda i: i.batch.id),
    tables.Column("product", _("Product"), lambda i: i.batch.product_name),
    tables.Column("promised", _("Promised"), lambda i: i.batch.promised_on),
    tables.Column("ended", _("Manufacture ended"), lambda i: i.batch.ended_at),
    tables.Column("stands", _("Stands at"), stands_at),
    tables.Column("blocks", _("What blocks it"), lambda i: len(i.blockers)),
    tables.Column("review", _("To review"), lambda i: i.exceptions, number=True),
    tables.Column("open", ""),
)
_ACTS = {
    "open": (commands.open_review, (), Permission.BATCH_REVIEW),
    "return": (commands.return_record, ("reason",), Permission.BATCH_REVIEW),
    "sign": (commands.review_record, (), Permission.BATCH_REVIEW),
    "decide": (commands.decide, ("decision", "rationale"), Permission.BATCH_DISPOSE),
}


@PAGE.route()
def queue(request: HttpRequest) -> HttpResponse:
    """List the batches whose manufacture ended and that are not disposed, promised date first."""
    rows = queries.release_queue()
    view = tables.view(request, _COLUMNS, rows, sort="promised")
    ready = sum(not item.blockers for item in rows)
    context = {"view": view, "ready": ready, "stands_at": stands_at}
    return tables.as_csv(request, "release-queue", _COLUMNS, view) or answers.page(
        request, "release/queue.html", context
    )


@PAGE.route("<key:batch_id>/")
def review(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show what a reviewer must look at, and what conformed."""
    return _review(request, batch_id, "", acts.Outcome())


@PAGE.route("<key:batch_id>/<slug:verb>/", methods=("POST",))
def act(request: HttpRequest, batch_id: str, verb: str) -> HttpResponse:
    """Open the review, return the record, sign the review, or decide."""
    if verb not in _ACTS:
        return failures.not_found(request)
    command, fields, _permission = _ACTS[verb]
    given = {field: request.POST.get(field, "") for field in fields}
    outcome = acts.attempt(request, command, batch_id=batch_id, **given)
    if outcome.done:
        return answers.go("release.review", said=verb, batch_id=batch_id)
    return _review(request, batch_id, verb, outcome)


def _review(request: HttpRequest, batch_id: str, verb: str, outcome: acts.Outcome) -> HttpResponse:
    row = batches.batch(batch_id)
    found = queries.review_by_exception(row)
    opened = next((r for r in queries.reviews(batch_id) if r.closed_at is None), None)
    visitor = visitors.present(request)
    context = {
        "batch": row,
        "found": found,
        "looked": len(batches.steps(batch_id)) - found.conforming,
        "critical": _critical(row),
        "deviations": deviations(batch_id),
        "opened": opened,
        "reviews": queries.reviews(batch_id),
        "signatures": [s for s in queries.all_signatures(row) if s.subject in _WHOLE],
        "blockers": queries.disposition_blockers(row),
        "blocked_review": queries.review_blockers(row),
        "decided": queries.disposition(batch_id),
        "may_review": visitor.may(Permission.BATCH_REVIEW),
        "may_decide": visitor.may(Permission.BATCH_DISPOSE),
        "certifies": "qualified_person" in visitor.role_names,
        "verb": verb,
        "statement": outcome.statement,
        "notice": outcome.notice,
        "kept": {name: values[0] for name, values in (outcome.keep or {}).items()},
        "command_id": new_id(),
    }
    return answers.page(request, "release/review.html", context, status=outcome.status)


_WHOLE = frozenset({"record", "review", "disposition"})
"""Subjects of the signatures on a record as a whole."""


def _critical(row: Batch) -> dict[str, str]:
    """Return the criticality of each step that has one worth a look."""
    looked = {Criticality.CPP, Criticality.CQA}
    placed = (p.step for p in batches.master(row).steps())
    return {s.id: str(s.criticality) for s in placed if s.criticality in looked}
