"""A large JSON object read entry by entry, in bounded memory; numbers stay as they are written."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any, NoReturn

from daytwo.doors.connectors.formats import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.doors.connectors.expansion import Readable

LARGEST = 8 << 20
"""Characters of one entry."""

_CHUNK = 1 << 16
_SPACE = " \t\n\r"
_END_OF_NUMBER = frozenset("0123456789+-.eE")


def read_sections(stream: Readable) -> Iterator[tuple[str, Any]]:
    """Yield (key, entry) for every entry of every array directly inside the one object.

    What stands there and is no array comes as one entry. Numbers are texts, digit by digit.

    Args:
        stream: The bytes, UTF-8.

    Raises:
        Misfit: It is no JSON object, cut off, not UTF-8, names a key twice, or has an entry that
            is larger than `LARGEST`; with its line.

    References:
        RFC 8259, sections 2 and 8.1 (UTF-8).
    """
    scanner = _Scanner(stream)
    scanner.take("{")
    seen: set[str] = set()
    while scanner.more("}", first=not seen):
        if scanner.peek() != '"':
            scanner.fail("has no key where one belongs")
        key = scanner.value()
        if key in seen:
            scanner.fail(f"has the key {key!r} twice")
        seen.add(key)
        scanner.take(":")
        if scanner.peek() != "[":
            yield key, scanner.value()
            continue
        scanner.take("[")
        first = True
        while scanner.more("]", first=first):
            first = False
            yield key, scanner.value()
    scanner.end()


class _Scanner:
    """Walks along a text that comes in chunks."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._text, self._at, self._line, self._whole = "", 0, 1, False
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=self._constant)

    def fail(self, why: str) -> NoReturn:
        line = self._line + self._text.count("\n", 0, self._at)
        raise Misfit(f"line {line}: {why}")

    def peek(self) -> str:
        """Return the next character that is no space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def take(self, mark: str) -> None:
        found = self.peek()
        if found != mark:
            self.fail("is cut off" if not found else f"has {found!r} where {mark!r} belongs")
        self._at += 1

    def more(self, closing: str, *, first: bool) -> bool:
        """Tell whether another entry follows; take the comma or the closing mark before it."""
        if self.peek() == closing:
            self._at += 1
            return False
        if not first:
            self.take(",")
        return True

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._fill():
                    continue
                self._at = min(error.pos, len(self._text))
                cut = " (is the file cut off?)" if self._at >= len(self._text) - 1 else ""
                self.fail(f"is not JSON: {error.msg}{cut}")
            except RecursionError:
                self.fail("has entries inside each other without end")
            # A number at the end of a chunk may go on in the next.
            if end < len(self._text) or self._text[end - 1] not in _END_OF_NUMBER:
                break
            if not self._fill():
                break
        self._at = end
        return found

    def end(self) -> None:
        if self.peek():
            self.fail("goes on after its end")

    def _fill(self) -> bool:
        """Read on; as much again as is waiting, so that a long entry is tried seldom."""
        if self._whole:
            return False
        waiting = len(self._text) - self._at
        if waiting > LARGEST:
            self.fail(f"has an entry of more than {LARGEST >> 20} million characters")
        chunk = self._stream.read(max(_CHUNK, waiting))
        self._whole = not chunk
        try:
            text = self._decode.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            bad = error.object[error.start]
            self.fail(f"is not UTF-8 from here on: it holds the byte 0x{bad:02X}")
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :] + text, 0
        return True

    def _constant(self, name: str) -> NoReturn:
        self.fail(f"holds {name}, which is no JSON")
