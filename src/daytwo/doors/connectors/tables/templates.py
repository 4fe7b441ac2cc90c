"""Texts made of columns, such as `{code}-{batch}`: names are replaced, nothing is evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")


@dataclass(frozen=True, slots=True)
class Ref:
    """A column, of this file or of the row that a lookup found.

    Attributes:
        column: The column's name.
        lookup: The lookup's name; empty for a column of the row itself.
    """

    column: str
    lookup: str = ""

    def __str__(self) -> str:
        """Return it as a mapping writes it."""
        return f"{self.lookup}.{self.column}" if self.lookup else self.column


@dataclass(frozen=True, slots=True)
class Template:
    """A text with columns in it.

    Attributes:
        parts: Literal texts and references, in order.
    """

    parts: tuple[str | Ref, ...]

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The columns that it needs."""
        return tuple(part for part in self.parts if isinstance(part, Ref))


def reference(text: str) -> Ref:
    """Return the reference that `column` or `lookup.column` stands for.

    Raises:
        ValueError: It is not of that form.
    """
    if not _NAME.fullmatch(text):
        message = f"{text!r} is not a column's name, nor lookup.column"
        raise ValueError(message)
    lookup, _, column = text.rpartition(".")
    return Ref(column, lookup)


def template(text: str) -> Template:
    """Return the parts of a text with `{column}` in it.

    Raises:
        ValueError: A brace does not match, or what it holds is not a column's name.
    """
    parts: list[str | Ref] = []
    for match in _PART.finditer(text):
        if match[3]:
            message = f"{text!r} has a brace without its partner"
            raise ValueError(message)
        parts.append(match[2] if match[1] is None else reference(match[1]))
    return Template(tuple(parts))
