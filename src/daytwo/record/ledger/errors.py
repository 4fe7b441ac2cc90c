"""What the ledger refuses, in words."""

from __future__ import annotations

from daytwo.kernel.errors import Fault, Refused


class CommandReused(Refused):
    """A command id came again with another content."""

    def __init__(self, command_id: str) -> None:
        """Name the command id that was used before."""
        super().__init__(
            "ledger.command_reused",
            "This command id was used before for something else. Nothing was changed.",
            {"command_id": command_id},
        )


class StaleVersion(Refused):
    """The record moved on since the sender looked at it."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        """Name the stream, the version that was expected and the one that stands."""
        super().__init__(
            "ledger.stale",
            "The record has changed since it was shown. Nothing was changed; look again.",
            {"stream": stream, "expected": expected, "found": found},
        )


class Unwritable(Fault):
    """The database did not take the write; nothing of it was kept."""

    def __init__(self, why: str) -> None:
        """Carry the database's own words."""
        super().__init__("ledger.unwritable", "The record could not be written.", {"why": why})
