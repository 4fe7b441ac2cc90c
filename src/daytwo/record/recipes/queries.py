"""Readings of master batch records: versions, approvals, the document of a content hash."""

from __future__ import annotations

from functools import lru_cache

from daytwo.kernel.errors import Tampered, Unknown
from daytwo.record.recipes.document import MasterBatchRecord, load
from daytwo.record.recipes.enums import ApprovalFunction, MbrStatus
from daytwo.record.recipes.models import MbrApproval, MbrVersion
from daytwo.record.recipes.rules import Approval, Submission


def versions(mbr_id: str = "") -> list[MbrVersion]:
    """Return the versions of one record or of all, the latest first."""
    rows = MbrVersion.objects.order_by("mbr_id", "-version")
    return list(rows.filter(mbr_id=mbr_id) if mbr_id else rows)


def version(mbr_id: str, number: int) -> MbrVersion:
    """Return one version; `Unknown` when there is none."""
    row = MbrVersion.objects.filter(id=f"{mbr_id}:{number}").first()
    if row is None:
        raise Unknown("mbr.unknown", f"There is no version {number} of {mbr_id}.")
    return row


def effective_versions() -> list[MbrVersion]:
    """Return the versions from which an order may be issued now."""
    return list(MbrVersion.objects.filter(status=MbrStatus.EFFECTIVE).order_by("mbr_id"))


def document(mbr_id: str, number: int, content_hash: str) -> MasterBatchRecord:
    """Return the content of a version, shown to be the one of the given hash.

    Raises:
        Tampered: The stored text does not give the approved content any more.

    References:
        21 CFR 211.188(a): an accurate reproduction of the approved master.
    """
    row = version(mbr_id, number)
    return _parsed(row.yaml, content_hash)


def submission(row: MbrVersion) -> Submission:
    """Return what is up for approval, as the rules see it."""
    authors = frozenset(row.authors.split())
    return Submission(row.version, row.content_hash, row.approval_round, authors)


def approvals(mbr_id: str, number: int) -> list[Approval]:
    """Return all approvals of a version, of any round, as the rules see them."""
    rows = MbrApproval.objects.filter(mbr_id=mbr_id, version=number).order_by("event_seq")
    return [
        Approval(r.person_id, ApprovalFunction(r.function), r.content_hash, r.approval_round)
        for r in rows
    ]


@lru_cache(maxsize=64)
def _parsed(yaml: str, content_hash: str) -> MasterBatchRecord:
    record = load(yaml)
    if record.content_hash != content_hash:
        raise Tampered("mbr.tampered", "The stored master is not the one that was approved.")
    return record
