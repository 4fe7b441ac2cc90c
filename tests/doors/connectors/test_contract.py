"""What every format keeps: nothing doubled, nothing lost in silence, nothing half written."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import openpyxl
import pytest

from daytwo.doors.connectors.formats import format_of, formats
from daytwo.doors.connectors.reconcile import reconcile
from daytwo.doors.connectors.tables.loading import load_mapping
from daytwo.doors.connectors.tables.reader import open_tables
from daytwo.doors.connectors.tables.run import import_tables
from daytwo.doors.connectors.writer import ledger_writer
from daytwo.kernel.errors import ConnectorError
from daytwo.record.ledger.envelope import Actor
from daytwo.record.ledger.reading import events, last_seq
from tests.doors.connectors.specimens import FEW, SPECIMENS, many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from daytwo.doors.connectors.reconcile import Outcome, Reconciliation
    from daytwo.doors.connectors.records import ImportRecord
    from daytwo.doors.connectors.tables.rows import RawRow
    from tests.doors.connectors.specimens import Specimen

IVO = Actor("ivo", "Ivo Kunz", "integrator")
every = pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda s: s.file)
self_describing = pytest.mark.parametrize(
    "specimen", [s for s in SPECIMENS if not s.cut_keeps_rows], ids=lambda s: s.file
)


def raw(specimen: Specimen, folder: Path) -> Iterator[RawRow]:
    (table,) = load_mapping(folder / "mapping.yaml").files
    return format_of(table).rows(folder / specimen.file, table)


def run(folder: Path) -> Reconciliation:
    return import_tables(folder / "mapping.yaml", folder, IVO)


def made(after: int) -> list[tuple[str, str, str, str]]:
    """Return what an import appended: everything but numbers, recorded times and hashes."""
    return [(e.stream, e.type, str(e.data), e.occurred_text) for e in events(after_seq=after)]


def test_every_format_has_a_specimen() -> None:
    assert {specimen.format for specimen in SPECIMENS} == set(formats())


@every
def test_header_comes_first_and_rows_are_numbered(specimen: Specimen, tmp_path: Path) -> None:
    specimen.plant(tmp_path)
    header, *rows = raw(specimen, tmp_path)
    assert set(header.cells) == {*specimen.headers, *specimen.ignored}
    assert [row.number for row in rows] == [*range(specimen.first, specimen.first + len(FEW))]
    places = [header.cells.index(name) for name in specimen.headers]
    assert [tuple(row.cells[at] for at in places) for row in rows] == list(FEW)


@every
def test_parts_tell_header_and_rows(specimen: Specimen, tmp_path: Path) -> None:
    specimen.plant(tmp_path)
    part = specimen.declares.get("part", "")
    (found,) = [
        p for p in formats()[specimen.format].parts(tmp_path / specimen.file) if p.name == part
    ]
    assert found.rows == len(FEW)
    assert set(found.header) == {*specimen.headers, *specimen.ignored}


@every
def test_import_twice_makes_the_same_events_once(
    specimen: Specimen, site: Path, tmp_path: Path
) -> None:
    specimen.plant(tmp_path)
    before = last_seq()
    first = run(tmp_path)
    assert (first.read, first.made, first.set_aside) == (4, 4, [])
    once = made(before)
    assert [(stream, at) for stream, _, _, at in once][:2] == [
        ("lot/L1", "2024-05-31T12:30:00.250000Z"),
        ("lot/L2", "2024-05-31T12:30:00.000000Z"),
    ]
    second = run(tmp_path)
    assert (second.made, second.already) == (0, 4)
    assert made(before) == once


@every
def test_malformed_rows_are_set_aside_by_row_and_field(specimen: Specimen, tmp_path: Path) -> None:
    bad = list(FEW)
    bad[1] = ("L2", "STARCH", "x7", "2024-05-31T14:30:00")
    bad[2] = ("L3", "", "1", "2024-05-31T14:30:00")
    specimen.plant(tmp_path, bad)
    found = import_tables(tmp_path / "mapping.yaml", tmp_path, None)
    part = specimen.declares.get("part")
    name = f"{specimen.file}#{part}" if part else specimen.file
    assert [(r.file, r.row, r.field) for r in found.set_aside] == [
        (name, specimen.first + 1, "quantity"),
        (name, specimen.first + 2, ""),
    ]
    assert (found.read, found.made, found.rows_set_aside) == (4, 3, 1)


@every
def test_time_without_zone_is_in_the_declared_one_and_never_guessed(
    specimen: Specimen, tmp_path: Path
) -> None:
    skipped = "2024-03-31T02:30:00"
    specimen.plant(tmp_path, [*FEW, ("L5", "M", "1", skipped), ("L6", "M", "1", f"{skipped}Z")])
    found = import_tables(tmp_path / "mapping.yaml", tmp_path, None)
    assert [(r.row, r.field) for r in found.set_aside] == [(specimen.first + 4, "received")]
    assert "clock change in Europe/Vienna" in found.set_aside[0].why


@every
def test_file_cut_in_half_is_noticed(specimen: Specimen, site: Path, tmp_path: Path) -> None:
    specimen.plant(tmp_path, many(300))
    path = tmp_path / specimen.file
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    before = last_seq()
    if specimen.cut_keeps_rows:
        found = run(tmp_path)
        assert 100 < found.made < 200
        assert any("no line end" in r.why for r in (*found.warnings, *found.set_aside))
        return
    with pytest.raises(ConnectorError, match="Nothing was written") as error:
        run(tmp_path)
    assert error.value.code == "import.files"
    assert last_seq() == before


@every
def test_memory_does_not_grow_with_the_file(specimen: Specimen, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        specimen.plant(tmp_path, many(count))
        tracemalloc.start()
        assert sum(1 for _ in raw(specimen, tmp_path)) == count + 1
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded once
    assert peak(3000) < peak(750) + 300_000


@every
def test_broken_off_import_goes_on_to_the_same_ledger(
    specimen: Specimen, site: Path, tmp_path: Path
) -> None:
    specimen.plant(tmp_path, many(450))
    source = open_tables(load_mapping(tmp_path / "mapping.yaml"), tmp_path)
    write = ledger_writer(IVO, "specimen v1")
    calls = iter(range(10))

    def failing(records: Sequence[ImportRecord]) -> Iterator[Outcome]:
        if next(calls) == 1:
            raise OSError("the disk is full")
        return write(records)

    before = last_seq()
    with pytest.raises(OSError, match="disk"):
        reconcile(source.rows(), failing)
    assert last_seq() == before + 200
    again = run(tmp_path)
    assert (again.already, again.made) == (200, 250)
    assert [stream for stream, *_ in made(before)] == [f"lot/L{n}" for n in range(450)]


@self_describing
def test_unknown_part_is_named_with_those_there_are(specimen: Specimen, tmp_path: Path) -> None:
    path = specimen.plant(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(specimen.declares["part"], "nonsense"), encoding="utf-8")
    with pytest.raises(ConnectorError, match=f"no part 'nonsense'.*{specimen.declares['part']}"):
        import_tables(path, tmp_path, None)


@self_describing
def test_another_kind_of_file_is_refused(specimen: Specimen, tmp_path: Path) -> None:
    path = specimen.plant(tmp_path)
    (tmp_path / specimen.file).write_bytes(b"lot;material\nL1;LACTOSE\n")
    with pytest.raises(ConnectorError, match="Nothing was written"):
        import_tables(path, tmp_path, None)


@self_describing
def test_empty_file_is_refused(specimen: Specimen, tmp_path: Path) -> None:
    path = specimen.plant(tmp_path)
    (tmp_path / specimen.file).write_bytes(b"")
    with pytest.raises(ConnectorError, match="Nothing was written"):
        import_tables(path, tmp_path, None)


def test_cell_without_a_usable_value_is_set_aside_and_is_no_blank(tmp_path: Path) -> None:
    (specimen,) = [s for s in SPECIMENS if s.format == "excel"]
    specimen.plant(tmp_path, [("L1", "M", "=1+1", "2024-05-31"), ("L2", "M", "", "2024-05-31")])
    book = openpyxl.load_workbook(tmp_path / specimen.file)
    assert book["Lots"]["C2"].data_type == "f"
    found = import_tables(tmp_path / "mapping.yaml", tmp_path, None)
    assert [(r.row, r.field) for r in found.set_aside] == [(2, "quantity")]
    assert "whose value was not stored" in found.set_aside[0].why
    assert (found.made, found.blanks) == (2, 1)
