"""What may come in as an argument of a command: checked before any rule is asked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from daytwo.kernel.clock import stamp
from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_TEXT = 1_048_576
"""Characters of one argument; a whole master batch record fits."""
WIDEST_INTEGER = 2**31 - 1
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}")
_UNKEEPABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def check_arguments(arguments: Mapping[str, Any]) -> None:
    """Refuse identifiers that are not plain, and texts and numbers that could not be kept.

    Args:
        arguments: Those of a command; what ends in `_id` names a record.

    Raises:
        Refused: `command.identifier`, `command.text`, `command.number`; the argument is named.

    References:
        21 CFR 211.68(b): input is checked for accuracy; 11.10(h).
    """
    for name, value in arguments.items():
        if name.endswith("_id") and isinstance(value, str) and value:
            if not _IDENTIFIER.fullmatch(value):
                raise Refused(
                    "command.identifier",
                    f"{name} must be made of letters, digits and ._:/- (at most 80).",
                    {"argument": name},
                )
        else:
            _check(name, value)


def plain(value: Any) -> Any:
    """Return arguments as plain JSON, for the digest that tells a repeat from a reuse."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Quantity):
        return value.as_json()
    if isinstance(value, datetime):
        return stamp(value)
    return value if isinstance(value, int | bool | None) else str(value)


def _check(name: str, value: Any) -> None:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT or _UNKEEPABLE.search(value):
            raise Refused(
                "command.text",
                f"{name} holds signs that cannot be kept, or is too long. Nothing was changed.",
                {"argument": name},
            )
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(name, key)
            _check(name, item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(name, item)
    elif isinstance(value, int) and abs(value) > WIDEST_INTEGER:
        raise Refused("command.number", f"{name} is too large.", {"argument": name})
