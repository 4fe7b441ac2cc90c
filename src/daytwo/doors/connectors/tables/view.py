"""A row as records see it: cells that could be read, blanks, faults, and the rows joined to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from daytwo.doors.connectors.tables.values import Cell, Unreadable, clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from daytwo.doors.connectors.tables.mapping import Check, TableFile
    from daytwo.doors.connectors.tables.templates import Ref, Template


class Absent(Exception):  # noqa: N818 - what the value is
    """A value that is needed is blank or set aside; the reader has told so already."""


@dataclass(slots=True)
class RowView:
    """One row's cells by column name.

    Attributes:
        table: The file's declaration.
        cells: Those that could be read.
        faults: Columns that could not, and why.
        blanks: How many declared columns hold no value.
        partners: The row that each lookup found; None where it found none.
    """

    table: TableFile
    cells: dict[str, Cell] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    blanks: int = 0
    partners: dict[str, RowView | None] = field(default_factory=dict)

    def cell(self, ref: Ref) -> Cell | None:
        """Return a cell; None for a blank, or for a lookup that found nothing.

        Raises:
            Absent: The cell was set aside.
        """
        if ref.lookup:
            partner = self.partners.get(ref.lookup)
            if partner is None:
                return None
            return partner.cell(type(ref)(ref.column))
        if ref.column in self.faults:
            raise Absent(ref.column)
        return self.cells.get(ref.column)

    def text(self, template: Template) -> str:
        """Return a template's text.

        Raises:
            Absent: One of its columns is blank or set aside.
        """
        parts: list[str] = []
        for part in template.parts:
            if isinstance(part, str):
                parts.append(part)
                continue
            cell = self.cell(part)
            if cell is None:
                raise Absent(str(part))
            parts.append(cell.text)
        return "".join(parts)


def read_view(table: TableFile, texts: Mapping[str, str]) -> RowView:
    """Read the raw cells of a row, each by its column's declaration."""
    view = RowView(table)
    for name, column in table.columns.items():
        try:
            text = clean(texts[name])
            if not text or text in table.blanks:
                view.blanks += 1
            else:
                view.cells[name] = column.read(text)
        except Unreadable as error:
            view.faults[name] = str(error)
    return view


def unmet(view: RowView) -> tuple[str, str] | None:
    """Return the first required column without a value, and why; None when all have one."""
    for name, column in view.table.columns.items():
        if column.required and name not in view.cells:
            return name, view.faults.get(name, "is blank, and the row means nothing without it")
    return None


def failed(check: Check, view: RowView) -> str:
    """Return how a row fails a check, in words; nothing when it passes or has a blank in it."""
    try:
        cells = [(str(ref), view.cell(ref)) for ref in check.refs]
    except Absent:
        return ""
    known = [(name, cell) for name, cell in cells if cell is not None]
    if len(known) < len(cells) or not _fails(check, [cell for _, cell in known]):
        return ""
    said = ", ".join(f"{name} = {cell.text}" for name, cell in known)
    rule = {
        "ascending": f"should not fall in this order: {said}",
        "equal": f"should be equal: {said}",
        "range": f"is outside what is plausible ({_bounds(check)}): {said}",
    }[check.kind]
    return f"{rule}. {check.why}".rstrip(". ")


def _fails(check: Check, cells: Sequence[Cell]) -> bool:
    values = [cell.value if isinstance(cell.value, Decimal) else cell.text for cell in cells]
    if check.kind == "equal":
        return values[0] != values[1]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if check.kind == "ascending":
        return any(a > b for a, b in pairwise(numbers))
    low, high = check.low, check.high
    return any(
        (low is not None and number < Decimal(low)) or (high is not None and number > Decimal(high))
        for number in numbers
    )


def _bounds(check: Check) -> str:
    if check.low is None:
        return f"at most {check.high}"
    return f"at least {check.low}" if check.high is None else f"{check.low} to {check.high}"
