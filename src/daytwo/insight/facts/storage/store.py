"""The store: reads rows from Parquet by key, and writes months anew beside the old ones."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daytwo.insight.facts import arrow
from daytwo.insight.facts.registry import by_name
from daytwo.insight.facts.registry import fact as fact_named
from daytwo.insight.facts.storage import manifest as manifests
from daytwo.insight.facts.storage.lock import only_one
from daytwo.insight.facts.storage.manifest import UNBORN, Manifest, Part, sync_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from daytwo.insight.facts.declare import Key, Row

ROW_GROUP = 50_000
GRACE_SECONDS = 600.0
"""How long a file that counts no more is kept: a reader may still hold the manifest before."""
_FILES = ".files"


class Store:
    """The folder of the facts.

    `manifest.json` names the files that count, below `.files`; those are never written again.
    `<fact>/<month>.parquet` are other names of the same files, for other tools to read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "manifest.json"
        self._firsts: dict[str, list[Any]] = {}

    def state(self) -> tuple[int, int] | None:
        """Return what changes whenever another manifest is put in place; None without one."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def manifest(self) -> Manifest:
        """Return the manifest; an empty one where there is none of use, or files are damaged."""
        found = manifests.read(self._path)
        if found is None or not all(self._whole(part) for part in _all_parts(found)):
            return Manifest()
        return found

    def path(self, part: Part) -> str:
        """Return where a part's file lies."""
        return str(self.folder / part.file)

    def _whole(self, part: Part) -> bool:
        try:
            return (self.folder / part.file).stat().st_size == part.size
        except FileNotFoundError:
            return False

    # -------------------------------------------------------------- reading
    def firsts(self, fact: str, part: Part) -> Iterable[Any]:
        """Return the first key values that occur in a part; read once, for no file changes."""
        found = self._firsts.get(part.file)
        if found is None:
            name = fact_named(fact).key_names[0]
            column = pq.read_table(self.path(part), columns=[name], partitioning=None)[name]
            found = self._firsts[part.file] = pc.unique(column).to_pylist()
        return found

    def rows(self, fact: str, partition: str, part: Part, firsts: Collection[Any]) -> list[Row]:
        """Return the rows of a part whose first key value is one of these."""
        name = fact_named(fact).key_names[0]
        wanted = [(name, "in", sorted(firsts))]
        found = pq.read_table(self.path(part), filters=wanted, partitioning=None)
        return list(arrow.rows(found, born=partition != UNBORN))

    def table(self, part: Part) -> pa.Table:
        """Return a part as it is stored."""
        return pq.read_table(self.path(part), partitioning=None)

    # -------------------------------------------------------------- writing
    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[bool]:
        """Hold the right to write; yields False where another process has it and none waits."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with only_one(self.folder / ".lock", wait=wait) as mine:
            yield mine

    def write_part(
        self, fact: str, partition: str, generation: int, table: pa.Table
    ) -> Part | None:
        """Write a partition's rows, ordered by key; None where there are none."""
        if table.num_rows == 0:
            return None
        declared = fact_named(fact)
        table = table.sort_by([(name, "ascending") for name in declared.key_names])
        name = f"{_FILES}/{fact}/{partition}.{generation:08d}.parquet"
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            pq.write_table(table, file, compression="zstd", row_group_size=ROW_GROUP)
            file.flush()
            os.fsync(file.fileno())
        return Part(name, table.num_rows, path.stat().st_size, _times(table))

    def publish(self, manifest: Manifest, before: Manifest) -> None:
        """Make a manifest the one that counts, then the names for other tools follow."""
        for fact in manifest.facts:
            sync_folder(self.folder / _FILES / fact)
        manifests.write(self._path, manifest)
        self._name(manifest)
        self._clear(manifest, before)

    def _name(self, manifest: Manifest) -> None:
        for fact in by_name():
            parts = manifest.parts(fact)
            shown = self.folder / fact
            shown.mkdir(exist_ok=True)
            there = {file.stem: file for file in shown.glob("*.parquet")}
            for partition, part in parts.items():
                if partition != UNBORN:
                    _link(self.folder / part.file, shown / f"{partition}.parquet")
                    there.pop(partition, None)
            for gone in there.values():
                gone.unlink(missing_ok=True)

    def _clear(self, manifest: Manifest, before: Manifest) -> None:
        """Take away what has not counted for a while; from now on the clock runs for `before`."""
        counting = {part.file for part in _all_parts(manifest)}
        for part in _all_parts(before):
            file = self.folder / part.file
            if part.file not in counting:
                self._firsts.pop(part.file, None)
                if file.exists():
                    os.utime(file)
        since = time.time() - GRACE_SECONDS
        for file in (self.folder / _FILES).glob("*/*.parquet"):
            name = file.relative_to(self.folder).as_posix()
            if name not in counting and file.stat().st_mtime < since:
                file.unlink(missing_ok=True)


def without(fact: str, table: pa.Table, keys: Collection[Key]) -> pa.Table:
    """Return the rows of a stored table that have none of these keys."""
    names = fact_named(fact).key_names
    firsts = pa.array(sorted({key[0] for key in keys}), table.schema.field(names[0]).type)
    suspected = pc.is_in(table[names[0]], value_set=firsts)
    if len(names) == 1:
        return table.filter(pc.invert(suspected))
    places = pc.indices_nonzero(suspected).to_numpy()
    columns = [table[name].take(pa.array(places)).to_pylist() for name in names]
    keep = [True] * table.num_rows
    for place, key in zip(places, zip(*columns, strict=True), strict=True):
        keep[place] = key not in keys
    return table.filter(pa.array(keep))


def _times(table: pa.Table) -> dict[str, tuple[int | None, int | None, int]]:
    found = {}
    for name in table.schema.names:
        if name.endswith("_us"):
            ends = pc.min_max(table[name]).as_py()
            found[name] = (ends["min"], ends["max"], table[name].null_count)
    return found


def _all_parts(manifest: Manifest) -> Iterator[Part]:
    for parts in manifest.facts.values():
        yield from parts.values()


def _link(file: Path, name: Path) -> None:
    """Give a file a second name, in place of whatever had that name before."""
    if name.exists() and name.samefile(file):
        return
    new = name.with_suffix(".new")
    new.unlink(missing_ok=True)
    try:
        new.hardlink_to(file)
    except OSError:  # A file system without second names gets a copy.
        new.write_bytes(file.read_bytes())
    new.replace(name)
