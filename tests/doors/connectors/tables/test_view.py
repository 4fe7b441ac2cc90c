"""A row's view tells readable cells, blanks and faults apart, and checks what is plausible."""

from __future__ import annotations

from decimal import Decimal

import pytest

from daytwo.doors.connectors.tables.mapping import Check, Column, TableFile
from daytwo.doors.connectors.tables.templates import reference, template
from daytwo.doors.connectors.tables.values import number_reader, read_text
from daytwo.doors.connectors.tables.view import Absent, RowView, failed, read_view, unmet

NUMBER = number_reader(".", "")


def column(name: str, *, number: bool = True, required: bool = False) -> Column:
    read = NUMBER if number else read_text
    return Column(name, (name,), "", required, read, is_number=number, is_moment=False)


def table() -> TableFile:
    columns = {
        "id": column("id", number=False, required=True),
        "a": column("a"),
        "b": column("b"),
        "c": column("c"),
    }
    return TableFile("t", "t", ";", "utf-8", "", frozenset({"-"}), ("id",), columns, {}, {}, (), ())


def view(row: str = "x", a: str = "1", b: str = "2", c: str = "3") -> RowView:
    return read_view(table(), {"id": row, "a": a, "b": b, "c": c})


def check(kind: str, *names: str, low: str | None = None, high: str | None = None) -> Check:
    return Check(kind, tuple(map(reference, names)), low, high, sets_aside=False, why="Look.")


def test_view_separates_cells_blanks_and_faults() -> None:
    seen = view(a=" 1.50 ", b="-", c="x")
    assert seen.cells["a"].value == Decimal("1.50")
    assert seen.blanks == 1
    assert [*seen.faults] == ["c"]
    assert seen.cell(reference("b")) is None
    with pytest.raises(Absent):
        seen.cell(reference("c"))


def test_template_needs_every_column() -> None:
    assert view(a="7").text(template("{id}-{a}")) == "x-7"
    with pytest.raises(Absent):
        view(a="").text(template("{id}-{a}"))


def test_lookup_gives_the_partners_cell_or_nothing() -> None:
    seen = view()
    seen.partners["other"] = view(a="9")
    assert seen.text(template("{other.a}")) == "9"
    seen.partners["other"] = None
    assert seen.cell(reference("other.a")) is None


def test_unmet_names_the_required_column() -> None:
    assert unmet(view()) is None
    assert unmet(view(row="")) == ("id", "is blank, and the row means nothing without it")
    assert unmet(view(row="\x00")) == ("id", "holds the control character 0x00")


@pytest.mark.parametrize(
    ("made", "seen", "says"),
    [
        (check("ascending", "a", "b", "c"), view(), ""),
        (check("ascending", "a", "b"), view(a="2.0"), ""),
        (check("ascending", "a", "b", "c"), view(b="4"), "should not fall in this order"),
        (check("ascending", "a", "b", "c"), view(b=""), ""),
        (check("ascending", "a", "b", "c"), view(b="x"), ""),
        (check("ascending", "a", "b"), view(a="10", b="9"), "a = 10, b = 9. Look"),
        (check("equal", "a", "b"), view(a="2.0"), ""),
        (check("equal", "a", "b"), view(), "should be equal: a = 1, b = 2"),
        (check("range", "a", low="1"), view(), ""),
        (check("range", "a", low="1.1"), view(), "(at least 1.1): a = 1"),
        (check("range", "a", high="0.5"), view(), "(at most 0.5)"),
        (check("range", "a", low="2", high="3"), view(), "(2 to 3)"),
    ],
)
def test_check_says_how_a_row_fails(made: Check, seen: RowView, says: str) -> None:
    found = failed(made, seen)
    assert says in found
    assert bool(found) == bool(says)
