"""YAML text to a tree with line numbers, in a bounded, literal subset of YAML.

Only what a person can read off the page is taken: mappings with text keys, lists, texts, numbers,
`true` and `false`. A number is the Decimal of its characters and never passes through a float.
Words such as `no` and `12:30`, which YAML 1.1 turns into booleans and sexagesimals, are texts.
Aliases, explicit tags, a second document and repeated keys are refused with their line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from daytwo.record.recipes.enums import Severity
from daytwo.record.recipes.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 1_048_576
"""Size of a document; a record of a thousand steps has about half of it."""
MAX_DEPTH = 16
"""Mappings and lists within each other; a complete record has eleven."""
MAX_NUMBER = 40
"""Characters of a number."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value: TypeAlias = "dict[str, Node] | list[Node] | str | Decimal | bool | None"


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the line of its key, or on which it starts, from 1."""

    value: Value
    line: int


class _Stop(Exception):  # noqa: N818 - ends the reading of one text, caught below
    """The text cannot be read further."""

    def __init__(self, code: str, line: int | None, detail: str) -> None:
        super().__init__(detail)
        self.issue = Issue(Severity.ERROR, f"document.{code}", "", line, detail)


def read_tree(text: str) -> tuple[Node | None, tuple[Issue, ...]]:
    """Read a text.

    Args:
        text: YAML, at most 1 MiB in UTF-8.

    Returns:
        The root, or None when the text cannot be read to its end; and what is wrong with it.
    """
    builder = _Builder()
    try:
        builder.admit(text)
        return builder.document(yaml.parse(text, Loader=_LOADER)), tuple(builder.issues)
    except _Stop as stop:
        return None, (*builder.issues, stop.issue)
    except yaml.YAMLError as cause:
        mark = getattr(cause, "problem_mark", None)
        problem = getattr(cause, "problem", None) or "a character that YAML does not allow"
        line = mark.line + 1 if mark is not None else None
        issue = Issue(Severity.ERROR, "document.yaml", "", line, f"This is not YAML: {problem}.")
        return None, (*builder.issues, issue)
    except UnicodeEncodeError:
        issue = Issue(Severity.ERROR, "document.yaml", "", None, "The text is not Unicode.")
        return None, (issue,)


class _Builder:
    """Builds the tree from the parser's events; refuses while reading, not afterwards."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def admit(self, text: str) -> None:
        """Stop at a text that is too large to be read."""
        if len(text.encode("utf-8")) > MAX_BYTES:
            raise _Stop("size", None, f"A document has at most {MAX_BYTES} bytes.")

    def document(self, events: Iterator[Any]) -> Node:
        """Return the root of the only document."""
        for event in events:
            if isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                raise _Stop("empty", None, "The document is empty.")
            root = self._node(event, events, MAX_DEPTH)
            break
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise _Stop("many", _line(event), "A second document starts here; only one may.")
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise _Stop("alias", line, f"*{event.anchor} is an alias; write the value out.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _Stop("tag", line, f"The tag {tag} is not allowed.")
        if isinstance(event, yaml.ScalarEvent):
            return Node(_scalar(event, line), line)
        if depth == 0:
            raise _Stop("depth", line, f"At most {MAX_DEPTH} levels may be nested.")
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._sequence(events, depth), line)
        return Node(self._mapping(events, depth), line)

    def _sequence(self, events: Iterator[Any], depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, depth - 1))
        return items

    def _mapping(self, events: Iterator[Any], depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Stop("key", line, "A key must be a word.")
            key = event.value
            # A value is found by its key: a mapping or block text begins only a line below.
            entry = Node(self._node(next(events), events, depth - 1).value, line)
            if key in entries:
                self.issues.append(
                    Issue(
                        Severity.ERROR,
                        "document.duplicate_key",
                        key,
                        line,
                        f"The key {key!r} stands here again; it was given on line"
                        f" {entries[key].line}.",
                    )
                )
            else:
                entries[key] = entry
        return entries


def _scalar(event: Any, line: int) -> Value:
    value: str = event.value
    if not event.implicit[0]:
        return value
    if value in {"", "~", "null"}:
        return None
    if value in {"true", "false"}:
        return value == "true"
    if _NUMBER.fullmatch(value):
        if len(value) > MAX_NUMBER:
            raise _Stop("number", line, f"A number has at most {MAX_NUMBER} characters.")
        return Decimal(value)
    return value


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
