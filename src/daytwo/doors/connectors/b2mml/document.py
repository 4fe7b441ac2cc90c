"""A B2MML document flattened to rows while it is read, in memory bounded by its depth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daytwo.doors.connectors.b2mml.kinds import KINDS
from daytwo.doors.connectors.b2mml.versions import (
    CURRENT,
    implied,
    present_name,
    version_of,
)
from daytwo.doors.connectors.expansion import open_unpacked
from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.tables.values import LONGEST_TEXT
from daytwo.doors.connectors.xmlfile import Start, read_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daytwo.doors.connectors.b2mml.kinds import Kind
    from daytwo.doors.connectors.xmlfile import End

_BY_ELEMENT = {element: kind for kind in KINDS for element in kind.elements}
_KNOWN = {kind.part: kind.known for kind in KINDS}
_READ = {kind.part: kind.heads for kind in KINDS}
_COLUMNS: dict[str, dict[str, list[str]]] = {kind.part: {} for kind in KINDS}
for _kind in KINDS:
    for _column, _paths in _kind.columns.items():
        for _path in _paths:
            _COLUMNS[_kind.part].setdefault(_path, []).append(_column)
_VERBS = ("Process", "Show", "Sync", "Notify")
_OTHER_VERBS = ("Get", "Acknowledge", "Change", "Cancel", "Respond", "Confirm")
_NOUNS = frozenset(
    {
        "OperationsSchedule",
        "OperationsPerformance",
        "MaterialInformation",
        "MaterialLot",
        "MaterialSubLot",
        "EquipmentInformation",
        "Equipment",
        "PersonnelInformation",
        "Person",
        "BatchProductionRecord",
    }
)
_AROUND = frozenset(
    {"DataArea", *_VERBS, "MaterialInformation", "EquipmentInformation", "PersonnelInformation"}
)
"""Elements outside every row that may hold rows; all others are passed over."""


@dataclass(slots=True)
class Flat:
    """One row.

    Attributes:
        part: Its table.
        number: How-manieth element of its table in the document, from 1, by where it begins.
        line: Where it begins.
        texts: Column to text.
    """

    part: str
    number: int
    line: int
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Frame:
    """An open element; `row` and `kind` for one that makes a row."""

    name: str
    kind: Kind | None = None
    row: Flat | None = None


def flatten(path: Path) -> Iterator[Flat]:
    """Yield the rows of a document as their elements end.

    Raises:
        Misfit: It is no document that is read here, or broken, or holds an element that has no
            meaning there; with name and line.

    References:
        B2MML version 7 (MESA International); ISA-95.00.02 and .05; ISA-88.00.04.
    """
    reader = _Reader()
    with open_unpacked(path) as stream:
        for item in read_xml(stream):
            if isinstance(item, Start):
                reader.start(item)
            else:
                yield from reader.end(item)


class _Reader:
    """Follows the elements of one document."""

    def __init__(self) -> None:
        self.version = CURRENT
        self.namespace = ""
        self.frames: list[_Frame] = []
        self.skipped = 0
        self.numbers: dict[str, int] = {}

    def start(self, item: Start) -> None:
        if self.skipped:
            self.skipped += 1
        elif not self.frames:
            self._root(item)
        else:
            self._inside(item)

    def _root(self, item: Start) -> None:
        self.version = version_of(item.namespace, item.name, item.line)
        self.namespace = item.namespace
        verb = next((v for v in (*_VERBS, *_OTHER_VERBS) if item.name.startswith(v)), "")
        noun = present_name(item.name.removeprefix(verb), "", self.version) or ""
        if noun not in _NOUNS:
            raise Misfit(f"line {item.line}: <{item.name}> is no document that is read here")
        if verb in _OTHER_VERBS:
            raise Misfit(
                f"line {item.line}: <{item.name}> asks for, answers or takes back something; "
                f"{', '.join(_VERBS)} are read"
            )
        self._open(item, noun if not verb else item.name)

    def _inside(self, item: Start) -> None:
        around = self.frames[-1]
        name = present_name(item.name, around.name, self.version)
        if name == "ActionExpression" and "delete" in str(item.attributes.values()).lower():
            raise Misfit(f"line {item.line}: asks to delete records; an import only adds")
        if name is None or item.namespace != self.namespace:
            self.skipped = 1
        elif self._is_outside():
            if (
                name in _AROUND
                or self._kind(name)
                or name in {"ActionCriteria", "ActionExpression"}
            ):
                self._open(item, name)
            else:
                self.skipped = 1
        elif around.kind is not None and self._kind(name) is None:
            if name not in _KNOWN[around.kind.part]:
                raise Misfit(
                    f"line {item.line}: <{item.name}> in <{around.name}> is not known in B2MML "
                    "version 7, and nothing there means the same"
                )
            if name not in _READ[around.kind.part]:
                self.skipped = 1
            else:
                self._open(item, name)
        else:
            self._open(item, name)

    def _is_outside(self) -> bool:
        return all(frame.kind is None for frame in self.frames)

    def _kind(self, name: str) -> Kind | None:
        around = self.frames[-1].name if self.frames else ""
        return _BY_ELEMENT.get(f"{around}/{name}") or _BY_ELEMENT.get(name)

    def _open(self, item: Start, name: str) -> None:
        kind = self._kind(name)
        frame = _Frame(name, kind)
        if kind is not None:
            number = self.numbers[kind.part] = self.numbers.get(kind.part, 0) + 1
            texts = dict(implied(item.name, self.version))
            frame.row = Flat(kind.part, number, item.line, texts)
        self.frames.append(frame)
        for attribute, value in item.attributes.items():
            if kind is None and value.strip():
                self._keep(f"@{attribute}", value.strip())

    def end(self, item: End) -> Iterator[Flat]:
        if self.skipped:
            self.skipped -= 1
            return
        frame = self.frames[-1]
        text = item.text.strip()
        if text and frame.kind is None:
            self._keep("", text)
        self.frames.pop()
        if frame.row is not None and frame.kind is not None:
            for column, (part, wanted) in frame.kind.inherited.items():
                around = self._around(part)
                if (
                    around is not None
                    and around.texts.get(wanted)
                    and column not in frame.row.texts
                ):
                    frame.row.texts[column] = around.texts[wanted]
            yield frame.row

    def _keep(self, attribute: str, text: str) -> None:
        """Keep a text of the innermost element that makes a row, if it has a column for it."""
        names: list[str] = []
        for frame in reversed(self.frames):
            if frame.kind is not None and frame.row is not None:
                path = "/".join(reversed(names)) + attribute
                for column in _COLUMNS[frame.kind.part].get(path, ()):
                    _join(frame.row.texts, column, text)
                    if frame.row.part == "control_recipes":
                        self._of_record(column, text)
                return
            names.append(frame.name)

    def _of_record(self, column: str, text: str) -> None:
        """Let a record that names no batch be of the one whose recipe was executed (V0401)."""
        record = self._around("batch_production_records")
        wanted = {"batch": "batch", "product": "material"}.get(column)
        if record is not None and wanted:
            record.texts.setdefault(wanted, text)

    def _around(self, part: str) -> Flat | None:
        for frame in reversed(self.frames):
            if frame.row is not None and frame.row.part == part:
                return frame.row
        return None


def _join(texts: dict[str, str], column: str, text: str) -> None:
    """Add what repeats; beyond what a cell may hold it is set aside anyway."""
    before = texts.get(column)
    if before is None:
        texts[column] = text
    elif len(before) <= LONGEST_TEXT and text not in before.split("|"):
        texts[column] = f"{before}|{text}"
