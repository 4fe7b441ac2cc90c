"""The role x action matrix as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.doors.web.labels import label
from daytwo.record.access.authority import COMMANDS
from daytwo.record.access.enums import Permission, Role
from daytwo.record.access.rules import MATRIX


@dataclass(frozen=True, slots=True)
class Right:
    """One permission: its words, the acts that ask for it, and for each role whether it has it."""

    permission: str
    words: str
    acts: tuple[str, ...]
    held: tuple[bool, ...]


def matrix() -> list[Right]:
    """Return a row for each permission, with a cell for each role in the order of `Role`.

    References:
        21 CFR 11.10(g): authority checks; the table shown is the table enforced.
    """
    return [
        Right(
            permission=permission.value,
            words=label(permission),
            acts=tuple(sorted(n for n, c in COMMANDS.items() if c.permission is permission)),
            held=tuple(role in MATRIX[permission] for role in Role),
        )
        for permission in Permission
    ]
