"""The plant's files read back independently of what wrote them."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

FORMS = {
    "mes": (";", "cp1252", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"),
    "lims": (",", "utf-8-sig", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
    "qms": (",", "utf-8", "%d-%b-%Y %H:%M", "%d-%b-%Y"),
    "erp": ("\t", "utf-8", "%Y%m%d", "%Y%m%d"),
    "hr": (";", "utf-8", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
}
TIMES = frozenset(
    """planned_on planned_start planned_end replanned_start released_to_floor first_step_start
    last_step_end packaging_end aborted offered claimed paused resumed first_input completed
    witnessed entry_recorded at signed_at raised answered closed booked held resumed until taken
    received started entered final opened decided occurred detected recorded triaged assigned
    root_cause_approved moved effectiveness_planned evaluated approved implemented valid_until
    start end released shipped""".split()  # noqa: SIM905 - forty names read better as a text
)
FOREVER = datetime(9999, 1, 1)  # noqa: DTZ001 - wall clock
DAYS = {"promised_release", "due_first", "due_current", "old", "new", "due", "expiry"}


def lines(folder: Path, name: str) -> list[list[str]]:
    """Return all rows of a file with its header, cell by cell."""
    delimiter, encoding, _, _ = FORMS[name.partition("/")[0]]
    quoting = csv.QUOTE_NONE if name.startswith("erp/") else csv.QUOTE_MINIMAL
    with (folder / name).open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter, quoting=quoting))


def read(folder: Path, name: str, dirty: set[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return the rows by column: times as wall-clock times, blanks as None, repeats dropped."""
    header, *rows = lines(folder, name)
    header = [column.replace("recoreded", "recorded") for column in header]
    found, before, line = [], set(), 2
    for row in rows:
        number, line = line, line + 1 + sum(cell.count("\n") for cell in row)
        if (name, number) in dirty or (tuple(row) in before):
            continue
        before.add(tuple(row))
        cells = (cell.strip() or None for cell in row)
        found.append(
            {c: value(name, c, text) for c, text in zip(header, cells, strict=True)}
            | {"_line": number}
        )
    return found


def value(name: str, column: str, text: str | None) -> Any:
    _, _, time, day = FORMS[name.partition("/")[0]]
    is_time = column in TIMES and not (name == "mes/corrections.csv" and column != "at")
    is_day = column in DAYS and name != "mes/corrections.csv"
    if text is None or not (is_time or is_day):
        return text
    try:
        return datetime.strptime(text, day if is_day else time)  # noqa: DTZ007 - wall clock
    except ValueError:
        return None


class Attendance:
    """Who was there when, by the attendances that HR exports."""

    def __init__(self, shifts: list[dict[str, Any]]) -> None:
        self._spans: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        for row in shifts:
            self._spans[row["person"]].append((row["start"], row["end"] or FOREVER))

    def there(self, person: str, moment: datetime) -> bool:
        spans = self._spans[person]
        at = bisect_right(spans, (moment, FOREVER)) - 1
        return at >= 0 and moment <= spans[at][1]
