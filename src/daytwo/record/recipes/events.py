"""Events of the life of a master batch record's versions, on the stream `mbr/<id>`."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("mbr.requested", stream="mbr/{mbr_id}", key=("mbr_id", "version"))
@dataclass(frozen=True, slots=True)
class MasterBatchRecordRequested:
    """A first or a changed master batch record was asked for; the reason is on the envelope.

    Attributes:
        mbr_id: The master batch record.
        version: The version asked for.
        product_code: Of the product.
        wanted: What is wanted.
        change_id: The change that asks for it; empty where none does.
    """

    mbr_id: str
    version: int
    product_code: str = ""
    wanted: str = ""
    change_id: str = ""


@event("mbr.drafted", stream="mbr/{mbr_id}")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordDrafted:
    """A text was saved as the draft of a version; each save is an event of its own."""

    mbr_id: str
    version: int
    content_hash: str = ""
    yaml: str = ""


@event("mbr.submitted", stream="mbr/{mbr_id}")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordSubmitted:
    """The author declared the version prepared and asked for approval (211.186(a))."""

    mbr_id: str
    version: int
    content_hash: str = ""
    approval_round: int = 1


@event("mbr.returned", stream="mbr/{mbr_id}")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordReturned:
    """An approver sent the version back; every approval of the round is void."""

    mbr_id: str
    version: int
    content_hash: str = ""
    approval_round: int = 1
    reason: str = ""


@event("mbr.approved", stream="mbr/{mbr_id}")
@dataclass(frozen=True, slots=True)
class MasterBatchRecordApproved:
    """One person approved for production or quality; approved is what two of them approved."""

    mbr_id: str
    version: int
    content_hash: str = ""
    approval_round: int = 1
    function: str = ""


@event("mbr.effective", stream="mbr/{mbr_id}", key=("mbr_id", "version"))
@dataclass(frozen=True, slots=True)
class MasterBatchRecordEffective:
    """The version may be issued from now on."""

    mbr_id: str
    version: int
    content_hash: str = ""


@event("mbr.superseded", stream="mbr/{mbr_id}", key=("mbr_id", "version"))
@dataclass(frozen=True, slots=True)
class MasterBatchRecordSuperseded:
    """A later version took this one's place; batches issued from it run on unchanged."""

    mbr_id: str
    version: int
    content_hash: str = ""
    superseded_by: int = 0


@event("mbr.validated", stream="mbr/{mbr_id}", key=("mbr_id", "version"))
@dataclass(frozen=True, slots=True)
class MasterBatchRecordValidated:
    """The version was tried out and does what it should (EU GMP Annex 11 §4)."""

    mbr_id: str
    version: int


@event("mbr.trained", stream="mbr/{mbr_id}", key=("mbr_id", "version"))
@dataclass(frozen=True, slots=True)
class MasterBatchRecordTrained:
    """Those who work by the version have been trained (21 CFR 211.25)."""

    mbr_id: str
    version: int


@event("mbr.first_used", stream="mbr/{mbr_id}", key=("mbr_id", "version"))
@dataclass(frozen=True, slots=True)
class MasterBatchRecordFirstUsed:
    """The first batch was begun by the version: the change is done (K26)."""

    mbr_id: str
    version: int
    batch_id: str = ""


@event("mbr.retired", stream="mbr/{mbr_id}", key=("mbr_id", "version"))
@dataclass(frozen=True, slots=True)
class MasterBatchRecordRetired:
    """The version is not used any more, and none took its place."""

    mbr_id: str
    version: int
