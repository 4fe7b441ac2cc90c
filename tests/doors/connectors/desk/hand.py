"""Hands at the desk in tests: files that arrive, an upload with the sample's files."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from daytwo.doors.importing import Received, desk
from daytwo.record.ledger.envelope import Actor
from tests.doors.connectors import sample

if TYPE_CHECKING:
    from pathlib import Path

IVO = Actor("ivo", "Ivo Kunz", "integrator")
ABOUT = {
    "id": "north",
    "title": "North",
    "system": "old-mes",
    "site": "north",
    "time_zone": "Europe/Vienna",
}


def arrived(tmp_path: Path, name: str, content: bytes | str) -> Received:
    """Lay a file where files arrive."""
    data = content.encode() if isinstance(content, str) else content
    folder = tmp_path / "arriving"
    folder.mkdir(exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.part"
    path.write_bytes(data)
    return Received(name, path, hashlib.sha256(data).hexdigest(), len(data))


def brought(tmp_path: Path, mapping: str = sample.MAPPING, batches: str = sample.BATCHES) -> str:
    """Bring the sample's files in, with a mapping text; return the upload's id."""
    files = [
        arrived(tmp_path, "products.csv", sample.PRODUCTS),
        arrived(tmp_path, "batches.csv", batches),
    ]
    upload = desk().take_in(IVO, files)
    if mapping:
        desk().write(upload.id, mapping)
    return upload.id
