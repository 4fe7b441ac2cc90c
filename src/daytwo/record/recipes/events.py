"""Events of the life of a master batch record's versions, on the stream `mbr/<id>`."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("mbr.requested")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordRequested:
    """A first or a changed master batch record was asked for; the reason is on the envelope."""

    mbr_id: str
    version: int
    product_code: str
    wanted: str


@event("mbr.drafted")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordDrafted:
    """A text was saved as the draft of a version; each save is an event of its own."""

    mbr_id: str
    version: int
    content_hash: str
    yaml: str


@event("mbr.submitted")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordSubmitted:
    """The author declared the version prepared and asked for approval (211.186(a))."""

    mbr_id: str
    version: int
    content_hash: str
    approval_round: int


@event("mbr.returned")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordReturned:
    """An approver sent the version back; every approval of the round is void."""

    mbr_id: str
    version: int
    content_hash: str
    approval_round: int
    reason: str


@event("mbr.approved")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordApproved:
    """One person approved for production or quality; approved is what two of them approved."""

    mbr_id: str
    version: int
    content_hash: str
    approval_round: int
    function: str


@event("mbr.effective")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordEffective:
    """The version may be issued from now on."""

    mbr_id: str
    version: int
    content_hash: str


@event("mbr.superseded")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordSuperseded:
    """A later version took this one's place; batches issued from it run on unchanged."""

    mbr_id: str
    version: int
    content_hash: str
    superseded_by: int
