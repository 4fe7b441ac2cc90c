"""From values to the plain tree that is signed, and to its text."""

from __future__ import annotations

import dataclasses
from enum import Enum
from typing import Any

import yaml

from daytwo.kernel.quantity import Quantity

_TAGS = ("kind", "datatype")
"""Class-level fields that tell the kinds of step apart; written like any other."""


def plain_mapping(value: Any) -> dict[str, Any]:
    """Return a dataclass as a mapping of plain values, in the order of its fields.

    What may be left out and is None or empty is left out, everything else is written, so that a
    document with a default left out and one with it written have the same content.
    """
    tags = {tag: str(getattr(value, tag)) for tag in _TAGS if hasattr(value, tag)}
    body = {
        entry.name: _plain(getattr(value, entry.name))
        for entry in dataclasses.fields(value)
        if getattr(value, entry.name) not in (None, ()) or entry.default is dataclasses.MISSING
    }
    first = {"id": body.pop("id")} if tags and "id" in body else {}
    return {**first, **tags, **body}


def to_yaml(content: dict[str, Any]) -> str:
    """Return a plain tree as text, in its own order, without anchors."""
    return yaml.dump(
        content,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=96,
    )


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, Quantity):
        return plain_mapping(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Quantity | Enum):
        return str(value)
    return value


class _Dumper(yaml.SafeDumper):
    """Writes lists indented under their key, and never an anchor."""

    def ignore_aliases(self, data: Any) -> bool:
        """Say yes: equal parts are written out, the reader refuses aliases."""
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - PyYAML's own signature
        """Indent lists as well."""
        del indentless
        super().increase_indent(flow, False)  # noqa: FBT003 - PyYAML's own signature
