"""XML read as a stream of starts and ends, in bounded memory, with nothing resolved or expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from daytwo.doors.connectors.formats import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.doors.connectors.expansion import Readable

DEEPEST = 200
"""Elements inside each other."""

LONGEST = 1_000_000
"""Characters of one text."""

LARGEST = 8 << 20
"""Bytes of one tag with its attributes, or of one comment."""

_CHUNK = 1 << 16


class Start(NamedTuple):
    """An element begins."""

    namespace: str
    name: str
    attributes: dict[str, str]
    line: int


class End(NamedTuple):
    """An element ends; `text` is that of an element without children, else empty."""

    namespace: str
    name: str
    text: str
    line: int


def read_xml(stream: Readable) -> Iterator[Start | End]:
    """Yield the starts and ends of all elements.

    Attributes of a namespace are named `{namespace}name`. A document type declaration is refused
    whole: entities that expand without end and files pulled in from elsewhere are declared there,
    and no format that is read here needs one.

    Args:
        stream: The bytes.

    Raises:
        Misfit: It is not well-formed, cut off, in another encoding than it says, or exceeds a
            bound; with its line.

    References:
        XML 1.0, 2.8 (document type), 4.3.3 (encoding); CWE-611, CWE-776.
    """
    reader = _Reader()
    fed = 0
    while True:
        chunk = stream.read(_CHUNK)
        reader.feed(chunk)
        fed += len(chunk)
        if fed - reader.parser.CurrentByteIndex > LARGEST:
            raise Misfit(f"line {reader.line}: a tag is larger than {LARGEST >> 20} MB")
        yield from reader.found
        reader.found.clear()
        if not chunk:
            return


class _Reader:
    """Collects what expat finds in a chunk."""

    def __init__(self) -> None:
        self.found: list[Start | End] = []
        self._texts: list[str] | None = None
        self._length = self._depth = 0
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def feed(self, chunk: bytes) -> None:
        try:
            self.parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            cut = " (is the file cut off?)" if not chunk else ""
            raise Misfit(f"line {error.lineno}: is not well-formed XML: {why}{cut}") from error
        except (LookupError, ValueError) as error:
            raise Misfit(f"line {self.line}: is in an encoding that is not known here") from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Misfit(f"line {self.line}: more than {DEEPEST} elements inside each other")
        self._texts, self._length = [], 0
        named = {_attribute(name): value for name, value in attributes.items()}
        self.found.append(Start(*_split(tag), named, self.line))

    def _end(self, tag: str) -> None:
        self._depth -= 1
        text = "" if self._texts is None else "".join(self._texts)
        self._texts = None
        self.found.append(End(*_split(tag), text, self.line))

    def _text(self, text: str) -> None:
        if self._texts is None:
            return
        self._length += len(text)
        if self._length > LONGEST:
            raise Misfit(f"line {self.line}: a text is longer than {LONGEST} characters")
        self._texts.append(text)

    def _doctype(self, *_: object) -> None:
        raise Misfit(
            f"line {self.line}: has a document type declaration (DTD), which can make a small "
            "file expand without end or pull in other files; it is refused"
        )


def _split(tag: str) -> tuple[str, str]:
    namespace, _, name = tag.rpartition(" ")
    return namespace, name


def _attribute(name: str) -> str:
    if " " not in name:
        return name
    namespace, _, local = name.rpartition(" ")
    return f"{{{namespace}}}{local}"
