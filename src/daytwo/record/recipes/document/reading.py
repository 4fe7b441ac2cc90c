"""From text to a master batch record: every issue is collected, none stops at the first."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar

from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity
from daytwo.kernel.units import unit_named
from daytwo.record.recipes.document.fields import IsUnit, Range, Words
from daytwo.record.recipes.document.record import MasterBatchRecord
from daytwo.record.recipes.document.steps import STEP_CLASSES, Step, StepBase
from daytwo.record.recipes.document.tree import Node, read_tree
from daytwo.record.recipes.enums import Severity
from daytwo.record.recipes.errors import DocumentRefused
from daytwo.record.recipes.issues import Issue

MAX_ISSUES = 200
"""Issues that are reported; a text with more has one cause that hides the rest."""
_QUANTITY = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)? \S+")
_BAD: Any = object()
"""Stands for a value that could not be read; the issue has been noted."""
_STEPS = {(str(cls.kind), str(getattr(cls, "datatype", ""))): cls for cls in STEP_CLASSES}


@dataclass(frozen=True, slots=True)
class Parsed:
    """What reading a text gave.

    Attributes:
        record: The record; None when there is any issue.
        issues: What is wrong with the text, in its order.
        lines: Line of each path that was read, for later findings.
    """

    record: MasterBatchRecord | None
    issues: tuple[Issue, ...]
    lines: dict[str, int]


def parse(text: str) -> Parsed:
    """Read a master batch record from YAML text.

    Only the form is judged here; whether the record may be submitted is for `analysis`.

    Args:
        text: At most 1 MiB.

    References:
        21 CFR 211.186 (content); 21 CFR 211.68(b) (input is checked for accuracy).
    """
    root, issues = read_tree(text)
    if root is None:
        return Parsed(None, issues, {})
    reader = _Reader()
    record = reader.mapping(MasterBatchRecord, root, "")
    found = (*issues, *reader.issues)
    if len(found) > MAX_ISSUES:
        more = f"There are {len(found) - MAX_ISSUES} more issues; mend these first."
        found = (*found[:MAX_ISSUES], Issue(Severity.ERROR, "document.more", "", None, more))
    return Parsed(None if found else record, found, reader.lines)


def load(text: str) -> MasterBatchRecord:
    """Read a master batch record, or refuse with every issue.

    Raises:
        DocumentRefused: The text is not of the form; `issues` says where.
    """
    parsed = parse(text)
    if parsed.record is None:
        raise DocumentRefused(parsed.issues)
    return parsed.record


class _Reader:
    """Reads nodes by the type they should have."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.lines: dict[str, int] = {}

    def mapping(self, cls: Any, node: Node, path: str) -> Any:
        """Return an instance of a dataclass, or the mark of a bad value."""
        entries = self._entries(node, path)
        if entries is _BAD:
            return _BAD
        hints = _hints(cls)
        for key in entries.keys() - hints.keys():
            known = ", ".join(sorted(hints))
            self._note(
                "unknown", _join(path, key), entries[key], f"Unknown key. Known are: {known}."
            )
        unit = entries.get("unit")
        values: dict[str, Any] = {}
        for entry in dataclasses.fields(cls):
            if entry.name in entries:
                child = entries[entry.name]
                self.lines[_join(path, entry.name)] = child.line
                values[entry.name] = self.value(
                    hints[entry.name], child, _join(path, entry.name), unit
                )
            elif entry.default is dataclasses.MISSING:
                values[entry.name] = _BAD
                self._note("missing", _join(path, entry.name), node, "This must be given.")
        return _BAD if any(value is _BAD for value in values.values()) else cls(**values)

    def value(self, hint: Any, node: Node, path: str, unit: Node | None = None) -> Any:
        """Return a value of the annotated type, or the mark of a bad value."""
        hint = _required(hint)
        if typing.get_origin(hint) is Annotated:
            return self._annotated(*typing.get_args(hint), node=node, path=path)
        if typing.get_origin(hint) is tuple:
            return self._sequence(typing.get_args(hint)[0], node, path)
        if hint is Quantity:
            return self._quantity(node, path, unit)
        if hint is bool:
            known = isinstance(node.value, bool)
            return node.value if known else self._note("type", path, node, "Write true or false.")
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return self._word(hint, node, path)
        if hint == Step:
            return self._step(node, path)
        return self.mapping(hint, node, path)

    def _entries(self, node: Node, path: str) -> dict[str, Node] | Any:
        if isinstance(node.value, dict):
            return node.value
        return self._note("type", path, node, "Keys with values are needed here.")

    def _step(self, node: Node, path: str) -> Any:
        entries = self._entries(node, path)
        if entries is _BAD:
            return _BAD
        tags: list[str] = []
        for tag in ("kind", "datatype"):
            words = sorted({pair[len(tags)] for pair in _STEPS if list(pair[: len(tags)]) == tags})
            if words == [""]:
                tags.append("")
                continue
            given = entries.get(tag)
            if given is None:
                return self._note("missing", _join(path, tag), node, f"One of {_list(words)}.")
            if given.value not in words:
                return self._note("type", _join(path, tag), given, f"One of {_list(words)}.")
            tags.append(str(given.value))
        consumed = {tag for tag, word in zip(("kind", "datatype"), tags, strict=True) if word}
        rest = {key: child for key, child in entries.items() if key not in consumed}
        return self.mapping(_STEPS[tags[0], tags[1]], Node(rest, node.line), path)

    def _sequence(self, hint: Any, node: Node, path: str) -> Any:
        if not isinstance(node.value, list):
            return self._note("type", path, node, "A list is needed here.")
        items = []
        for index, child in enumerate(node.value):
            self.lines[f"{path}[{index}]"] = child.line
            items.append(self.value(hint, child, f"{path}[{index}]"))
        return _BAD if any(item is _BAD for item in items) else tuple(items)

    def _quantity(self, node: Node, path: str, unit: Node | None) -> Any:
        text = node.value
        if isinstance(text, Decimal):
            if unit is None or not isinstance(unit.value, str):
                return self._note("quantity", path, node, f"{text} needs a unit: {text} kg.")
            text = f"{text} {unit.value}"
        if not isinstance(text, str) or not _QUANTITY.fullmatch(text):
            return self._note("quantity", path, node, "Write a number and a unit: 12.000 kg.")
        try:
            return Quantity.parse(text)
        except Refused as cause:
            return self._note("quantity", path, node, cause.detail)

    def _word(self, words: type[StrEnum], node: Node, path: str) -> Any:
        try:
            return words(str(node.value))
        except ValueError:
            return self._note("type", path, node, f"One of {_list(list(words))}.")

    def _annotated(self, _base: Any, rule: Any, *, node: Node, path: str) -> Any:
        value = node.value
        if isinstance(rule, Range):
            whole = isinstance(value, Decimal) and value == value.to_integral_value()
            if whole and rule.low <= value <= rule.high:  # type: ignore[operator]
                return int(value)  # type: ignore[arg-type]
            return self._note("type", path, node, f"A whole number, {rule.low} to {rule.high}.")
        if not isinstance(value, str):
            return self._note("type", path, node, "A text is needed; put it in quotes.")
        if isinstance(rule, Words) and not rule.pattern.fullmatch(value):
            return self._note("text", path, node, f"This must be {rule.meaning}.")
        if isinstance(rule, IsUnit):
            try:
                unit_named(value)
            except Refused as cause:
                return self._note("unit", path, node, cause.detail)
        return value

    def _note(self, code: str, path: str, node: Node, detail: str) -> Any:
        issue = Issue(Severity.ERROR, f"document.{code}", path, node.line, detail)
        self.issues.append(issue)
        return _BAD


@cache
def _hints(cls: type[StepBase | MasterBatchRecord]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return {name: hint for name, hint in hints.items() if typing.get_origin(hint) is not ClassVar}


def _required(hint: Any) -> Any:
    """Return the type without `| None`: a value that is given is never nothing."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union) and hint != Step:
        (hint,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
    return hint


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _list(words: list[Any]) -> str:
    return ", ".join(str(word) for word in words)
