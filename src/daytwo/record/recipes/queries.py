"""Readings of master batch records: versions, approvals, the document of a content hash."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from daytwo.kernel.errors import Tampered, Unknown
from daytwo.record.recipes.document import MasterBatchRecord, load
from daytwo.record.recipes.enums import ApprovalFunction, MbrStatus
from daytwo.record.recipes.models import MbrApproval, MbrVersion
from daytwo.record.recipes.rules import Approval, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.record.recipes.document import PlacedStep


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
    return _issued(mbr_id, number, content_hash)[0]


def placed_steps(mbr_id: str, number: int, content_hash: str) -> Mapping[str, PlacedStep]:
    """Return the steps of a version by id, in the order of execution, each with its place."""
    return _issued(mbr_id, number, content_hash)[1]


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
def _issued(
    mbr_id: str, number: int, content_hash: str
) -> tuple[MasterBatchRecord, Mapping[str, PlacedStep]]:
    """Read a version once: its hash is its identity, so that what was read stays right."""
    record = load(version(mbr_id, number).yaml)
    if record.content_hash != content_hash:
        raise Tampered("mbr.tampered", "The stored master is not the one that was approved.")
    return record, MappingProxyType({placed.step.id: placed for placed in record.steps()})
