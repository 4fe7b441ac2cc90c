"""Answers of acts: the receipt, the statement to be signed, the failure.

A receipt is pydantic's own model: ninja's looks up each field in Python, at every act.
"""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field


class EventLine(BaseModel):
    """One event as the ledger holds it, in short; times are UTC text."""

    model_config = ConfigDict(from_attributes=True)
    seq: int
    stream: str
    version: int
    type: str
    recorded_at: str = Field(alias="recorded_text")
    hash: str


class ReceiptOut(BaseModel):
    """What an act recorded; `replayed` when this command id had done it before."""

    command_id: str
    replayed: bool
    events: list[EventLine]


class StatementOut(Schema):
    """What is put before the signer; `content` is exactly what is signed."""

    meaning: str
    record: str
    record_version: int
    subject: str
    content: dict[str, Any]
    sha256: str
    challenge: str


class StatementAnswer(Schema):
    """The statement, or null when the act, so called, needs no signature."""

    statement: StatementOut | None


class FailureOut(Schema):
    """What went wrong: a stable code, a sentence, and the facts of the case."""

    code: str
    detail: str
    info: dict[str, Any]


_STATUSES = (400, 401, 403, 404, 409, 413, 415, 422, 500, 503)
FAILURES: dict[int, Any] = dict.fromkeys(_STATUSES, FailureOut)
"""What any address may answer instead."""
