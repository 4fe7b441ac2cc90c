"""A folder of files under a mapping, read row by row into record events; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from daytwo.doors.connectors.formats import Misfit, format_of
from daytwo.doors.connectors.records import Remark, RowRead
from daytwo.doors.connectors.tables.gather import Gatherer
from daytwo.doors.connectors.tables.generic import Unmakeable
from daytwo.doors.connectors.tables.make import (
    asks_for,
    drafts,
    finished,
    occurred,
    trace_record,
)
from daytwo.doors.connectors.tables.preflight import preflight
from daytwo.doors.connectors.tables.scratch import Known, Scratch, differing, print_of, same
from daytwo.doors.connectors.tables.view import RowView, failed, read_view, unmet
from daytwo.kernel.errors import ConnectorError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from daytwo.doors.connectors.records import FileRead, ImportRecord
    from daytwo.doors.connectors.tables.gather import Chunk, GatherSpec
    from daytwo.doors.connectors.tables.mapping import RecordSpec, TableMapping
    from daytwo.doors.connectors.tables.preflight import FoundFile
    from daytwo.doors.connectors.tables.rows import RawRow


@dataclass(frozen=True, slots=True)
class TableSource:
    """Files that were found to fit their mapping; nothing has been made of them yet.

    Attributes:
        mapping: The mapping.
        found: The files in reading order.
    """

    mapping: TableMapping
    found: tuple[FoundFile, ...]

    @property
    def files(self) -> tuple[FileRead, ...]:
        """Name, digest and size of each file."""
        return tuple(found.read for found in self.found)

    @property
    def lines(self) -> int:
        """Physical lines of all files: the most rows that can come."""
        return sum(found.read.lines for found in self.found)

    def rows(self) -> Iterator[RowRead]:
        """Yield every row after the headers, once, in file order; memory does not grow with them.

        Raises:
            ConnectorError: `import.file_changed`: a file is no longer what it was at the start.
        """
        scratch = Scratch()
        try:
            for found in self.found:
                yield from _FileReader(found, self.mapping, scratch).rows()
        finally:
            scratch.close()


def open_tables(mapping: TableMapping, folder: Path) -> TableSource:
    """Find and judge the files of a mapping in a folder.

    Raises:
        ConnectorError: `import.files` with every problem; `import.encoding`.
    """
    return TableSource(mapping, preflight(mapping, folder))


class _Refused(Exception):  # noqa: N818 - what the row is
    """The whole row is set aside: the column it is about, and why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field} {why}" if field else why)


