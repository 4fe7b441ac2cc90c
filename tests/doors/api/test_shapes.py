from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from daytwo.doors.api.shapes.batches import EntryOut, SignatureOut, StepOut


def test_entry_and_result_come_out_as_json_not_as_text() -> None:
    row = SimpleNamespace(entry='{"value": "2.50"}', result='{"net": "2.50 kg"}')
    for shape in (StepOut, EntryOut):
        assert shape.resolve_entry(row) == {"value": "2.50"}
        assert shape.resolve_result(row) == {"net": "2.50 kg"}


def test_time_of_a_signature_comes_out_with_its_zone() -> None:
    row = SimpleNamespace(signed_at=datetime(2026, 11, 23, 10, 0, 0, 5, tzinfo=UTC))
    assert SignatureOut.resolve_signed_at(row) == "2026-11-23T10:00:00.000005Z"
