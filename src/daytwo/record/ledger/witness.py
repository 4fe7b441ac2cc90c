"""The witness outside the database: checkpoints as exported, held against those stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from daytwo.kernel.canonical import digest
from daytwo.kernel.merkle import root
from daytwo.record.ledger.checkpoint import (
    Checkpoint,
    heads_of,
    leaves,
    signature_holds,
)
from daytwo.record.ledger.sql import fetch_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from daytwo.record.ledger.checkpoint import Head

    Name = Callable[[str, int, str], None]

STREAM = "ledger/checkpoint"
"""Under which breaks of the checkpoints are named; the version is the checkpoint's number."""
_KEYS = {
    "number": int,
    "made_at": str,
    "last_seq": int,
    "streams": int,
    "root": str,
    "changed": list,
    "key": str,
}
_UNREADABLE = (ValueError, KeyError, TypeError, RecursionError)


def sound_checkpoints(directory: Path | None, name: Name) -> list[Checkpoint]:
    """Return the checkpoints that hold, in order, and name everything about the others.

    Args:
        directory: The data directory, whose `checkpoints` folder lies outside the database; None
            to ask the database alone.
        name: Told (stream, number, why) of each break.

    References:
        21 CFR 11.10(a), (c); RFC 6962 §2.1; RFC 8032.
    """
    stored = _read_rows(name)
    files = {} if directory is None else _read_files(directory, name)
    public = None if directory is None or not files else _public_key(directory, name)
    chain: list[Checkpoint] = []
    heads: dict[str, Head] = {}
    last = 0
    for number in sorted({*stored, *files}):
        exported, kept = files.get(number), stored.get(number)
        if number != last + 1:
            name(STREAM, last + 1, "is missing")
        last = number
        if directory is not None and number not in files:
            name(STREAM, number, "the exported file is missing; daytwo checkpoint writes it again")
        if number not in stored:
            name(STREAM, number, "is missing from the database")
        if exported and kept and exported.as_file() != kept.as_file():
            name(STREAM, number, "file and database do not hold the same checkpoint")
        candidates = [found for found in (exported, kept) if found is not None]
        whys = [_why_not(found, number, chain, heads, public) for found in candidates]
        if all(whys):
            name(STREAM, number, next(iter(whys), "is missing"))
            chain += candidates[:1]
        elif whys[0]:
            name(STREAM, number, f"the exported file: {whys[0]}")
            chain.append(candidates[1])
        else:
            chain.append(candidates[0])
        heads |= heads_of(chain[-1:])
    return chain


def _why_not(
    found: Checkpoint,
    number: int,
    chain: list[Checkpoint],
    heads: Mapping[str, Head],
    public: str | None,
) -> str:
    """Return why a checkpoint does not hold; empty when it does."""
    body = found.body
    if not signature_holds(found, public or str(body["key"])):
        return "the signature does not hold"
    previous = digest(dict(chain[-1].body)) if chain else None
    if body["previous"] != previous or found.number != number:
        return "does not follow the checkpoint before it"
    after = {**heads, **heads_of([found])}
    if root(leaves(after)).hex() != body["root"] or len(after) != body["streams"]:
        return "the Merkle root does not hold"
    return ""


def _public_key(directory: Path, name: Name) -> str | None:
    try:
        return (directory / "checkpoints" / "public.key").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        name(STREAM, 0, "the site's public key is missing or cannot be read")
        return None


def _read_files(directory: Path, name: Name) -> dict[int, Checkpoint | None]:
    """Return the exported checkpoints by the number of their file; None for an unreadable one."""
    found: dict[int, Checkpoint | None] = {}
    for path in sorted((directory / "checkpoints").glob("*.json")):
        number = int(path.stem) if path.stem.isdecimal() else 0
        try:
            content = json.loads(path.read_bytes())
            read = _checked(content["body"], content["signature"])
        except (OSError, *_UNREADABLE):
            name(STREAM, number, "the exported file cannot be read as a checkpoint")
            read = None
        if read is not None and read.number != number:
            name(STREAM, read.number, f"is the number inside the file of checkpoint {number}")
        if number:
            found[number] = read
    return found


def _read_rows(name: Name) -> dict[int, Checkpoint | None]:
    """Return the stored checkpoints by the number of their row; None for an unreadable one."""
    found: dict[int, Checkpoint | None] = {}
    shown = ("number", "made_at", "last_seq", "streams", "root")
    query = f"SELECT {', '.join(shown)}, body, signature FROM ledger_checkpoint"  # noqa: S608
    for *columns, body, signature in fetch_all(f"{query} ORDER BY number"):
        number, read = columns[0], None
        try:
            read = _checked(json.loads(body), signature)
        except _UNREADABLE:
            name(STREAM, number, "the stored row cannot be read as a checkpoint")
        if read is not None and columns != [read.body[key] for key in shown]:
            name(STREAM, number, "the columns of the stored row are not what was signed")
        found[number] = read
    return found


def _checked(body: Any, signature: Any) -> Checkpoint:
    """Return what was read as a checkpoint; one of `_UNREADABLE` when it has not its form."""
    for key, kind in _KEYS.items():
        if not isinstance(body[key], kind):
            raise TypeError(key)
    for stream, version, hash_ in body["changed"]:
        if not (isinstance(stream, str) and isinstance(version, int) and isinstance(hash_, str)):
            raise TypeError(stream)
    if not isinstance(signature, str):
        raise TypeError(signature)
    read = Checkpoint(dict(body) | {"previous": body["previous"]}, signature)
    read.as_file()  # what has no canonical form was not written by us
    return read
