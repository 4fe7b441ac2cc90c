"""A workbook's parts: sheets, styles that mean dates, shared texts; kept on disk, not in memory."""

from __future__ import annotations

import posixpath
import sqlite3
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.doors.connectors.excel.cells import kind_of_format
from daytwo.doors.connectors.expansion import Bounded, refuse_beyond
from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.xmlfile import Start, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from daytwo.doors.connectors.xmlfile import End

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_OLD = b"\xd0\xcf\x11\xe0"
_MOST_PARTS = 10_000
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@dataclass(frozen=True, slots=True)
class Workbook:
    """An open workbook.

    Attributes:
        sheets: Name of each sheet with a table to the path of its part.
        kinds: For each cell style what it shows: `date`, `time`, `moment` or nothing.
        from_1904: True when its dates count from 1904.
        strings: Its shared texts, by number, in a database that closes with it.
    """

    archive: zipfile.ZipFile
    size: int
    sheets: Mapping[str, str]
    kinds: tuple[str, ...]
    from_1904: bool
    strings: sqlite3.Connection

    def text(self, number: str) -> str | None:
        """Return a shared text; None where there is none of that number."""
        try:
            row = self.strings.execute("SELECT text FROM string WHERE id = ?", (int(number),))
            found = row.fetchone()
        except (ValueError, OverflowError):
            return None
        return None if found is None else str(found[0])

    def sheet(self, name: str) -> Iterator[Start | End]:
        """Yield the elements of a sheet."""
        return _elements(self.archive, self.sheets[name], self.size)


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Open a workbook; nothing is unpacked to disk.

    Raises:
        Misfit: It is no workbook of this format, is cut off, or unpacks to too much.

    References:
        ECMA-376 part 1 (SpreadsheetML) and part 2 (packages).
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            if stream.read(4) == _OLD:
                raise Misfit(
                    "is protected by a password or in the format before 2007 (.xls): save it as "
                    "an unprotected .xlsx"
                )
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise Misfit(f"is no whole .xlsx workbook (is it cut off?): {error}") from error
    strings = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    try:
        with archive:
            yield _workbook(archive, size, strings)
    finally:
        strings.close()


def _workbook(archive: zipfile.ZipFile, size: int, strings: sqlite3.Connection) -> Workbook:
    members = archive.infolist()
    if len(members) > _MOST_PARTS:
        raise Misfit(f"has more than {_MOST_PARTS} parts")
    if any(member.compress_type not in _PACKED for member in members):
        raise Misfit("is packed in a way that no workbook is")
    refuse_beyond(sum(member.file_size for member in members), size)
    main = next(iter(_relations(archive, "", size, "/officeDocument").values()), "")
    if not main:
        raise Misfit("is no workbook: it names no main part")
    targets = _relations(archive, main, size, "/worksheet")
    sheets: dict[str, str] = {}
    from_1904 = False
    for item in _elements(archive, main, size):
        if not isinstance(item, Start):
            continue
        if item.name == "workbookPr":
            from_1904 = item.attributes.get("date1904") in {"1", "true", "on"}
        elif item.name == "sheet":
            named = item.attributes
            key = named.get(f"{{{_RELATION}}}id") or named.get(f"{{{_STRICT}}}id", "")
            if key in targets:
                sheets[named.get("name", "")] = targets[key]
    styles = next(iter(_relations(archive, main, size, "/styles").values()), "")
    kinds = _kinds(archive, styles, size) if styles else ()
    texts = next(iter(_relations(archive, main, size, "/sharedStrings").values()), "")
    _keep(strings, _shared(_elements(archive, texts, size)) if texts else iter(()))
    return Workbook(archive, size, sheets, kinds, from_1904, strings)


def _elements(archive: zipfile.ZipFile, name: str, size: int) -> Iterator[Start | End]:
    try:
        with archive.open(name) as stream:
            yield from read_xml(Bounded(stream, size))
    except KeyError:
        raise Misfit(f"lacks its part {name}: was it cut off or changed by hand?") from None
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError) as error:
        raise Misfit(f"is damaged in its part {name}: {error}") from error
    except Misfit as error:
        raise Misfit(f"{name}, {error}") from error


def _relations(archive: zipfile.ZipFile, of: str, size: int, kind: str) -> dict[str, str]:
    folder, base = posixpath.split(of)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, str] = {}
    for item in _elements(archive, name, size):
        if isinstance(item, Start) and item.attributes.get("Type", "").endswith(kind):
            target = item.attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[item.attributes.get("Id", "")] = posixpath.normpath(path)
    return found


def _kinds(archive: zipfile.ZipFile, name: str, size: int) -> tuple[str, ...]:
    codes: dict[int, str] = {}
    kinds: list[str] = []
    inside = False
    for item in _elements(archive, name, size):
        if item.name == "cellXfs":
            inside = isinstance(item, Start)
        elif isinstance(item, Start) and item.name in {"numFmt", "xf"}:
            text = item.attributes.get("numFmtId", "0")
            number = int(text) if text.isdecimal() else 0
            if item.name == "numFmt":
                codes[number] = item.attributes.get("formatCode", "")
            elif inside:
                kinds.append(kind_of_format(number, codes.get(number, "")))
    return tuple(kinds)


def _shared(elements: Iterator[Start | End]) -> Iterator[str]:
    """Yield the shared texts; how a Japanese word is spoken (`rPh`) is no part of its text."""
    pieces: list[str] = []
    spoken = 0
    for item in elements:
        if isinstance(item, Start):
            spoken += item.name == "rPh"
            if item.name == "si":
                pieces = []
        elif item.name == "rPh":
            spoken -= 1
        elif item.name == "t" and not spoken:
            pieces.append(item.text)
        elif item.name == "si":
            yield "".join(pieces)


def _keep(strings: sqlite3.Connection, texts: Iterator[str]) -> None:
    strings.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA cache_size = -16384;"
        "CREATE TABLE string (id INTEGER PRIMARY KEY, text TEXT); BEGIN;"
    )
    strings.executemany("INSERT INTO string VALUES (?, ?)", enumerate(texts))
