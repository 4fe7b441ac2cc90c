"""Packed files are unpacked no further than a bound: a small file may not fill memory or disk."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from daytwo.doors.connectors.formats import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO, Protocol

    class Readable(Protocol):
        """Anything that gives bytes."""

        def read(self, size: int, /) -> bytes: ...


MOST_BYTES = 4 << 30
"""Bytes that one file may unpack to."""

FREE_BYTES = 100 << 20
"""Up to here any ratio is taken: short texts that repeat pack very well."""

MOST_RATIO = 200
"""Unpacked to packed size beyond `FREE_BYTES`; XML logs come to 20 or 30."""

_GZIP = b"\x1f\x8b"


def refuse_beyond(unpacked: int, packed: int) -> None:
    """Refuse a file that unpacks to too much.

    Args:
        unpacked: Bytes so far, or as the file declares.
        packed: Bytes of the file.

    Raises:
        Misfit: It is more than `MOST_BYTES`, or beyond `FREE_BYTES` more than `MOST_RATIO` times
            its packed size.
    """
    if unpacked > MOST_BYTES:
        raise Misfit(f"unpacks to more than {MOST_BYTES >> 20} MB; export it in smaller files")
    if unpacked > FREE_BYTES and unpacked > MOST_RATIO * max(packed, 1):
        raise Misfit(
            f"unpacks to more than {MOST_RATIO} times its size, as files do that are made to "
            "exhaust a computer; pack it anew, or give it unpacked"
        )


class Bounded:
    """A stream that counts what it gives and refuses to give too much."""

    def __init__(self, stream: Readable, packed: int) -> None:
        """Count what `stream` gives against the `packed` bytes that it comes from."""
        self._stream, self._packed, self._given = stream, packed, 0

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes.

        Raises:
            Misfit: Too much was unpacked, or the packed data are cut off or damaged.
        """
        try:
            chunk = self._stream.read(size)
        except EOFError:
            raise Misfit("is cut off: its packed data end too early") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise Misfit(f"is damaged: its data cannot be unpacked ({error})") from error
        self._given += len(chunk)
        refuse_beyond(self._given, self._packed)
        return chunk


@contextmanager
def open_unpacked(path: Path) -> Iterator[Readable]:
    """Open a file, unpacking it when it is gzip by its first two bytes.

    Raises:
        Misfit: It cannot be opened; later, whatever `Bounded` finds.
    """
    try:
        stream: BinaryIO = path.open("rb")
    except OSError as error:
        raise Misfit(f"cannot be read ({error.strerror or error})") from error
    with stream:
        packed = stream.read(2) == _GZIP
        stream.seek(0)
        if not packed:
            yield stream
            return
        with gzip.GzipFile(fileobj=stream) as unpacked:
            yield Bounded(unpacked, path.stat().st_size)
