"""Checkpoints: every stream head in a Merkle tree, the root signed and laid outside."""

from __future__ import annotations

import base64
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from daytwo.kernel.canonical import canonical, digest
from daytwo.kernel.clock import now, stamp
from daytwo.kernel.ids import new_id
from daytwo.kernel.merkle import root
from daytwo.record.ledger.append import lock_streams
from daytwo.record.ledger.sql import execute, fetch_all, fetch_one
from daytwo.record.ledger.writer import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from daytwo.record.ledger.catalogue import Json

Head = tuple[int, str]
"""Version and hash of a stream's last event."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement of what the ledger held.

    Attributes:
        body: number, made_at, last_seq, streams, root (hex), previous (digest of the body
            before), changed ([stream, version, hash] since then), key (public, base64).
        signature: Ed25519 over the canonical body, base64.
    """

    body: Mapping[str, Json]
    signature: str

    @property
    def number(self) -> int:
        """Its place in the row of checkpoints, from 1."""
        return int(self.body["number"])

    def as_file(self) -> bytes:
        """Return what is written outside the database."""
        return canonical({"body": dict(self.body), "signature": self.signature}) + b"\n"


def leaf(stream: str, head: Head) -> bytes:
    """Return the Merkle leaf that stands for a stream's head."""
    return canonical([stream, head[0], head[1]])


def leaves(heads: Mapping[str, Head]) -> list[bytes]:
    """Return the leaves of a set of heads, in the order of the streams' names (code points)."""
    return [leaf(stream, heads[stream]) for stream in sorted(heads)]


def signing_key(directory: Path) -> Ed25519PrivateKey:
    """Return the site's checkpoint key from `keys/checkpoint.pem`, making it at the first call."""
    path = directory / "keys" / "checkpoint.pem"
    if path.exists():
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, Ed25519PrivateKey)  # noqa: S101 - the file is ours
        return key
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    part = path.with_suffix(f".{new_id()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(part, path)  # of two that make it at once, the first one's stands
    part.unlink()
    return signing_key(directory)


def public_text(key: Ed25519PublicKey) -> str:
    """Return a public key as base64 of its 32 bytes."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def make_checkpoint(directory: Path) -> Checkpoint:
    """Sign the present heads, store the checkpoint and export its file and the public key.

    Args:
        directory: The data directory; files go to its `checkpoints` folder.
    """
    key = signing_key(directory)
    checkpoint = write(lambda: _store(key))
    folder = directory / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "public.key").write_text(public_text(key.public_key()) + "\n", encoding="ascii")
    for each in read_stored():
        # Also what an earlier run stored, but could not export any more.
        _export(each, folder / f"{each.number:06d}.json")
    return checkpoint


def _export(checkpoint: Checkpoint, path: Path) -> None:
    if path.exists():
        return
    part = path.with_suffix(f".{new_id()}.part")
    part.write_bytes(checkpoint.as_file())
    part.replace(path)


def read_stored() -> list[Checkpoint]:
    """Return the checkpoints that the database holds, in order of their numbers."""
    rows = fetch_all("SELECT body, signature FROM ledger_checkpoint ORDER BY number")
    return [Checkpoint(json.loads(body), signature) for body, signature in rows]


def latest() -> Checkpoint | None:
    """Return the last checkpoint made, or None."""
    query = "SELECT body, signature FROM ledger_checkpoint ORDER BY number DESC LIMIT 1"
    row = fetch_one(query)
    return None if row is None else Checkpoint(json.loads(row[0]), row[1])


def signature_holds(checkpoint: Checkpoint, public: str) -> bool:
    """Say whether the signature over the body is by the given public key (base64)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        key.verify(base64.b64decode(checkpoint.signature), canonical(dict(checkpoint.body)))
    except (InvalidSignature, ValueError):
        return False
    return True


def heads_of(checkpoints: Iterable[Checkpoint]) -> dict[str, Head]:
    """Return the heads that a row of checkpoints, from the first on, adds up to."""
    heads: dict[str, Head] = {}
    for checkpoint in checkpoints:
        for stream, version, hash_ in checkpoint.body["changed"]:
            heads[stream] = (int(version), str(hash_))
    return heads


def _store(key: Ed25519PrivateKey) -> Checkpoint:
    lock_streams(("ledger/checkpoint",))
    stored = read_stored()
    before = heads_of(stored)
    rows = fetch_all("SELECT stream, version, hash FROM ledger_stream")
    heads: dict[str, Head] = {stream: (version, hash_) for stream, version, hash_ in rows}
    last = fetch_one("SELECT COALESCE(MAX(seq), 0) FROM ledger_event")
    body: dict[str, Json] = {
        "number": stored[-1].number + 1 if stored else 1,
        "made_at": stamp(now()),
        "last_seq": int(last[0]) if last else 0,
        "streams": len(heads),
        "root": root(leaves(heads)).hex(),
        "previous": digest(dict(stored[-1].body)) if stored else None,
        "changed": [
            [stream, *heads[stream]]
            for stream in sorted(heads)
            if heads[stream] != before.get(stream)
        ],
        "key": public_text(key.public_key()),
    }
    signature = base64.b64encode(key.sign(canonical(body))).decode()
    execute(
        "INSERT INTO ledger_checkpoint"
        " (number, made_at, last_seq, streams, root, body, signature)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            body["number"],
            body["made_at"],
            body["last_seq"],
            body["streams"],
            body["root"],
            canonical(body).decode(),
            signature,
        ),
    )
    return Checkpoint(body, signature)
