"""The manifest: which files are the facts, and how far in the ledger they reach."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from daytwo.insight.facts.registry import all_facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = 1
"""Of the manifest and of how files are named and laid out."""
UNBORN, UNDATED = "unborn", "undated"
"""Partitions beside the months: rows that are none yet, and rows without an anchor time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file.

    Attributes:
        file: Its name below the store's folder; never written again.
        rows: How many.
        size: Its bytes: a file of another size is none of ours.
        times: For each time column its least, its greatest, and how many rows lack it.
    """

    file: str
    rows: int
    size: int
    times: Mapping[str, tuple[int | None, int | None, int]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One consistent state of all facts.

    Attributes:
        generation: Raised by each writing.
        seq: Everything up to here in the ledger is in the files; 0 for none.
        event: Hash of the event at `seq`: facts of another ledger are known by it.
        site: The name under which a site's own events were folded.
        facts: By fact and partition the file.
        late: Numbers below `seq` that were not committed, with the database's time of noting it.
        orphans: Rows whose batch nobody has planned or imported yet.
        shape: What the facts were declared to be.
        written_at: UTC text.
    """

    generation: int = 0
    seq: int = 0
    event: str = ""
    site: str = ""
    facts: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)
    late: Mapping[int, float] = field(default_factory=dict)
    orphans: Mapping[str, list[tuple[str, tuple[Any, ...]]]] = field(default_factory=dict)
    shape: str = ""
    written_at: str = ""

    def parts(self, fact: str) -> Mapping[str, Part]:
        """Return a fact's files by partition."""
        return self.facts.get(fact, {})


def shape() -> str:
    """Return a digest of what every fact is declared to be, versions included."""
    said = [
        (f.name, f.version, f.anchor, [(c.name, c.kind, c.default) for c in f.columns])
        for f in all_facts()
    ]
    return hashlib.sha256(orjson.dumps([FORMAT, said])).hexdigest()


def read(path: Path) -> Manifest | None:
    """Return the manifest of a file; None where there is none, or none that is of use."""
    try:
        said = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    if said.get("format") != FORMAT or said.get("shape") != shape():
        return None
    return Manifest(
        generation=said["generation"],
        seq=said["seq"],
        event=said["event"],
        site=said["site"],
        facts={
            fact: {name: _part(part) for name, part in parts.items()}
            for fact, parts in said["facts"].items()
        },
        late={int(seq): noted for seq, noted in said["late"].items()},
        orphans={
            name: [(fact, tuple(key)) for fact, key in rows]
            for name, rows in said["orphans"].items()
        },
        shape=said["shape"],
        written_at=said["written_at"],
    )


def _part(said: Mapping[str, Any]) -> Part:
    times = {name: (low, high, without) for name, (low, high, without) in said["times"].items()}
    return Part(said["file"], said["rows"], said["size"], times)


def write(path: Path, manifest: Manifest) -> None:
    """Put a manifest in place of the one before, wholly or not at all."""
    said = {
        "format": FORMAT,
        "shape": shape(),
        "generation": manifest.generation,
        "seq": manifest.seq,
        "event": manifest.event,
        "site": manifest.site,
        "written_at": manifest.written_at,
        "late": {str(seq): noted for seq, noted in manifest.late.items()},
        "orphans": manifest.orphans,
        "facts": {
            fact: {
                name: {"file": p.file, "rows": p.rows, "size": p.size, "times": p.times}
                for name, p in parts.items()
            }
            for fact, parts in manifest.facts.items()
        },
    }
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a folder's names durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
