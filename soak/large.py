"""A file of two gigabytes is imported: every row accounted for, memory flat, no half done."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

WIDE = 4_000
"""Characters of the cell that is not read: it makes the file large."""
MOST_MEMORY = 400 << 20
"""Bytes that the importing process may hold at its peak, whatever the file's size."""
MAPPING = """
format: daytwo/tables/1
id: large
version: 1
title: A large export
source: {system: large}
site: north
time_zone: UTC
files:
  - name: log
    path: log.csv
    delimiter: ";"
    encoding: utf-8
    decimal: "."
    key: [line]
    columns:
      line:
      equipment:
      at: {type: date, format: "YYYY-MM-DD HH:mm:ss"}
    ignored: {note: "wide, and of no use"}
    records:
      - {make: equipment.state.entered, key: "{line}", occurred: at,
         fields: {equipment_id: "{equipment}", state: busy}}
"""


@dataclass(slots=True)
class Found:
    """What the drill saw.

    Attributes:
        size: Of the file, in bytes.
        rows: It holds so many.
        peak: The importing process held no more, in bytes: an earlier one may have held more.
        seconds: How long the import took.
        wrong: What was not as it must be.
    """

    size: int = 0
    rows: int = 0
    peak: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the drill's line."""
        return {
            "bytes": self.size,
            "rows": self.rows,
            "peak_bytes": self.peak,
            "rows_per_second": round(self.rows / self.seconds) if self.seconds else 0,
            "wrong": self.wrong,
        }


def run(folder: Path, data: Path, size: int) -> Found:
    """Write a file of about `size` bytes, import it in a process of its own, and look.

    Args:
        folder: For the file.
        data: A site of its own.
        size: Bytes.
    """
    path = folder / "log.csv"
    found = Found(rows=_write(path, size))
    found.size = path.stat().st_size
    mapping = folder / "large.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    command = [sys.executable, "-m", "daytwo.config.cli", "import", "--json", "--data", str(data)]
    begun = os.times().elapsed
    done = subprocess.run(
        [*command, "--mapping", str(mapping), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    found.seconds = os.times().elapsed - begun
    found.peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if done.returncode:
        found.wrong.append(done.stderr.strip()[-400:] or done.stdout[-400:])
        return found
    told = json.loads(done.stdout)
    if (told["read"], told["made"], told["set_aside"]) != (found.rows, found.rows, []):
        found.wrong.append(f"of {found.rows} rows {told['read']} were read, {told['made']} made")
    if found.peak > MOST_MEMORY:
        found.wrong.append(f"{found.peak} bytes of memory at the peak")
    return found


def _write(path: Path, size: int) -> int:
    note, rows, written = "x" * WIDE, 0, 0
    with path.open("w", encoding="utf-8") as stream:
        written += stream.write("line;equipment;at;note\n")
        while written < size:
            at = f"2025-{rows % 12 + 1:02}-{rows % 28 + 1:02} {rows % 24:02}:{rows % 60:02}:00"
            written += stream.write(f"{rows};E{rows % 50};{at};{note}\n")
            rows += 1
    return rows
