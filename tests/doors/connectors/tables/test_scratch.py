"""The memory of a run recognises repeats and changes, and finds partners."""

from __future__ import annotations

import pytest

from daytwo.doors.connectors.tables.scratch import (
    Known,
    Partner,
    Scratch,
    differing,
    print_of,
    same,
)


@pytest.fixture
def scratch() -> Scratch:
    return Scratch()


def test_first_row_of_a_key_stands(scratch: Scratch) -> None:
    first, second = Known("a.csv", 2, b"x"), Known("b.csv", 9, b"y")
    assert scratch.first_row("f", ["1", "2"], first) is None
    assert scratch.first_row("f", ["1", "2"], second) == first
    assert scratch.first_row("g", ["1", "2"], second) is None
    assert scratch.first_row("f", ["12", ""], second) is None


def test_partner_is_found_by_key_once_its_cells_are_kept(scratch: Scratch) -> None:
    assert scratch.partner("f", ["1"]) is None
    scratch.first_row("f", ["1"], Known("a.csv", 2, b"x"))
    assert scratch.partner("f", ["1"]) == Partner("a.csv", 2, None)
    scratch.keep_texts("f", ["1"], ["1", "ü"])
    assert scratch.partner("f", ["1"]) == Partner("a.csv", 2, ("1", "ü"))


def test_first_record_of_an_id_stands(scratch: Scratch) -> None:
    one, digest = "019ab000-0000-5000-8000-000000000001", "ab" * 32
    assert scratch.first_record(one, digest, "a.csv", 2) is None
    assert scratch.first_record(one, "cd" * 32, "a.csv", 3) == Known("a.csv", 2, b"\xab" * 32)
    assert scratch.first_record(one[:-1] + "2", digest, "a.csv", 3) is None


def test_prints_tell_which_cells_differ() -> None:
    one, other = print_of(["a", "b", "c"]), print_of(["a", "x", ""])
    assert same(one, print_of(["a", "b", "c"]))
    assert not same(one, other)
    assert not same(print_of(["ab", ""]), print_of(["a", "b"]))
    assert differing(one, other, ["first", "second", "third"]) == ["second", "third"]


def test_scratch_is_gone_when_closed(scratch: Scratch) -> None:
    scratch.close()
    with pytest.raises(Exception, match="closed"):
        scratch.partner("f", ["1"])
