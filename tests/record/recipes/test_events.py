"""Events of the life cycle: names and fields are stored for ever."""

from __future__ import annotations

import dataclasses

from daytwo.record.ledger.catalogue import decode, entries, payload_of
from daytwo.record.recipes import events

FIELDS = {
    "mbr.requested": ["mbr_id", "version", "product_code", "wanted", "change_id"],
    "mbr.drafted": ["mbr_id", "version", "content_hash", "yaml"],
    "mbr.submitted": ["mbr_id", "version", "content_hash", "approval_round"],
    "mbr.returned": ["mbr_id", "version", "content_hash", "approval_round", "reason"],
    "mbr.approved": ["mbr_id", "version", "content_hash", "approval_round", "function"],
    "mbr.effective": ["mbr_id", "version", "content_hash"],
    "mbr.superseded": ["mbr_id", "version", "content_hash", "superseded_by"],
    "mbr.validated": ["mbr_id", "version"],
    "mbr.trained": ["mbr_id", "version"],
    "mbr.first_used": ["mbr_id", "version", "batch_id"],
    "mbr.retired": ["mbr_id", "version"],
}


def test_events_keep_their_names_and_fields() -> None:
    found = {
        entry.name: [field.name for field in dataclasses.fields(entry.cls)]
        for entry in entries()
        if entry.cls.__module__ == events.__name__
    }
    assert found == FIELDS


def test_event_survives_its_payload() -> None:
    drafted = events.MasterBatchRecordDrafted("M-0001", 2, "a" * 64, "format: 1\n")
    assert decode("mbr.drafted", payload_of(drafted)) == drafted
