"""Files written below a folder, each with its rows and checksum."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from daytwo.doors.simulator.export.contract import DIALECTS, TABLES
from daytwo.doors.simulator.export.dialects import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daytwo.doors.simulator.export.dirt import Texts


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written; `lines` are those on which its rows begin."""

    name: str
    rows: int
    size: int
    digest: str
    lines: tuple[int, ...] = ()


def write_tables(
    folder: Path, texts: Texts, report: Callable[[str], None] = lambda _: None
) -> list[Written]:
    """Write every table of the contract."""
    found = []
    for name, rows in texts.items():
        table = TABLES[name]
        content, lines = written(table.header, rows, DIALECTS[table.system])
        found.append(write_file(folder, name, content, tuple(lines)))
        report(name)
    return found


def write_file(folder: Path, name: str, content: bytes, lines: tuple[int, ...]) -> Written:
    """Write one file; `lines` counts its rows."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Written(name, len(lines), len(content), sha256(content).hexdigest(), lines)
