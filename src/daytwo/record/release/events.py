"""Events of review and disposition."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.kernel.clock import Day
from daytwo.record.ledger.catalogue import event


@event("release.review.opened", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class ReviewOpened:
    """A reviewer opened the record; natively one of quality.

    Attributes:
        batch_id: The batch.
        function: `production` or `quality`.
    """

    batch_id: str
    function: str = "quality"


@event("release.record.returned", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class RecordReturned:
    """Quality sent the record back; the reason is on the envelope, the signatures are void."""

    batch_id: str


@event("release.record.reviewed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class RecordReviewed:
    """Quality reviewed exceptions and audit trail and found nothing unexplained."""

    batch_id: str
    exceptions: int = 0


@event("release.batch.decided", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class BatchDecided:
    """The disposition: `released` (certified by a qualified person) or `rejected`."""

    batch_id: str
    decision: str
    rationale: str = ""


@event("release.completeness.passed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class CompletenessPassed:
    """Nothing is missing in the record any more."""

    batch_id: str


@event("release.review.section_opened", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class ReviewSectionOpened:
    """A reviewer looked at a part of the record."""

    batch_id: str
    section: str = ""


@event("release.review.idled", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class ReviewIdled:
    """Nobody moved in an open review for five minutes: that time is no review time."""

    batch_id: str


@event("release.review.closed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class ReviewClosed:
    """A reviewer finished.

    Attributes:
        batch_id: The batch.
        function: `production` or `quality`.
        active_minutes: Time in review without the idle times, in minutes, as a decimal text; None
            where the source does not say.
    """

    batch_id: str
    function: str = "quality"
    active_minutes: str | None = None


@event("release.promise.set", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class PromiseSet:
    """A release date was promised for the first time: frozen, it is the one that counts (K19)."""

    batch_id: str
    promised_on: Day


@event("release.promise.changed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class PromiseChanged:
    """Another release date was promised; the reason is on the envelope."""

    batch_id: str
    promised_on: Day


@event("release.check.opened", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class CheckOpened:
    """A check of the disposition plan waits for its evidence."""

    batch_id: str
    check: str


@event("release.check.closed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class CheckClosed:
    """A check is closed by evidence."""

    batch_id: str
    check: str


@event("release.check.justified", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class CheckJustified:
    """A check is closed by a justification; the reason is on the envelope."""

    batch_id: str
    check: str


@event("release.certificate.issued", stream="batch/{batch_id}", key=("batch_id",))
@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """The batch was certified (EU GMP Annex 16)."""

    batch_id: str
    certificate_id: str = ""


@event("release.batch.distributed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class BatchDistributed:
    """Units of a released batch left the site (21 CFR 211.150).

    Attributes:
        batch_id: The batch.
        units: Dosage units.
        shipment_id: The shipment; empty where the source names none.
    """

    batch_id: str
    units: int
    shipment_id: str = ""
