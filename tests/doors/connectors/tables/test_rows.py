"""Rows keep their line numbers, and each broken one is named without harm to its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.connectors.tables.mapping import TableFile
from daytwo.doors.connectors.tables.rows import MOST_JOINED, RawRow, read_rows, split_quoted

if TYPE_CHECKING:
    from pathlib import Path


def table(quote: str = '"') -> TableFile:
    return TableFile("t", "t.csv", ";", "utf-8", quote, frozenset(), (), {}, {}, {}, (), ())


def read(folder: Path, text: str, quote: str = '"') -> list[RawRow]:
    path = folder / "t.csv"
    path.write_bytes(text.encode())
    return [*read_rows(path, table(quote))]


def test_rows_carry_the_line_on_which_they_begin(tmp_path: Path) -> None:
    found = read(tmp_path, 'a;b\n\n1;2\n;  \n"x\ny";3\n4;5\n')
    assert [(row.number, row.cells) for row in found] == [
        (1, ("a", "b")),
        (3, ("1", "2")),
        (5, ("x\ny", "3")),
        (7, ("4", "5")),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("1", "has 1 cells where the header has 2"),
        ("1;2;3", "has 3 cells where the header has 2"),
        ("a;b", "repeats the header"),
        ('"1"x;2', "has text after the closing quote of cell 1"),
        ('1;"2', "opens a quote that is not closed"),
        ("x" * 1_000_003, "is longer than 1000000 characters"),
    ],
)
def test_broken_row_is_named_and_the_next_is_read(tmp_path: Path, line: str, fault: str) -> None:
    found = read(tmp_path, f"a;b\n{line}\n3;4\n")
    assert found[1].number == 2
    assert found[1].fault.startswith(fault)
    assert (found[2].number, found[2].cells) == (3, ("3", "4"))


def test_forgotten_quote_takes_only_its_own_line(tmp_path: Path) -> None:
    good = "".join(f"{i};y\n" for i in range(MOST_JOINED + 5))
    found = read(tmp_path, f'a;b\n"x;1\n{good}')
    assert found[1].fault == "opens a quote that is not closed"
    assert len(found) == MOST_JOINED + 7
    assert not any(row.fault for row in found[2:])


def test_cut_off_last_row_is_recognised(tmp_path: Path) -> None:
    found = read(tmp_path, "a;b\n1;2\n3")
    assert "the file is cut off here" in found[-1].fault
    assert read(tmp_path, "a;b\n1;2")[-1] == RawRow(2, ("1", "2"), "", ended=False)


def test_quotes_are_letters_where_none_are_declared(tmp_path: Path) -> None:
    assert read(tmp_path, 'a;b\n"1;2\n', quote="")[1].cells == ('"1', "2")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('"a;b";c', ("a;b", "c")),
        ('"a""b";""', ('a"b', "")),
        ('a"b;c', ('a"b', "c")),
        ('"a"', ("a",)),
        ('"a";', ("a", "")),
        ('"a', None),
        ('"a""', None),
    ],
)
def test_split_quoted(text: str, cells: tuple[str, ...] | None) -> None:
    assert split_quoted(text, ";", '"') == cells


@given(st.lists(st.text(alphabet='ab;"\n ', max_size=6), min_size=1, max_size=5))
def test_split_quoted_reads_back_what_is_quoted(cells: list[str]) -> None:
    text = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    assert split_quoted(text, ";", '"') == tuple(cells)


@given(st.text(alphabet='ab;"\n\r\x00', max_size=80))
def test_every_line_is_in_a_row_or_blank(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    found = read(tmp_path_factory.mktemp("rows"), text)
    numbers = [row.number for row in found]
    assert numbers == sorted(set(numbers))
