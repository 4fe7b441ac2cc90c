"""The reconciliation of an import: every row that was read, accounted for once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal

from daytwo.doors.connectors.records import Remark
from daytwo.kernel.errors import ConnectorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from daytwo.doors.connectors.records import FileRead, ImportRecord, RowRead

ROWS_AT_A_TIME = 200
"""Rows handed to the writer together: bounds memory, keeps its transactions large."""

MOST_REMARKS = 100_000
"""More rows and fields than this set aside: the mapping does not fit, and the import stops."""

CHANGED = "already imported with other content; the first import was kept"

Status = Literal["made", "already", "refused"]
_WAITING, _REFUSED, _PASSED, _ALREADY, _MADE = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record at the ledger.

    Attributes:
        command_id: The record's.
        status: `made`, `already` (the same stood there) or `refused`.
        why: For `refused`: in words.
    """

    command_id: str
    status: Status
    why: str = ""


@dataclass(slots=True)
class Reconciliation:
    """Totals of one run; `read == made + already + passed_over + rows_set_aside` always.

    Attributes:
        made: Rows of which at least one record is new in the ledger.
        already: Rows of which nothing is new and nothing was refused as a whole.
        passed_over: Rows that no condition (`when`) of the mapping asks for.
        rows_set_aside: Rows of which nothing was kept.
        fields_set_aside: Fields that were left out of rows that were kept.
        set_aside: Both, in the order met: row entries have an empty `field`.
        warnings: Implausible, but kept as written.
        blanks: Declared fields without a value: not a fault.
        kinds: Records by kind and by status (`made`, `already`, `refused`).
        files: The files as they were read.
    """

    read: int = 0
    made: int = 0
    already: int = 0
    passed_over: int = 0
    rows_set_aside: int = 0
    fields_set_aside: int = 0
    events: int = 0
    set_aside: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    blanks: int = 0
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    files: list[FileRead] = field(default_factory=list)

    @property
    def accounted(self) -> bool:
        """True when every row read is in exactly one of the four totals."""
        return self.read == self.made + self.already + self.passed_over + self.rows_set_aside

    def as_json(self) -> dict[str, object]:
        """Return plain JSON; its `read`, `made`, `already` and `set_aside` are a contract."""
        return {
            "read": self.read,
            "made": self.made,
            "already": self.already,
            "passed_over": self.passed_over,
            "set_aside": [remark.as_json() for remark in self.set_aside],
            "rows_set_aside": self.rows_set_aside,
            "fields_set_aside": self.fields_set_aside,
            "events": self.events,
            "blanks": self.blanks,
            "warnings": [remark.as_json() for remark in self.warnings],
            "kinds": {kind: dict(sorted(n.items())) for kind, n in sorted(self.kinds.items())},
            "files": [
                {"name": f.name, "sha256": f.sha256, "bytes": f.size, "lines": f.lines}
                for f in self.files
            ],
        }


def reconcile(
    rows: Iterable[RowRead],
    write: Callable[[Sequence[ImportRecord]], Iterable[Outcome]],
    *,
    files: Iterable[FileRead] = (),
    progress: Callable[[int], None] = lambda rows_read: None,  # noqa: ARG005
) -> Reconciliation:
    """Write every record of the rows and account for every row.

    Args:
        rows: From a connector, in file order.
        write: Takes records, returns one outcome each, in order; the only thing here that writes.
        files: The files that the rows come from.
        progress: Told the number of rows done so far.

    Returns:
        The totals. What was made stays made when a later slice fails: a second run finds it
        `already` there and goes on.

    Raises:
        ConnectorError: `import.too_many_faults` when more than `MOST_REMARKS` were set aside.
    """
    book = _Book(Reconciliation(files=list(files)))
    source = iter(rows)
    while batch := list(islice(source, ROWS_AT_A_TIME)):
        records = [record for row in batch for record in row.records]
        outcomes = iter(write(records))
        for row in batch:
            book.enter(row, outcomes)
        progress(book.totals.read)
    book.close()
    return book.totals


