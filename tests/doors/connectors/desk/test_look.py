"""A look into a file: what is proposed, why, and what stays a person's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.desk.look import apparent, look, propose
from daytwo.doors.importing import Reading, Stored

if TYPE_CHECKING:
    from pathlib import Path


def file(tmp_path: Path, content: bytes, name: str = "a.csv") -> tuple[Path, Stored]:
    path = tmp_path / name
    path.write_bytes(content)
    return path, Stored(name, name, "", len(content))


@pytest.mark.parametrize(
    ("content", "encoding", "why"),
    [
        (b"a;b\n1;2\n", "utf-8", "ascii"),
        ("a;ü\n1;2\n".encode(), "utf-8", "utf-8"),
        ("a;ü\n1;2\n".encode("utf-8-sig"), "utf-8-sig", "bom"),
        ("a;ü\n1;2\n".encode("utf-16"), "utf-16", "bom"),
        ("a;ü\n1;2\n".encode("cp1252"), "cp1252", "bytes"),
    ],
)
def test_encoding_is_proposed_with_its_reason(
    tmp_path: Path, content: bytes, encoding: str, why: str
) -> None:
    path, _ = file(tmp_path, content)
    reading, said = propose(path)
    assert (reading.encoding, reading.delimiter, said) == (encoding, ";", why)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("a,b\n1,2\n", ","), ("a\tb\n1,5\t2\n", "\t"), ("a|b\n1|2\n", "|"), ("a\n1\n", ",")],
)
def test_delimiter_is_the_mark_that_cuts_lines_alike(tmp_path: Path, text: str, mark: str) -> None:
    assert propose(file(tmp_path, text.encode())[0])[0].delimiter == mark


def test_letter_cut_in_two_by_the_sample_is_still_utf8(tmp_path: Path) -> None:
    path, _ = file(tmp_path, b"a;b\n" + "ü".encode() * (1 << 19) + b"\n")
    assert propose(path)[0].encoding == "utf-8"


@pytest.mark.parametrize(
    ("values", "kind", "forms"),
    [
        (["1", "22"], "integer", ()),
        (["007", "1"], "text", ()),
        (["1,5", "2"], "number", ()),
        (["2024-01-31", "2024-02-01"], "date", ("YYYY-MM-DD",)),
        (["20240131", "20250201"], "date", ("YYYYMMDD",)),
        (["12345678", "00000000"], "text", ()),
        (["31/01/2024"], "date", ("DD/MM/YYYY",)),
        (["01/02/2024"], "date", ("DD/MM/YYYY", "MM/DD/YYYY")),
        (["31.01.2024 14:30"], "date", ("DD.MM.YYYY HH:mm",)),
        (["jan.24"], "text", ()),
        ([], "empty", ()),
    ],
)
def test_values_look_like_what_every_one_of_them_can_be(
    values: list[str], kind: str, forms: tuple[str, ...]
) -> None:
    assert apparent(values, ",") == (kind, forms)


def test_look_shows_columns_with_first_values_and_blanks(tmp_path: Path) -> None:
    path, stored = file(tmp_path, b"batch;water;note\nB1;1,5;\nB2;;\nB1;2,5;x\n")
    seen = look(path, stored)
    (part,) = seen.parts
    assert seen.reading == Reading("utf-8", ";", ",", '"')
    assert [(c.header, c.samples, c.blanks, c.kind) for c in part.columns] == [
        ("batch", ("B1", "B2"), 0, "text"),
        ("water", ("1,5", "2,5"), 1, "number"),
        ("note", ("x",), 2, "text"),
    ]
    assert (part.rows, part.whole) == (3, True)


def test_a_thousand_rows_are_looked_at_and_no_more(tmp_path: Path) -> None:
    path, stored = file(tmp_path, b"a,b\n" + b"1,2\n" * 1001)
    (part,) = look(path, stored).parts
    assert (part.rows, part.whole) == (1000, False)


def test_declared_reading_is_followed_not_proposed(tmp_path: Path) -> None:
    path, stored = file(tmp_path, b"a,b;c\n1,2;3\n")
    seen = look(path, stored, Reading("utf-8", ",", ".", '"'))
    assert (seen.why, [c.header for c in seen.parts[0].columns]) == ("", ["a", "b;c"])


@pytest.mark.parametrize(
    ("content", "reading", "problem"),
    [
        ("ü;b\n".encode("cp1252"), Reading("utf-8", ";"), "0xFC"),
        (b"", None, "no header"),
        (b'"a;b\n1;2\n', None, "no header"),
        (b";".join(b"c%d" % n for n in range(2000)) + b"\n", None, "It has 2000 columns"),
    ],
)
def test_file_that_cannot_be_read_so_says_why(
    tmp_path: Path, content: bytes, reading: Reading | None, problem: str
) -> None:
    path, stored = file(tmp_path, content)
    seen = look(path, stored, reading)
    assert problem in seen.problem
    assert seen.parts == ()
