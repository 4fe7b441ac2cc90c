"""XML written element by element: well-formed whatever the texts hold, in bounded memory."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from daytwo.doors.connectors.b2mml.kinds import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

CREDIT = (
    "The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International."
)
"""The sentence by which MESA International asks to be acknowledged."""

RELEASE = "0701"
"""The release of B2MML and BatchML that is written."""

_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


class Xml:
    """Writes one document."""

    def __init__(self, out: TextIO) -> None:
        """Begin a document, with the credit that the standard's owner asks for."""
        self._out = out
        self._depth = 0
        out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {CREDIT} -->\n')

    @contextmanager
    def element(self, name: str, **attributes: str) -> Iterator[None]:
        """Write an element around what is written inside."""
        indent = "  " * self._depth
        more = "" if self._depth else f' xmlns="{NAMESPACE}"'
        more += "".join(f" {key}={quoteattr(_clean(text))}" for key, text in attributes.items())
        self._out.write(f"{indent}<{name}{more}>\n")
        self._depth += 1
        yield
        self._depth -= 1
        self._out.write(f"{indent}</{name}>\n")

    def leaf(self, name: str, text: str | None, **attributes: str) -> None:
        """Write an element with a text; nothing where there is none."""
        if text:
            more = "".join(f" {k}={quoteattr(_clean(v))}" for k, v in attributes.items())
            self._out.write(f"{'  ' * self._depth}<{name}{more}>{escape(_clean(text))}</{name}>\n")

    def empty(self, name: str) -> None:
        """Write an element with nothing in it."""
        self._out.write(f"{'  ' * self._depth}<{name}/>\n")

    def value(self, name: str, text: str | None, unit: str = "") -> None:
        """Write a `ValueType` under a name; nothing where there is no text."""
        self._valued(name, "ValueString", text, unit)

    def quantity(self, text: str | None, unit: str) -> None:
        """Write a `QuantityValueType`; nothing where there is no text."""
        self._valued("Quantity", "QuantityString", text, unit)

    def _valued(self, name: str, inner: str, text: str | None, unit: str) -> None:
        if text:
            with self.element(name):
                self.leaf(inner, text)
                self.leaf("UnitOfMeasure", unit)


def _clean(text: str) -> str:
    """Return a text with a mark in place of every character that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