class _FileReader:
    """Turns one file's raw rows into `RowRead`s."""

    def __init__(self, found: FoundFile, mapping: TableMapping, scratch: Scratch) -> None:
        self.found, self.mapping, self.scratch = found, mapping, scratch
        self.table, self.name = found.table, found.read.name
        self.tables = {table.name: table for table in mapping.files}

    def rows(self) -> Iterator[RowRead]:
        try:
            read = format_of(self.table).rows(self.found.path, self.table)
            raws = islice(read, 1, None)
            gathers = [spec.gather for spec in self.table.records if spec.gather]
            if gathers:
                yield from self._gathered(raws, gathers[0])
                return
            for raw in raws:
                yield self._row(raw)[0]
        except (OSError, UnicodeDecodeError, Misfit) as error:
            raise ConnectorError(
                "import.file_changed",
                f"{self.name} changed or vanished while it was read. What was made before is "
                "kept; run the import again, and it goes on from there.",
                {"file": self.name},
                permanent=False,
            ) from error

    def _gathered(self, raws: Iterator[RawRow], spec: GatherSpec) -> Iterator[RowRead]:
        def finish(chunk: Chunk, row: int) -> ImportRecord:
            return trace_record(chunk, self.mapping, self.name, row)

        gatherer = Gatherer(spec, finish)
        for raw in raws:
            yield from gatherer.take(*self._row(raw))
        yield from gatherer.close()

    def _row(self, raw: RawRow) -> tuple[RowRead, RowView | None]:
        """Return what came of a row, and its cells unless it makes nothing."""
        if raw.fault:
            return self._refused(raw, raw.fault), None
        texts = dict.fromkeys(self.table.columns, "")
        texts |= {name: raw.cells[index] for name, index in self.found.positions.items()}
        texts |= self.found.named
        view = read_view(self.table, texts)
        self._unusable(view, raw)
        kept = [texts[name].strip() for name in self.table.columns]
        try:
            self._need(view)
            uses = self._join(view)
            warnings = self._check(view, raw)
            repeat = self._keyed(view, raw, kept)
        except _Refused as refusal:
            self._remember_refused(view, raw, kept)
            return self._refused(raw, str(refusal)), None
        set_aside = [self._remark(raw, field, why) for field, why in view.faults.items()]
        if repeat:
            return RowRead(self.name, raw.number, repeated=1, warnings=warnings), None
        if not self.table.records or self.table.records[0].gather:
            row = RowRead(
                self.name,
                raw.number,
                set_aside=tuple(set_aside),
                warnings=warnings,
                blanks=view.blanks,
                reference=True,
            )
            return row, view
        asked = [spec for spec in self.table.records if asks_for(spec, view)]
        records, repeated = self._records(asked, view, raw, set_aside)
        row = RowRead(
            self.name,
            raw.number,
            records=records,
            repeated=repeated,
            set_aside=tuple(set_aside),
            warnings=warnings,
            blanks=view.blanks,
            uses=uses,
            passed_over=not asked,
        )
        return row, view

    def _unusable(self, view: RowView, raw: RawRow) -> None:
        """Set aside the cells of which the file itself says that they have no value to use."""
        faults = dict(raw.faults)
        for name, index in self.found.positions.items() if faults else ():
            if index in faults:
                view.blanks -= 1
                view.faults[name] = faults[index]

    def _need(self, view: RowView) -> None:
        """Refuse a row without a value that the row means nothing without."""
        if missing := unmet(view):
            raise _Refused(*missing)

    def _join(self, view: RowView) -> tuple[tuple[str, int], ...]:
        """Find the row's partners; refuse the row where a needed one is not there."""
        uses: list[tuple[str, int]] = []
        for lookup in self.table.lookups.values():
            other = self.tables[lookup.file]
            cells = [view.cells.get(lookup.match[column]) for column in other.key]
            key = [cell.text for cell in cells if cell is not None]
            partner = self.scratch.partner(other.name, key) if len(key) == len(cells) else None
            view.partners[lookup.name] = None
            if partner is None and lookup.required:
                said = ", ".join(f"{column} {text}" for column, text in zip(other.key, key))  # noqa: B905
                raise _Refused("", f"finds no row in {other.pattern} with {said}")
            if partner is None:
                continue
            if partner.texts is None:
                if lookup.required:
                    why = f"needs row {partner.row} of {partner.file}, which was set aside"
                    raise _Refused("", why)
                continue
            texts = dict(zip(other.columns, partner.texts, strict=True))
            view.partners[lookup.name] = read_view(other, texts)
            uses.append((partner.file, partner.row))
        return tuple(uses)

    def _check(self, view: RowView, raw: RawRow) -> tuple[Remark, ...]:
        """Warn of what is implausible, or set it aside, as the mapping says."""
        warnings: list[Remark] = []
        for check in self.table.checks:
            why = failed(check, view)
            if not why:
                continue
            own = [ref.column for ref in check.refs if not ref.lookup]
            if not check.sets_aside:
                warnings.append(self._remark(raw, own[0] if own else "", why))
                continue
            for column in own:
                if self.table.columns[column].required:
                    raise _Refused(column, why)
                view.faults[column] = why
        if not raw.ended:
            last = "is last and has no line end: if the file was cut off, so may be its last value"
            warnings.append(self._remark(raw, "", last))
        return tuple(warnings)

    def _keyed(self, view: RowView, raw: RawRow, kept: list[str]) -> bool:
        """Remember the row by its key; True when it repeats an earlier one."""
        if not self.table.key:
            return False
        key = [view.cells[column].text for column in self.table.key]
        row = Known(self.name, raw.number, print_of(kept))
        before = self.scratch.first_row(self.table.name, key, row)
        if before is None:
            if self.table.name in self.mapping.looked_up:
                self.scratch.keep_texts(self.table.name, key, kept)
            return False
        if same(before.print, row.print):
            return True
        said = ", ".join(f"{c} {t}" for c, t in zip(self.table.key, key, strict=True))
        changed = ", ".join(differing(before.print, row.print, list(self.table.columns)))
        place = f"row {before.row}" + ("" if before.file == self.name else f" of {before.file}")
        raise _Refused("", f"has the key of {place} ({said}) with other content: {changed}")

    def _remember_refused(self, view: RowView, raw: RawRow, kept: list[str]) -> None:
        """Let rows that need this one know that it was there, and was set aside."""
        cells = [view.cells.get(column) for column in self.table.key]
        key = [cell.text for cell in cells if cell is not None]
        if key and len(key) == len(cells):
            row = Known(self.name, raw.number, print_of(kept))
            self.scratch.first_row(self.table.name, key, row)

    def _records(
        self, asked: list[RecordSpec], view: RowView, raw: RawRow, set_aside: list[Remark]
    ) -> tuple[tuple[ImportRecord, ...], int]:
        records: list[ImportRecord] = []
        repeated = 0
        for spec in asked:
            at = occurred(spec, view)
            for draft in drafts(spec, view):
                if isinstance(draft, Unmakeable):
                    set_aside.append(self._remark(raw, draft.field or spec.kind, str(draft)))
                    continue
                record = finished(draft, self.mapping, at, self.name, raw.number)
                before = self.scratch.first_record(
                    record.command_id, record.digest, self.name, raw.number
                )
                if before is None:
                    records.append(record)
                elif draft.once or before.print.hex() == record.digest:
                    repeated += 1
                else:
                    why = (
                        f"{record.kind} {record.key}: row {before.row} of {before.file} says "
                        "otherwise, and came first"
                    )
                    set_aside.append(self._remark(raw, draft.field or draft.kind, why))
        return tuple(records), repeated

    def _remark(self, raw: RawRow, field: str, why: str) -> Remark:
        return Remark(self.name, raw.number, field, why)

    def _refused(self, raw: RawRow, why: str) -> RowRead:
        return RowRead(self.name, raw.number, refused=self._remark(raw, "", why))
