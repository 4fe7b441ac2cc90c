"""The figures as frozen sections; their values, ranges and sources stand in `parameters.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Plant:
    years: float
    batches_per_year: float
    office_share: float


@dataclass(frozen=True, slots=True)
class Floor:
    effort_factor: float
    alarm_rate: float
    substituted_rate: float
    claim_wait_minutes: float
    pause_rate: float
    novice_factor: float
    correction_rate: float
    error_rate: float
    missing_rate: float
    skip_rate: float
    breakdown_rate: float
    rework_rate: float
    abort_rate: float
    hold_rate: float
    clean_hold_hours: float


@dataclass(frozen=True, slots=True)
class Decay:
    """Rates at go-live, and what they grow by each month, compounded."""

    manual_rate: float
    manual_monthly: float
    late_rate: float
    late_monthly: float
    paper_rate: float
    paper_monthly: float
    override_rate: float
    override_monthly: float
    not_applicable_rate: float
    not_applicable_monthly: float
    answer_days: float
    answer_monthly: float
    feedback_per_100_shifts: float


@dataclass(frozen=True, slots=True)
class Laboratory:
    analysts: int
    reviewers: int
    office_share: float
    chromatographs: int
    courier_hours: float
    review_minutes: float
    error_rate: float
    phase_one_hours: float


@dataclass(frozen=True, slots=True)
class Quality:
    investigators: int
    deviations_per_batch: float
    recording_hours: float
    triage_minutes: float
    investigation_hours: float
    evidence_days: float
    critical_share: float
    major_share: float
    due_days: int
    human_error_bias: float
    capa_share: float
    capa_effective_share: float
    capa_residual: float
    complaint_rate: float


@dataclass(frozen=True, slots=True)
class Review:
    assembly_hours: float
    completion_hours: float
    production_reviewers: int
    production_minutes: float
    exception_minutes: float
    production_return_rate: float
    qa_reviewers: int
    qa_minutes: float
    qa_return_rate: float
    qps: int
    qp_minutes: float
    promise_days: int
    reject_rate: float


@dataclass(frozen=True, slots=True)
class Changes:
    requests_per_product_year: float
    authors: int
    author_hours: float
    return_rate: float
    approval_hours: float
    validation_hours: float
    training_days: float
    first_batches: int
    deviation_factor: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that makes a plant. One seed and one set of figures are one plant.

    Attributes:
        seed: Of all chance.
        start: A Monday, at whose midnight the period starts; the day of go-live.
        time_zone: IANA name of the site's zone.
    """

    seed: int
    plant: Plant
    floor: Floor
    decay: Decay
    laboratory: Laboratory
    quality: Quality
    review: Review
    changes: Changes
    start: date = date(2024, 1, 8)
    time_zone: str = "Europe/Zurich"

    @property
    def weeks(self) -> int:
        """Return the length of the period in whole weeks."""
        return max(1, round(self.plant.years * 52))