class _Book:
    """Keeps the totals, and for joined-only rows the best that became of a row that used them."""

    def __init__(self, totals: Reconciliation) -> None:
        self.totals = totals
        self._references: dict[str, bytearray] = {}

    def enter(self, row: RowRead, outcomes: Iterator[Outcome]) -> None:
        self.totals.read += 1
        self.totals.blanks += row.blanks
        self._note(self.totals.warnings, row.warnings)
        if row.refused is not None:
            self.totals.rows_set_aside += 1
            self._note(self.totals.set_aside, (row.refused,))
            return
        self.totals.fields_set_aside += len(row.set_aside)
        self._note(self.totals.set_aside, row.set_aside)
        if row.reference:
            self._mark(row.file, row.row, _WAITING)
            return
        status = self._write_row(row, outcomes)
        for file, number in row.uses:
            self._mark(file, number, status)
        if status == _MADE:
            self.totals.made += 1
        elif status == _ALREADY:
            self.totals.already += 1
        elif status == _PASSED:
            self.totals.passed_over += 1
        else:
            self.totals.rows_set_aside += 1

    def close(self) -> None:
        for file, marks in self._references.items():
            for number, mark in enumerate(marks):
                if mark == _MADE:
                    self.totals.made += 1
                elif mark == _ALREADY:
                    self.totals.already += 1
                elif mark == _PASSED:
                    self.totals.passed_over += 1
                elif mark:
                    self.totals.rows_set_aside += 1
                    why = "no row that was kept needs it, so nothing was made of it"
                    self._note(self.totals.set_aside, (Remark(file, number, "", why),))

    def _write_row(self, row: RowRead, outcomes: Iterator[Outcome]) -> int:
        if row.passed_over:
            return _PASSED
        if not row.records and not row.repeated:
            why = "nothing was left to make a record of"
            self._note(self.totals.set_aside, (Remark(row.file, row.row, "", why),))
            return _REFUSED
        # A shared lot stated again does not speak for a row whose own records were all refused.
        best = _REFUSED if row.records else _ALREADY
        refusals: list[Remark] = []
        for record in row.records:
            outcome = next(outcomes)
            self.totals.kinds.setdefault(record.kind, Counter())[outcome.status] += 1
            if outcome.status == "made":
                best = _MADE
                self.totals.events += len(record.events)
            elif outcome.status == "already":
                best = max(best, _ALREADY)
            else:
                why = f"{record.kind} {record.key}: {outcome.why}"
                refusals.append(Remark(row.file, row.row, record.source.field or record.kind, why))
        self._note_refusals(row, refusals, best)
        return best

    def _note_refusals(self, row: RowRead, refusals: list[Remark], best: int) -> None:
        if best == _REFUSED and refusals:
            why = "; ".join(remark.why for remark in refusals[:3])
            more = f" (and {len(refusals) - 3} more)" if len(refusals) > 3 else ""  # noqa: PLR2004
            refusals = [Remark(row.file, row.row, "", why + more)]
        else:
            self.totals.fields_set_aside += len(refusals)
        self._note(self.totals.set_aside, refusals)

    def _mark(self, file: str, number: int, mark: int) -> None:
        marks = self._references.get(file)
        if mark == _WAITING and marks is None:
            marks = self._references[file] = bytearray()
        if marks is None:
            return
        if number >= len(marks):
            if mark != _WAITING:
                return
            marks.extend(bytes(max(number + 1 - len(marks), len(marks))))
        if mark == _WAITING or marks[number]:
            marks[number] = max(marks[number], mark)

    def _note(self, remarks: list[Remark], more: Sequence[Remark]) -> None:
        remarks.extend(more)
        if len(remarks) > MOST_REMARKS:
            raise ConnectorError(
                "import.too_many_faults",
                f"More than {MOST_REMARKS} rows and fields do not fit the mapping; the last is in "
                f"{remarks[-1].file}, row {remarks[-1].row}. The import stopped there; what was "
                "made before it is kept. Mend the mapping or the file and run it again.",
                {"read": self.totals.read, "made": self.totals.made},
                permanent=True,
            )
