"""Rows become records, or are set aside by row and field while the rest is kept."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.kernel.errors import ConnectorError, DaytwoError
from daytwo.record.batches.events import BatchImported, MaterialConsumed
from daytwo.record.laboratory.events import LaboratoryResultFinal
from daytwo.record.resources.events import MaterialLotReceived
from tests.doors.connectors.sample import (
    BATCHES,
    HEADER,
    PRODUCTS,
    ROWS,
    changed,
    plant,
    rows,
    told,
    totals,
)

if TYPE_CHECKING:
    from pathlib import Path


def doctored(folder: Path, old: str, new: str) -> None:
    assert old in BATCHES
    plant(folder, BATCHES.replace(old, new, 1))


def test_row_makes_its_records(tmp_path: Path) -> None:
    first = rows(plant(tmp_path))[2]
    events = [record.events[0] for record in first.records]
    assert events == [
        BatchImported("B1", "P1", "Pills", "5 mg", None, "2024-01", "month", "released"),
        MaterialLotReceived("L-7", "API", "Active", "unknown"),
        MaterialConsumed("B1", "API", "L-7", None, None),
        LaboratoryResultFinal(
            "lot:L-7:incoming:water", "lot", "L-7", "incoming", "water", "Water", "1.50", "%"
        ),
        LaboratoryResultFinal(
            "batch:B1:final:assay", "batch", "B1", "final", "assay", "Assay", "99.1", "%"
        ),
        LaboratoryResultFinal(
            "batch:B1:final:low", "batch", "B1", "final", "low", "Lowest", "1", ""
        ),
        LaboratoryResultFinal(
            "batch:B1:final:high", "batch", "B1", "final", "high", "Highest", "2", ""
        ),
    ]
    assert [record.stream for record in first.records] == [
        "batch/B1",
        "lot/L-7",
        "batch/B1",
        "laboratory/lot/L-7",
        *["laboratory/batch/B1"] * 3,
    ]
    assert first.records[0].occurred_at is not None
    assert first.records[0].occurred_at.isoformat() == "2023-12-31T23:00:00+00:00"
    assert first.records[1].occurred_at is None
    source = first.records[4].source
    assert (source.system, source.file, source.row, source.field) == (
        "old-mes",
        "batches.csv",
        2,
        "assay",
    )


def test_a_lot_stated_again_alike_is_made_once(tmp_path: Path) -> None:
    second = rows(plant(tmp_path))[3]
    assert [record.kind for record in second.records] == ["batch", "consumption", *["result"] * 3]
    assert second.repeated == 2


def test_same_files_make_the_same_commands(tmp_path: Path) -> None:
    one = [record for row in rows(plant(tmp_path)) for record in row.records]
    two = [record for row in rows(plant(tmp_path)) for record in row.records]
    assert one == two
    assert len({record.command_id for record in one}) == len(one)


def test_identity_hangs_on_system_and_site_only(tmp_path: Path) -> None:
    ids = [r.command_id for row in rows(plant(tmp_path)) for r in row.records]
    plant(tmp_path, mapping=changed("version", to=4))
    assert [r.command_id for row in rows(tmp_path) for r in row.records] == ids
    plant(tmp_path, mapping=changed("site", to="south"))
    assert {r.command_id for row in rows(tmp_path) for r in row.records}.isdisjoint(ids)


@pytest.mark.parametrize(
    ("old", "new", "set_aside", "why"),
    [
        ("98,0", "98.0", (3, "assay"), "has a point; the decimal mark is ','"),
        ("98,0", "98O", (3, "assay"), "is not a number"),
        ("98,0", "9\x008", (3, "assay"), "control character 0x00"),
        ("98,0", "980", (3, "assay"), "outside what is plausible (0 to 200): assay = 980"),
        ("B2;P1;maj", "B2;P1;may", (3, ""), "begun 'may' is not a month"),
        ("B2;P1;maj.24", "B2;P1;", (3, ""), "begun is blank"),
        ("B2;P1", ";P1", (3, ""), "batch is blank"),
        ("B2;P1", "B2;P9", (3, ""), "finds no row in products.csv with product P9"),
        ("B2;P1", "B 2;P1", (3, "batch"), "'B 2' cannot name a batch"),
        ("B2;P1", "B2;P1;x", (3, ""), "has 9 cells where the header has 8"),
        ("B2;P1", "B1;P1", (3, ""), "has the key of row 2 (batch B1) with other content: begun"),
        ("maj.24;7;1,50", "maj.24;7;1,60", (3, "water"), "row 2 of batches.csv says otherwise"),
        (ROWS[1], HEADER + ROWS[1], (3, ""), "repeats the header"),
    ],
)
def test_fault_is_set_aside_by_row_and_field(
    tmp_path: Path, old: str, new: str, set_aside: tuple[int, str], why: str
) -> None:
    doctored(tmp_path, old, new)
    done = totals(tmp_path)
    assert done.accounted
    assert ("batches.csv", *set_aside) in told(done.set_aside)
    assert any(why in remark.why for remark in done.set_aside)
    assert done.rows_set_aside == (set_aside[1] == "")
    assert done.read == 5 + (HEADER in new)


def test_field_that_is_set_aside_leaves_the_rest_of_its_row(tmp_path: Path) -> None:
    doctored(tmp_path, "98,0", "98O")
    done = totals(tmp_path)
    assert (done.read, done.made, done.rows_set_aside, done.fields_set_aside) == (5, 5, 0, 1)
    assert done.kinds["batch"]["made"] == 3
    assert done.kinds["result"]["made"] == 2 + 8


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "n/a"])
def test_blank_optional_value_is_counted_and_no_fault(tmp_path: Path, blank: str) -> None:
    doctored(tmp_path, "98,0", blank)
    done = totals(tmp_path)
    assert (done.blanks, done.set_aside, done.made) == (1, [], 5)
    assert done.kinds["result"]["made"] == 2 + 8


def test_record_that_needs_a_blank_is_not_made(tmp_path: Path) -> None:
    doctored(tmp_path, "P2;maj.24;8;", "P2;maj.24;;")
    done = totals(tmp_path)
    assert done.kinds["lot"]["made"] == 1
    assert done.kinds["consumption"]["made"] == 2
    assert done.set_aside == []


def test_implausible_values_are_warned_of_and_kept(tmp_path: Path) -> None:
    doctored(tmp_path, "98,0;1;3", "98,0;4;3")
    done = totals(tmp_path)
    assert told(done.warnings) == [("batches.csv", 3, "low")]
    assert "low = 4, high = 3. Swapped" in done.warnings[0].why
    assert done.kinds["result"]["made"] == 2 + 9


def test_implausible_required_value_sets_the_row_aside(tmp_path: Path) -> None:
    needed = {"headers": ["asay"], "type": "number", "unit": "%", "required": True}
    mapping = changed("files", 1, "columns", "assay", to=needed)
    plant(tmp_path, BATCHES.replace("98,0", "980"), mapping=mapping)
    done = totals(tmp_path)
    assert told(done.set_aside) == [("batches.csv", 3, "")]
    assert done.set_aside[0].why.startswith("assay is outside what is plausible")
    assert done.kinds["batch"]["made"] == 2


def test_repeated_row_doubles_nothing(tmp_path: Path) -> None:
    plant(tmp_path, BATCHES + ROWS[1])
    done = totals(tmp_path)
    assert (done.read, done.made, done.already, done.rows_set_aside) == (6, 5, 1, 0)


def test_doubled_file_doubles_nothing(tmp_path: Path) -> None:
    once = totals(plant(tmp_path)).events
    plant(tmp_path, BATCHES + BATCHES)
    done = totals(tmp_path)
    assert (done.read, done.made, done.already, done.rows_set_aside) == (9, 5, 3, 1)
    assert done.events == once
    plant(tmp_path, **{"batches-again": BATCHES})
    done = totals(tmp_path)
    assert (done.read, done.made, done.already) == (8, 5, 3)
    assert done.events == once


def test_file_cut_in_half_keeps_its_whole_rows(tmp_path: Path) -> None:
    plant(tmp_path, BATCHES[: len(BATCHES) - len(ROWS[2]) - 9])
    done = totals(tmp_path)
    assert told(done.set_aside) == [("batches.csv", 3, ""), ("products.csv", 3, "")]
    assert "the file is cut off here" in done.set_aside[0].why
    assert done.kinds["batch"]["made"] == 1


def test_last_value_without_line_end_is_warned_of(tmp_path: Path) -> None:
    plant(tmp_path, BATCHES.rstrip("\n"))
    done = totals(tmp_path)
    assert told(done.warnings) == [("batches.csv", 4, "")]
    assert "may be" in done.warnings[0].why


def test_joined_row_that_nothing_needs_is_accounted_for(tmp_path: Path) -> None:
    plant(tmp_path, products=PRODUCTS + "P3;Syrup\n")
    done = totals(tmp_path)
    assert told(done.set_aside) == [("products.csv", 4, "")]
    assert "no row that was kept needs it" in done.set_aside[0].why
    assert done.accounted


def test_optional_partner_may_be_missing(tmp_path: Path) -> None:
    mapping = changed("files", 1, "lookups", "of", "required", to=False)
    plant(tmp_path, BATCHES.replace("P2", "P9"), mapping=mapping)
    done = totals(tmp_path)
    # The batch takes its product's name from there, so it is not made; its results still are.
    assert done.kinds["batch"]["made"] == 2
    assert done.kinds["result"]["made"] == 11


def test_row_that_needs_a_row_that_was_set_aside_says_so(tmp_path: Path) -> None:
    mapping = changed("files", 0, "columns", "title", to={"required": True})
    plant(tmp_path, mapping=mapping, products=PRODUCTS.replace("Drops", ""))
    done = totals(tmp_path)
    assert told(done.set_aside) == [("products.csv", 3, ""), ("batches.csv", 4, "")]
    assert "needs row 3 of products.csv, which was set aside" in done.set_aside[1].why


def test_file_that_changes_while_it_is_read_leaves_a_resume_point(tmp_path: Path) -> None:
    source = open_tables(load_mapping(plant(tmp_path) / "mapping.yaml"), tmp_path)
    (tmp_path / "batches.csv").write_bytes(BATCHES.encode() + b"\xff;\n")
    with pytest.raises(ConnectorError, match="run the import again") as refused:
        list(source.rows())
    assert not refused.value.permanent


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        with (tmp_path / "batches.csv").open("w") as stream:
            stream.write(HEADER)
            stream.writelines(
                ROWS[0].replace("B1", f"B{n}") if n % 9 else "broken\n" for n in range(count)
            )
        source = open_tables(load_mapping(tmp_path / "mapping.yaml"), tmp_path)
        tracemalloc.start()
        try:
            assert sum(1 for _ in source.rows()) == count + 2
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    plant(tmp_path)
    assert peak(3_000) < 1.3 * peak(1_000)


CELL = st.one_of(
    st.sampled_from(["B1", "P1", "maj.24", "1,5", "", "  ", "-1", '"', "=1+1", "\x00", "x" * 5000]),
    st.text(max_size=6),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=7, max_size=9), max_size=12))
def test_hostile_cells_leave_every_row_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    text = HEADER + "".join(";".join(row) + "\n" for row in cells)
    plant(folder, text.encode("utf-8", "replace"))
    try:
        done = totals(folder)
    except DaytwoError:
        return
    assert done.accounted
    assert all(remark.why and remark.row > 0 for remark in done.set_aside)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_random_bytes_raise_nothing_but_house_errors(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, headed: bool
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    plant(folder, HEADER.encode() * headed + data)
    try:
        done = totals(folder)
    except DaytwoError:
        return
    assert done.accounted
