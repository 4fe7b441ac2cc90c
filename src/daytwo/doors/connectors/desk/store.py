"""Files on their way in: each upload a folder under the data directory, kept until discarded."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import unicodedata
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from daytwo.doors.connectors.desk.look import SUFFIXES
from daytwo.doors.importing import Reading, Received, Stored, Upload
from daytwo.kernel import clock
from daytwo.kernel.errors import Refused, Unknown
from daytwo.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from daytwo.record.ledger.envelope import Actor

MOST_FILES = 200
"""Files of one upload."""
LONGEST_NAME = 120
MAPPING = "mapping.yaml"
_ID = re.compile(r"[0-9a-f-]{36}")
_ODD = re.compile(r"[^\w .()+,@=&'-]")
_META = "upload.json"
_lock = threading.Lock()


def folder() -> Path:
    """Return where uploads lie."""
    return Path(settings.DATA_DIR) / "uploads"


def place(upload_id: str) -> Path:
    """Return an upload's folder.

    Raises:
        Unknown: There is no such upload; names that lead elsewhere are none.
    """
    found = folder() / upload_id
    if not _ID.fullmatch(upload_id) or not (found / _META).is_file():
        raise Unknown(
            "import.upload_unknown", "There is no such upload: it was discarded, or never was."
        )
    return found


def files_of(upload_id: str) -> Path:
    """Return the folder that holds an upload's files and nothing else."""
    return place(upload_id) / "files"


def uploads() -> list[Upload]:
    """Return every upload, the latest first."""
    found = (path.parent.name for path in folder().glob(f"*/{_META}"))
    return [upload(name) for name in sorted(found, reverse=True) if _ID.fullmatch(name)]


def upload(upload_id: str) -> Upload:
    """Return one upload."""
    meta = _read(place(upload_id))
    files = tuple(_stored(one) for one in meta["files"])
    return Upload(
        id=upload_id,
        by=meta["by"],
        by_name=meta["by_name"],
        at=meta["at"],
        files=tuple(sorted(files, key=lambda one: one.name)),
        start=meta.get("start", ""),
        has_mapping=(place(upload_id) / MAPPING).is_file(),
    )


def take_in(who: Actor, files: Sequence[Received]) -> Upload:
    """Begin an upload with files that have arrived.

    Raises:
        Refused: There is no file, or one of a kind that nothing reads.
    """
    _check(files, 0)
    upload_id = new_id()
    home = folder() / upload_id
    (home / "files").mkdir(mode=0o700, parents=True)
    meta = {"by": who.id, "by_name": who.name, "at": clock.stamp(clock.now()), "files": []}
    write_json(home / _META, meta)
    return add(upload_id, files)


def add(upload_id: str, files: Sequence[Received]) -> Upload:
    """Add files to an upload."""
    home = place(upload_id)

    def change(meta: dict[str, Any]) -> None:
        _check(files, len(meta["files"]))
        for one in files:
            name = _free(plain_name(one.name), {stored["name"] for stored in meta["files"]})
            os.replace(one.path, home / "files" / name)  # noqa: PTH105 - atomic, over what is there
            (home / "files" / name).chmod(0o600)
            stored = Stored(name, one.name[:300], one.sha256, one.size)
            meta["files"].append(asdict(stored))

    _change(home, change)
    return upload(upload_id)


def remove(upload_id: str, name: str) -> None:
    """Take a file out of an upload; what was imported of it stays in the record."""
    home = place(upload_id)

    def change(meta: dict[str, Any]) -> None:
        meta["files"] = [one for one in meta["files"] if one["name"] != name]

    stored = find(upload_id, name)
    _change(home, change)
    (home / "files" / stored.name).unlink(missing_ok=True)


def discard(upload_id: str) -> None:
    """Delete an upload's files; what was imported of them stays in the record."""
    home = place(upload_id)
    (home / _META).unlink()
    shutil.rmtree(home, ignore_errors=True)


def find(upload_id: str, name: str) -> Stored:
    """Return one file of an upload."""
    found = next((one for one in upload(upload_id).files if one.name == name), None)
    if found is None:
        raise Unknown("import.file_unknown", "This upload has no such file.")
    return found


def confirm(upload_id: str, name: str, reading: Reading | None) -> None:
    """Note that a person has looked at a file and said how it is read."""
    stored = replace(find(upload_id, name), reading=reading, confirmed=True)

    def change(meta: dict[str, Any]) -> None:
        meta["files"] = [asdict(stored) if f["name"] == name else f for f in meta["files"]]

    _change(place(upload_id), change)


def started(upload_id: str, key: str) -> None:
    """Note what the mapping was begun from."""
    _change(place(upload_id), lambda meta: meta.update(start=key))


def plain_name(given: str) -> str:
    """Return a file name of plain signs: no folder, nothing that a pattern or shell would read."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = _ODD.sub("_", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot:
        name = f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return name[:LONGEST_NAME] or "file"


def write_json(path: Path, content: Any) -> None:
    """Write a file that a reader sees whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    aside.replace(path)


def read_json(path: Path) -> Any:
    """Return what `write_json` wrote; None when nothing was, or it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _check(files: Sequence[Received], before: int) -> None:
    if not files:
        raise Refused("import.no_file", "No file came. Choose at least one, then send again.")
    if before + len(files) > MOST_FILES:
        raise Refused("import.too_many_files", f"An upload has at most {MOST_FILES} files.")
    for one in files:
        name = plain_name(one.name)
        if not name.lower().endswith(SUFFIXES):
            raise Refused(
                "import.file_kind",
                f"{name} is of a kind that cannot be read here. Nothing was kept.",
                {"todo": f"Export it as one of: {', '.join(SUFFIXES)}."},
            )
        if not one.size:
            raise Refused("import.file_empty", f"{name} is empty. Nothing was kept.")


def _free(name: str, taken: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    tried, number = name, 2
    while tried.casefold() in {one.casefold() for one in taken}:
        tried = f"{stem or suffix}-{number}{dot}{suffix if stem else ''}"
        number += 1
    return tried


def _change(home: Path, change: Callable[[dict[str, Any]], None]) -> None:
    with _lock:
        meta = _read(home)
        change(meta)
        write_json(home / _META, meta)


def _read(home: Path) -> dict[str, Any]:
    found = read_json(home / _META)
    if not isinstance(found, dict):
        raise Unknown("import.upload_unknown", "This upload is no longer there.")
    return found


def _stored(one: dict[str, Any]) -> Stored:
    reading = one.get("reading")
    return Stored(**one | {"reading": Reading(**reading) if reading else None})
