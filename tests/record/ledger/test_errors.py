"""What the ledger refuses says what happened, in words and as facts."""

from __future__ import annotations

from daytwo.kernel.errors import Fault, Refused
from daytwo.record.ledger.errors import CommandReused, StaleVersion, Unwritable


def test_reused_command_is_named():
    error = CommandReused("command-1")
    assert isinstance(error, Refused)
    assert (error.code, error.info) == ("ledger.command_reused", {"command_id": "command-1"})
    assert "Nothing was changed" in str(error)


def test_stale_version_is_named():
    error = StaleVersion("batch/B-1", 3, 4)
    assert isinstance(error, Refused)
    assert error.info == {"stream": "batch/B-1", "expected": 3, "found": 4}


def test_unwritable_carries_the_databases_words():
    error = Unwritable("disk full")
    assert isinstance(error, Fault)
    assert error.info == {"why": "disk full"}
