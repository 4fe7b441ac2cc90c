"""Answers about masters, lots, equipment, results, judgements and releases."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from daytwo.doors.api.shapes.batches import (
    BatchOut,
    CommentOut,
    DiscrepancyOut,
    SignatureOut,
    StepOut,
)


class VersionLine(Schema):
    """A version of a master batch record; times are UTC text."""

    mbr_id: str
    version: int
    status: str
    product_code: str
    product_name: str
    content_hash: str
    approval_round: int
    requested_at: str
    drafted_at: str | None
    submitted_at: str | None
    returned_at: str | None
    return_reason: str
    effective_at: str | None
    superseded_at: str | None


class VersionOut(VersionLine):
    """A version with its text."""

    yaml: str


class LotOut(Schema):
    """A material lot; quantities are decimal text in `unit`."""

    id: str
    material_code: str
    material_name: str
    status: str
    received_at: str
    received: str | None
    used: str
    unit: str
    supplier: str | None
    expires_on: str | None
    potency_percent: str | None
    origin: str


class EquipmentOut(Schema):
    """A piece of equipment; times are UTC text."""

    id: str
    name: str
    equipment_class: str
    calibrated_until: str | None
    clean_until: str | None
    soiled_by: str | None


class ResultOut(Schema):
    """A laboratory result; the value as reported."""

    subject_kind: str
    subject_id: str
    stage: str
    test_code: str
    test_name: str
    value: str
    unit: str
    at: str
    origin: str
    event_seq: int


class DeviationOut(Schema):
    """A deviation."""

    id: str
    batch_id: str
    discrepancy_id: str
    classification: str
    title: str
    state: str
    detected_at: str
    opened_at: str
    closed_at: str | None
    root_cause: str
    category: str


class ClassificationOut(Schema):
    """How quality judged a discrepancy."""

    discrepancy_id: str
    route: str
    rationale: str
    at: str
    by_name: str


class BlockerOut(Schema):
    """Something that stands in the way; `target` is what to look at."""

    code: str
    says: str
    target: str


class QueueItemOut(Schema):
    """A batch on its way to disposition."""

    batch: BatchOut
    blockers: list[BlockerOut]
    exceptions: int
    steps: int


class JudgedOut(Schema):
    """A discrepancy with its judgement, if any."""

    discrepancy: DiscrepancyOut
    classification: ClassificationOut | None


class ReviewOut(Schema):
    """What a reviewer must look at, and how many steps conformed."""

    batch: BatchOut
    blockers: list[BlockerOut]
    discrepancies: list[JudgedOut]
    critical: list[StepOut]
    corrected: list[StepOut]
    comments: list[CommentOut]
    void_signatures: list[SignatureOut]
    conforming: int


class EventOut(Schema):
    """One event of the audit trail: who, what, when and why; times are UTC text."""

    seq: int
    stream: str
    version: int
    type: str
    payload: dict[str, Any]
    occurred_at: str = Field(alias="occurred_text")
    recorded_at: str = Field(alias="recorded_text")
    actor_id: str = Field(alias="actor.id")
    actor_name: str = Field(alias="actor.name")
    actor_role: str = Field(alias="actor.role")
    origin: dict[str, Any]
    reason: str | None
    command_id: str
    command: str = Field(alias="command_name")
    prev_hash: str
    hash: str


class BreakOut(Schema):
    """A place where the record is not what was recorded."""

    stream: str
    version: int
    why: str


class VerificationOut(Schema):
    """What was read of the ledger, and what is broken."""

    events: int
    streams: int
    checkpoints: int
    ok: bool
    broken: list[BreakOut]


class HealthOut(Schema):
    """Whether the site answers: its version, database, last event and time (UTC text)."""

    status: str
    version: str
    database: str
    last_seq: int
    now: str
