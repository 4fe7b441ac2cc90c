"""The dirt that exports have; what cannot be read is listed, so that an import can be judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.doors.simulator.export.contract import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.doors.simulator.plant.chance import Chance, Draw

Texts = dict[str, list[list[str]]]
"""Rows as texts, by file."""

DUPLICATES = {"mes/steps.csv": 6, "mes/genealogy.csv": 4}
"""Exact repeats of rows, by file, in a plant of any size."""

PADDED = (
    ("mes/steps.csv", ("step_text", "unit", "pause_reason", "witness", "witnessed", "value_unit")),
    ("mes/genealogy.csv", ("batch_no", "material_name")),
    ("mes/corrections.csv", ("reason", "old")),
    ("lims/results.csv", ("test_name", "unit", "supersedes")),
)
PADDING_RATE = 0.02
ROW = "row"
FIELD = "field"


@dataclass(frozen=True, slots=True)
class Dirt:
    """A cell that nobody can read.

    Attributes:
        index: Of the row in the file, from 0; the line is known once the file is written.
        scope: `row` when nothing can be made of the row without it, else `field`.
    """

    file: str
    index: int
    field: str
    why: str
    scope: str


def _humid(row: dict[str, str]) -> bool:
    return row["name"] == "room_humidity"


def _carton(row: dict[str, str]) -> bool:
    return row["material"] == "CART"


def _screen(row: dict[str, str]) -> bool:
    return row["event"] == "screen"


def _potent(row: dict[str, str]) -> bool:
    return row["potency"] != ""


_UNREADABLE: tuple[tuple[str, str, str, str, str, Callable[[dict[str, str]], bool]], ...] = (
    ("mes/parameters.csv", "value", "n. a.", "not a number", ROW, _humid),
    ("mes/parameters.csv", "value", "<40", "not a number", ROW, _humid),
    ("mes/parameters.csv", "value", "45,7,1", "not a number", ROW, _humid),
    ("mes/parameters.csv", "batch_no", "", "missing key", ROW, _humid),
    ("mes/genealogy.csv", "quantity", "13.400", "decimal mark", FIELD, _carton),
    ("mes/genealogy.csv", "quantity", "ca. 13400", "not a number", FIELD, _carton),
    ("mes/usage.csv", "at", "2024-13-05 07:11:00", "no such month", ROW, _screen),
    ("mes/usage.csv", "at", "05.03.2024 7:11", "other form of date", ROW, _screen),
    ("hr/training.csv", "valid_until", "31.02.2026 00:00", "no such day", FIELD, bool),
    ("erp/lots.tsv", "potency", "99,2", "decimal mark", FIELD, _potent),
)
"""File, column, what stands there, why it cannot be read, what it costs, which rows can be hit."""


def soil(texts: Texts, chance: Chance) -> tuple[list[Dirt], dict[str, int]]:
    """Soil the texts in place.

    Unreadable cells hit only what no figure of the truth rests on: the humidity of a room, the
    booked number of cartons, a screen that was opened, a training's end, a lot's potency.

    Returns:
        What cannot be read, and the number of exact repeats by file.
    """
    for file, columns in PADDED:
        _pad(texts[file], file, columns, chance.stream("padding", file))
    hit: list[tuple[str, list[str], str, str, str]] = []
    draw = chance.stream("unreadable")
    taken: set[int] = set()
    for file, column, text, why, scope, fits in _UNREADABLE:
        names = [c.name for c in TABLES[file].columns]
        rows = [
            row
            for row in texts[file]
            if id(row) not in taken and fits(dict(zip(names, row, strict=True)))
        ]
        if rows:
            row = draw.pick(rows)
            taken.add(id(row))
            row[names.index(column)] = text
            hit.append((file, row, column, why, scope))
    repeats = {
        file: _repeat(texts[file], count, chance.stream("repeats", file), taken)
        for file, count in DUPLICATES.items()
    }
    places = {id(row): index for file in texts for index, row in enumerate(texts[file])}
    dirt = [
        Dirt(file, places[id(row)], column, why, scope) for file, row, column, why, scope in hit
    ]
    return sorted(dirt, key=lambda d: (d.file, d.index)), repeats


def _pad(rows: list[list[str]], file: str, columns: tuple[str, ...], draw: Draw) -> None:
    names = [column.name for column in TABLES[file].columns]
    for name in columns:
        at = names.index(name)
        for row in rows:
            if draw.happens(PADDING_RATE):
                row[at] += " " * draw.whole(1, 4)


def _repeat(rows: list[list[str]], count: int, draw: Draw, spared: set[int]) -> int:
    """Repeat some rows some lines further down; a row that cannot be read is not repeated."""
    done = 0
    for _ in range(count):
        if not rows:
            break
        at = draw.whole(0, len(rows) - 1)
        if id(rows[at]) not in spared:
            rows.insert(min(len(rows), at + draw.whole(1, 3)), list(rows[at]))
            done += 1
    return done
