"""Readings of import runs."""

from __future__ import annotations

from daytwo.record.ledger.queries import import_runs


def test_record_without_imports_has_no_runs(site):
    assert import_runs() == []
