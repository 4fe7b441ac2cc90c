"""Answers about batches: the record as it stands, each entry, signature and discrepancy."""

from __future__ import annotations

import json
from typing import Any

from ninja import Schema

from daytwo.kernel.clock import stamp


class BatchOut(Schema):
    """A batch; times are UTC text, the size is as the master or the import gives it."""

    id: str
    order_id: str
    product_code: str
    product_name: str
    strength: str
    size: str
    unit: str
    mbr_id: str
    mbr_version: int
    mbr_hash: str
    state: str
    record_state: str
    origin: str
    promised_on: str | None
    planned_at: str
    started_at: str | None
    ended_at: str | None
    completed_at: str | None
    disposed_at: str | None
    hold_reason: str
    steps_total: int
    steps_done: int


class StepOut(Schema):
    """A step of a batch; `entry` as entered, `result` what follows from it."""

    step_id: str
    position: int
    title: str
    unit_procedure: str
    operation: str
    phase: str
    kind: str
    state: str
    offered_at: str | None
    claimed_at: str | None
    claimed_by: str | None
    done_at: str | None
    performer_id: str | None
    performer_name: str
    verified_at: str | None
    verifier_id: str | None
    verifier_name: str
    entry: dict[str, str]
    result: dict[str, str]
    corrections: int

    @staticmethod
    def resolve_entry(row: Any) -> Any:
        """Return the entry as JSON, not as its text."""
        return json.loads(row.entry)

    @staticmethod
    def resolve_result(row: Any) -> Any:
        """Return the result as JSON, not as its text."""
        return json.loads(row.result)


class EntryOut(Schema):
    """One entry or correction at a step; none is ever overwritten."""

    event_seq: int
    step_id: str
    entry: dict[str, str]
    result: dict[str, str]
    at: str
    person_id: str
    person_name: str
    reason: str

    @staticmethod
    def resolve_entry(row: Any) -> Any:
        """Return the entry as JSON, not as its text."""
        return json.loads(row.entry)

    @staticmethod
    def resolve_result(row: Any) -> Any:
        """Return the result as JSON, not as its text."""
        return json.loads(row.result)


class SignatureOut(Schema):
    """A signature with all that must be shown beside it; `state` says whether it still holds."""

    id: str
    meaning: str
    signer_id: str
    signer_name: str
    role: str
    signed_at: str
    time_zone: str
    method: str
    record: str
    record_version: int
    subject: str
    content_sha256: str
    event_seq: int
    state: str

    @staticmethod
    def resolve_signed_at(row: Any) -> str:
        """Return the moment as UTC text."""
        return stamp(row.signed_at)


class DiscrepancyOut(Schema):
    """A discrepancy and its answer."""

    id: str
    number: int
    step_id: str | None
    discrepancy_class: str
    code: str
    severity: str
    description: str
    blocking: bool
    raised_at: str
    raised_by: str
    answered_at: str | None
    answered_by: str
    answer: str


class CommentOut(Schema):
    """A comment on a batch or one of its steps."""

    event_seq: int
    step_id: str | None
    comment: str
    at: str
    person_name: str


class MaterialUseOut(Schema):
    """A lot that went into a batch."""

    event_seq: int
    lot_id: str
    material_code: str
    quantity: str
    unit: str
    step_id: str | None


class EquipmentUseOut(Schema):
    """Equipment that a batch was made on."""

    event_seq: int
    batch_id: str
    equipment_id: str
    equipment_class: str
    step_id: str
    at: str


class ValueOut(Schema):
    """A yield or process value of a whole batch; the value as reported."""

    event_seq: int
    kind: str
    name: str
    value: str
    unit: str


class BatchRecordOut(Schema):
    """The whole record of a batch (21 CFR 211.188)."""

    batch: BatchOut
    steps: list[StepOut]
    entries: list[EntryOut]
    signatures: list[SignatureOut]
    discrepancies: list[DiscrepancyOut]
    comments: list[CommentOut]
    materials: list[MaterialUseOut]
    equipment: list[EquipmentUseOut]
    values: list[ValueOut]
