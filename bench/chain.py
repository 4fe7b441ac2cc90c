"""Verification of every chain from the database, beside SHA-256 of the same bytes read from it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

from bench import imports
from bench.figures import Figure, context, rate_beside
from bench.plan import Ground, Measurement, Scale
from bench.rounds import alternate, medians, timed
from bench.site import FILE

if TYPE_CHECKING:
    from pathlib import Path

LEAST = 1 / 2
GROUP = "chain verification"
PLAIN = frozenset({"origin", "payload", "command_position", "schema", "seq", "version"})
"""Columns that stand in the hashed text as they are."""
FREE = frozenset({"actor_name", "actor_role", "reason"})
"""Columns of people's texts, quoted as JSON."""


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure over a ledger made by bulk append."""
    imports.append(1, scale.chain // imports.EVENTS)
    path = ground.data / FILE
    ours, raw = _count_ours(), _count_raw(path)
    if ours != raw:
        message = f"verified {ours} events, hashed {raw}"
        raise RuntimeError(message)
    sides = {
        "ours": lambda: ours / timed(_count_ours),
        "raw": lambda: raw / timed(lambda: _count_raw(path)),
    }
    rates = medians(alternate(scale.rounds, sides))
    return [
        context(GROUP, "events verified", float(ours), ""),
        rate_beside(
            GROUP,
            "events verified a second",
            rates["ours"],
            "/s",
            beside_what="/s hashed only",
            beside=rates["raw"],
            least=LEAST,
        ),
    ]


def _count_ours() -> int:
    """Follow every chain as `daytwo verify` does; return the number of events."""
    from daytwo.record.ledger.snapshot import sqlite_snapshot  # noqa: PLC0415 - after setup
    from daytwo.record.ledger.verify import ChainCheck, Verification  # noqa: PLC0415

    result = Verification()
    check = ChainCheck(result, set())
    with sqlite_snapshot() as snapshot:
        for page in snapshot.pages():
            check.take(page)
    if not result.ok:
        message = f"the chain does not hold: {result.broken[:3]}"
        raise RuntimeError(message)
    return result.events


def _count_raw(path: Path) -> int:
    """Hash exactly the bytes that each event's hash covers, put together by SQLite."""
    count = 0
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        for (text,) in connection.execute(f"SELECT {_text()} FROM ledger_event ORDER BY seq"):
            sha256(text).digest()
            count += 1
    return count


def _text() -> str:
    """Return the SQL expression of an event's canonical envelope."""
    from daytwo.record.ledger.envelope import COLUMNS  # noqa: PLC0415 - after setup

    parts = []
    for name in sorted(set(COLUMNS) - {"hash"}):
        if name in PLAIN:
            parts.append(f"'\"{name}\":' || {name}")
        elif name in FREE:
            parts.append(f"'\"{name}\":' || json_quote({name})")
        else:
            parts.append(f"'\"{name}\":\"' || {name} || '\"'")
    return "'{' || " + " || ',' || ".join(parts) + " || '}'"


MEASUREMENT = Measurement("chain", ("disk",), measure)
