"""Answers about initiatives and what they are worth; decimals as text."""

from __future__ import annotations

from decimal import Decimal

from ninja import Schema


class InitiativeOut(Schema):
    """An initiative; what has not come yet is empty or null."""

    initiative_id: str
    title: str
    kpi_id: str
    kpi_version: int | None
    site: str
    product_code: str
    expected_change: str
    promised_eur_per_year: str
    rationale: str
    state: str
    stated_by: str
    stated_at: str
    base_since: str
    base_until: str
    base_value: str
    base_low: str
    base_high: str
    base_n: int | None
    base_seq: int | None
    base_ledger_seq: int | None
    base_checkpoint: int | None
    base_root: str
    base_sha256: str
    frozen_by: str
    frozen_at: str
    target: str
    target_on: str
    live_on: str
    action: str
    confounders: str
    recurring_eur_per_year: str
    one_off_eur: str
    run_cost_eur_per_year: str
    signed_by: str
    signed_at: str


class MeasurementOut(Schema):
    """What a KPI was after an action went live."""

    event_seq: int
    since: str
    until: str
    value: str
    low: str
    high: str
    n: int
    change: str
    beyond_noise: bool
    measured_by: str
    measured_at: str


class AgainOut(Schema):
    """A frozen figure made again from its snapshot; `equal` when nothing of it differs."""

    initiative_id: str
    equal: bool
    value: str
    n: int
    subjects_sha256: str
    ledger_seq: int


class BenefitsOut(Schema):
    """What signed initiatives are worth; the two sums are never added together."""

    signed: int
    unproven: int
    recurring_eur_per_year: Decimal
    one_off_eur: Decimal
    promised_eur_per_year: Decimal
    realised: float | None
