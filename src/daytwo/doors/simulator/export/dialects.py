"""Cells and files in the dialect of the system that writes them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from daytwo.doors.simulator.export.contract import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.doors.simulator.export.contract import Dialect, Table
    from daytwo.doors.simulator.plant.calendar import Calendar
    from daytwo.doors.simulator.plant.site import Row

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
QUOTING = {"all": csv.QUOTE_ALL, "needed": csv.QUOTE_MINIMAL, "none": csv.QUOTE_NONE}


def cells(table: Table, rows: Sequence[Row], calendar: Calendar) -> list[list[str]]:
    """Return rows as the texts that are written."""
    dialect = DIALECTS[table.system]
    return [
        [_cell(row.get(column.name), column.kind, dialect, calendar) for column in table.columns]
        for row in rows
    ]


def written(header: list[str], rows: list[list[str]], dialect: Dialect) -> tuple[bytes, list[int]]:
    """Return a file's bytes, and the line on which each row begins."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer,
        delimiter=dialect.delimiter,
        quoting=QUOTING[dialect.quoting],  # type: ignore[arg-type]
        lineterminator=dialect.line_end,
    )
    writer.writerow(header)
    lines, line = [], 2
    for row in rows:
        writer.writerow(row)
        lines.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    return buffer.getvalue().encode(dialect.encoding), lines


def _cell(value: Any, kind: str, dialect: Dialect, calendar: Calendar) -> str:
    if value is None or value == "":
        return ""
    if kind == "number":
        return str(value).replace(".", dialect.decimal)
    if kind in {"time", "plan", "date"}:
        moment = calendar.local(value)
        form = dialect.date if kind == "date" else dialect.time
        return moment.strftime(form.replace("%b", MONTHS[moment.month - 1]))
    return str(value)
