"""One import from end to end, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.connectors.tables.run import import_tables
from tests.doors.connectors.sample import plant

if TYPE_CHECKING:
    from pathlib import Path


def test_run_tells_progress_and_files(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = import_tables(
        plant(tmp_path) / "mapping.yaml",
        tmp_path,
        None,
        progress=lambda rows, lines: told.append((rows, lines)),
    )
    assert told == [(5, 7)]
    assert [(file.name, file.lines) for file in done.files] == [
        ("products.csv", 3),
        ("batches.csv", 4),
    ]
    assert done.accounted
