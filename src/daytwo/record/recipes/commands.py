"""Verbs of master batch records: draft, submit, return, approve, supersede."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.kernel.errors import Refused
from daytwo.record.access.authority import Context, command
from daytwo.record.access.enums import Meaning, Permission
from daytwo.record.ledger.append import Pending
from daytwo.record.recipes.analysis import analyse
from daytwo.record.recipes.document import load
from daytwo.record.recipes.enums import ApprovalFunction, MbrStatus
from daytwo.record.recipes.errors import DocumentRefused
from daytwo.record.recipes.events import (
    MasterBatchRecordApproved,
    MasterBatchRecordDrafted,
    MasterBatchRecordEffective,
    MasterBatchRecordRequested,
    MasterBatchRecordReturned,
    MasterBatchRecordSubmitted,
    MasterBatchRecordSuperseded,
)
from daytwo.record.recipes.issues import errors_in
from daytwo.record.recipes.queries import approvals, submission, version, versions
from daytwo.record.recipes.rules import (
    Approval,
    missing_functions,
    require_approvable,
    require_may_become,
    require_next_version,
    require_reason,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.record.recipes.models import MbrVersion


_BEFORE_SUBMISSION = frozenset({MbrStatus.REQUESTED, MbrStatus.DRAFTED, MbrStatus.RETURNED})


def _stream(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    mbr_id = arguments.get("mbr_id")
    return (f"mbr/{mbr_id}",) if mbr_id else ()


@command(
    "mbr.draft",
    permission=Permission.MBR_WRITE,
    emits=(MasterBatchRecordRequested, MasterBatchRecordDrafted),
    locks=_stream,
)
def draft(ctx: Context, *, mbr_id: str, yaml: str, reason: str) -> list[Pending]:  # noqa: ARG001
    """Save a text as the draft of the version in preparation, or of the next one.

    Args:
        ctx: Who asks.
        mbr_id: Must be the id inside the text.
        yaml: The text.
        reason: Why the record is new or changed; kept with the request.
    """
    record = load(yaml)
    if record.id != mbr_id:
        raise Refused(
            "mbr.id", f"The text is of {record.id}, not of {mbr_id}. Nothing was changed."
        )
    stream = f"mbr/{mbr_id}"
    known = {row.version: MbrStatus(row.status) for row in versions(mbr_id)}
    number = max(known, default=0)
    pendings = []
    if known.get(number) not in {MbrStatus.REQUESTED, MbrStatus.DRAFTED, MbrStatus.RETURNED}:
        require_reason(reason)
        number += 1
        require_next_version(number, known)
        code = record.header.product.code
        requested = MasterBatchRecordRequested(mbr_id, number, code, reason)
        pendings.append(Pending(stream, requested, reason=reason))
    event = MasterBatchRecordDrafted(mbr_id, number, record.content_hash, yaml)
    return [*pendings, Pending(stream, event)]


@command(
    "mbr.submit",
    permission=Permission.MBR_WRITE,
    emits=(MasterBatchRecordSubmitted,),
    signed=(Meaning.PREPARED,),
    locks=_stream,
)
def submit(ctx: Context, *, mbr_id: str, number: int) -> list[Pending]:
    """Sign a version as prepared and ask for approval; errors of the analysis stop it."""
    row = version(mbr_id, number)
    require_may_become(MbrStatus(row.status), MbrStatus.SUBMITTED)
    found = errors_in(analyse(load(row.yaml)))
    if found:
        raise DocumentRefused(found)
    event = MasterBatchRecordSubmitted(mbr_id, number, row.content_hash, row.approval_round + 1)
    return [_signature(ctx, Meaning.PREPARED, row), Pending(f"mbr/{mbr_id}", event)]


@command(
    "mbr.return",
    permission=Permission.MBR_RETURN,
    emits=(MasterBatchRecordReturned,),
    locks=_stream,
)
def return_version(
    ctx: Context,  # noqa: ARG001
    *,
    mbr_id: str,
    number: int,
    reason: str,
) -> list[Pending]:
    """Send a submitted version back with a reason; its approvals are void."""
    row = version(mbr_id, number)
    require_may_become(MbrStatus(row.status), MbrStatus.RETURNED)
    require_reason(reason)
    event = MasterBatchRecordReturned(mbr_id, number, row.content_hash, row.approval_round, reason)
    return [Pending(f"mbr/{mbr_id}", event, reason=reason)]


@command(
    "mbr.check",
    permission=Permission.MBR_CHECK,
    emits=(
        MasterBatchRecordApproved,
        MasterBatchRecordEffective,
        MasterBatchRecordSuperseded,
    ),
    signed=(Meaning.CHECKED,),
    locks=_stream,
)
def check(ctx: Context, *, mbr_id: str, number: int) -> list[Pending]:
    """Sign for production that the version was checked (211.186(a))."""
    return _approve(ctx, mbr_id, number, ApprovalFunction.PRODUCTION, Meaning.CHECKED)


@command(
    "mbr.approve",
    permission=Permission.MBR_APPROVE,
    emits=(
        MasterBatchRecordApproved,
        MasterBatchRecordEffective,
        MasterBatchRecordSuperseded,
    ),
    signed=(Meaning.APPROVED,),
    locks=_stream,
)
def approve(ctx: Context, *, mbr_id: str, number: int) -> list[Pending]:
    """Sign for quality that the version is approved (211.100(a), 211.186(a))."""
    return _approve(ctx, mbr_id, number, ApprovalFunction.QUALITY, Meaning.APPROVED)


def _approve(
    ctx: Context, mbr_id: str, number: int, function: ApprovalFunction, meaning: Meaning
) -> list[Pending]:
    row = version(mbr_id, number)
    require_may_become(MbrStatus(row.status), MbrStatus.APPROVED)
    under, given = submission(row), approvals(mbr_id, number)
    mine = Approval(ctx.person.id, function, row.content_hash, row.approval_round)
    require_approvable(under, given, mine)
    stream = f"mbr/{mbr_id}"
    event = MasterBatchRecordApproved(
        mbr_id, number, row.content_hash, row.approval_round, str(function)
    )
    pendings = [_signature(ctx, meaning, row), Pending(stream, event)]
    if not missing_functions(under, [*given, mine]):
        effective = MasterBatchRecordEffective(mbr_id, number, row.content_hash)
        pendings += [*_superseded(row), Pending(stream, effective)]
    return pendings


def _superseded(row: MbrVersion) -> list[Pending]:
    return [
        Pending(
            f"mbr/{old.mbr_id}",
            MasterBatchRecordSuperseded(old.mbr_id, old.version, old.content_hash, row.version),
        )
        for old in versions(row.mbr_id)
        if old.status == MbrStatus.EFFECTIVE
    ]


def _signature(ctx: Context, meaning: Meaning, row: MbrVersion) -> Pending:
    return ctx.sign(meaning, f"mbr/{row.mbr_id}", f"version/{row.version}", signing_content(row))


def signing_content(row: MbrVersion) -> dict[str, Any]:
    """Return what preparing and approving a version sign: the record and its content's hash."""
    return {
        "record": row.mbr_id,
        "version": row.version,
        "product": row.product_name,
        "content_sha256": row.content_hash,
        "approval_round": row.approval_round + (row.status in _BEFORE_SUBMISSION),
    }
