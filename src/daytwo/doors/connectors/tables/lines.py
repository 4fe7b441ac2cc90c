"""Physical lines of a text file, in bounded memory, numbered as an editor numbers them."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.doors.connectors.records import FileRead
from daytwo.kernel.errors import ConnectorError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

LONGEST = 1_000_000
"""Characters of a line; what is longer is set aside unread."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line.

    Attributes:
        number: From 1.
        text: Without its line end; empty for an overlong line.
        ended: False for a last line that has no line end.
        overlong: True when it was longer than `LONGEST`.
    """

    number: int
    text: str
    ended: bool
    overlong: bool = False


def survey(path: Path, encoding: str) -> FileRead:
    """Read a file once from end to end before anything is made of it.

    Args:
        path: The file.
        encoding: As declared by the mapping.

    Returns:
        Name, digest, size and lines.

    Raises:
        ConnectorError: `import.encoding` names file, line and byte when the declared encoding
            does not fit; `import.unreadable` when the file cannot be read.
    """
    hash_ = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    doubt = None if encoding.startswith(("utf", "ascii")) else _Utf8Doubt(encoding)
    size = lines = 0
    last = "\n"
    try:
        with path.open("rb") as stream:
            while True:
                chunk = stream.read(_CHUNK)
                hash_.update(chunk)
                size += len(chunk)
                text = _decode(decoder, chunk, path, lines)
                lines += _line_ends(text, last)
                last = text[-1:] or last
                if doubt is not None:
                    doubt.see(chunk)
                if not chunk:
                    break
    except OSError as error:
        raise ConnectorError(
            "import.unreadable",
            f"{path.name} cannot be read ({error.strerror or error}). Nothing was written.",
            permanent=False,
        ) from error
    if doubt is not None and doubt.certain:
        raise _wrong_encoding(
            path, f"it is declared as {encoding}, but reads as utf-8 with letters beyond ASCII"
        )
    return FileRead(path.name, hash_.hexdigest(), size, lines + (last not in "\r\n"))


def read_lines(path: Path, encoding: str) -> Iterator[Line]:
    """Yield the lines of a file whose encoding `survey` has found to fit."""
    with path.open("r", encoding=encoding, newline="") as stream:
        number = 0
        while piece := stream.readline(LONGEST + 2):
            number += 1
            ended = piece[-1] in "\r\n"
            if piece[-1] == "\r" and len(piece) == LONGEST + 2:
                _finish_line_end(stream)
            if ended or len(piece) <= LONGEST:
                yield Line(number, piece.rstrip("\r\n"), ended)
            else:
                yield Line(number, "", _skip_rest(stream), overlong=True)


def _skip_rest(stream: TextIO) -> bool:
    """Read to the end of an overlong line; tell whether there was a line end."""
    while piece := stream.readline(_CHUNK):
        if piece[-1] == "\n":
            return True
        if piece[-1] == "\r":
            if len(piece) == _CHUNK:
                _finish_line_end(stream)
            return True
    return False


def _finish_line_end(stream: TextIO) -> None:
    """Take the second half of a line end that a limit cut in two: it is no line of its own."""
    here = stream.tell()
    if stream.readline(1) != "\n":
        stream.seek(here)


def _line_ends(text: str, last: str) -> int:
    if "\r" not in text:
        # A "\r\n" cut in two by the chunk was counted with its first half.
        return text.count("\n") - (last == "\r" and text[:1] == "\n")
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends - (last == "\r" and text[:1] == "\n")


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, path: Path, lines: int) -> str:
    try:
        return decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        bad = error.object[error.start]
        before = error.object[: error.start].decode(error.encoding, errors="replace")
        row = lines + _line_ends(before, "") + 1
        raise _wrong_encoding(
            path,
            f"row {row} holds the byte 0x{bad:02X}, which is not {error.encoding} ({error.reason})",
            row,
        ) from error


def _wrong_encoding(path: Path, why: str, row: int = 0) -> ConnectorError:
    return ConnectorError(
        "import.encoding",
        f"{path.name}: {why}. Nothing was written. Declare the file's encoding in the mapping, "
        "or have it exported again.",
        {"file": path.name, "row": row},
        permanent=True,
    )


class _Utf8Doubt:
    """Notices a UTF-8 file that is declared as a single-byte code: it would decode to nonsense.

    Some words of a single-byte code happen to be UTF-8 as well, but then of letters that the code
    itself does not have.
    """

    def __init__(self, encoding: str) -> None:
        self._decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder(
            "utf-8-sig"
        )()
        self._declared = encoding
        self._beyond = False

    def see(self, chunk: bytes) -> None:
        if self._decoder is None:
            return
        try:
            text = self._decoder.decode(chunk, final=not chunk)
            text.encode(self._declared)
        except UnicodeError:
            self._decoder = None
            return
        self._beyond = self._beyond or not text.isascii()

    @property
    def certain(self) -> bool:
        return self._decoder is not None and self._beyond
