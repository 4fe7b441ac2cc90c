"""Events of change control and complaints (ICH Q10 §3.2.3; 21 CFR 211.198)."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("quality.change.opened", stream="change/{change_id}", key=("change_id",))
@dataclass(frozen=True, slots=True)
class ChangeOpened:
    """A change was asked for.

    Attributes:
        change_id: Its number.
        title: In a line.
        kind: What is changed, such as `mbr`, `equipment`, `method`.
        mbr_id: The master batch record that it leads to; empty where none.
        mbr_version: That record's version; 0 where none.
    """

    change_id: str
    title: str = ""
    kind: str = ""
    mbr_id: str = ""
    mbr_version: int = 0


@event("quality.change.approved", stream="change/{change_id}", key=("change_id",))
@dataclass(frozen=True, slots=True)
class ChangeApproved:
    """The change may be made."""

    change_id: str


@event("quality.change.implemented", stream="change/{change_id}", key=("change_id",))
@dataclass(frozen=True, slots=True)
class ChangeImplemented:
    """The change works from now on: what comes after is measured against what came before."""

    change_id: str


@event("quality.change.closed", stream="change/{change_id}", key=("change_id",))
@dataclass(frozen=True, slots=True)
class ChangeClosed:
    """Nothing is left to do about the change."""

    change_id: str


@event("quality.complaint.received", stream="complaint/{complaint_id}", key=("complaint_id",))
@dataclass(frozen=True, slots=True)
class ComplaintReceived:
    """Somebody outside complained of a product (21 CFR 211.198).

    Attributes:
        complaint_id: Its number.
        product_code: The product; empty where the source does not say.
        batch_id: The batch; empty where it is not known.
        category: Kind of complaint.
        description: In words.
    """

    complaint_id: str
    product_code: str = ""
    batch_id: str = ""
    category: str = ""
    description: str = ""


@event("quality.complaint.closed", stream="complaint/{complaint_id}", key=("complaint_id",))
@dataclass(frozen=True, slots=True)
class ComplaintClosed:
    """The complaint was answered."""

    complaint_id: str
