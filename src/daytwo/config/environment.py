"""What the environment decides: which database, where secrets lie, when shifts begin."""

from __future__ import annotations

import os
import re
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
)
"""WAL lets readers go on while one writes; FULL makes a commit durable before it is reported."""

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's description of the database.

    Args:
        url: `postgresql://…` as libpq takes it; empty for the embedded SQLite file.
        data_dir: Where the embedded file lies, as `daytwo.sqlite3`.

    Raises:
        ValueError: The address is not one of PostgreSQL.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data_dir / "daytwo.sqlite3"),
            "OPTIONS": {
                "init_command": SQLITE_PRAGMAS,
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
            },
            # A request thread keeps its connection: opening one costs more than a page.
            "CONN_MAX_AGE": None,
        }
    if not url.startswith(("postgresql://", "postgres://")):
        message = "DATABASE_URL must start with postgresql://; leave it unset for SQLite."
        raise ValueError(message)
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - an optional dependency

    parts = conninfo_to_dict(url)
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    settings: dict[str, Any] = {key: str(parts.pop(name, "") or "") for key, name in known.items()}
    settings["PORT"] = str(parts.pop("port", "") or "")
    return settings | {
        "ENGINE": "django.db.backends.postgresql",
        # The ledger's own statements are prepared by the server, Django's are not. A pooler between
        # must keep prepared statements (PgBouncer 1.22 and later do).
        "OPTIONS": dict(parts),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def shifts(text: str) -> tuple[int, ...]:
    """Return when a site's shifts begin, minutes after midnight.

    Args:
        text: Times of the site's clock, such as `06:00 14:00 22:00`, in the order of the day.

    Raises:
        ValueError: A word is no time of the day, there is none, or they are not in order.
    """
    starts = []
    for word in text.replace(",", " ").split():
        if not _TIME.fullmatch(word):
            message = f"DAYTWO_SHIFTS: {word!r} is no time of the day; write it as 06:00."
            raise ValueError(message)
        hour, minute = word.split(":")
        starts.append(60 * int(hour) + int(minute))
    if not starts or starts != sorted(set(starts)):
        message = f"DAYTWO_SHIFTS: {text!r} must be times in the order of the day, each once."
        raise ValueError(message)
    return tuple(starts)


def secret_key(data_dir: Path) -> str:
    """Return the key that signs sessions and challenges; made once a data directory.

    A production site gives it as `DAYTWO_SECRET_KEY`; otherwise it lies in `keys/secret.key`,
    readable by its owner only. Before a data directory exists a passing key is used.
    """
    given = os.environ.get("DAYTWO_SECRET_KEY", "")
    if given:
        return given
    path = data_dir / "keys" / "secret.key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if not data_dir.exists():
        return secrets.token_urlsafe(48)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    return key
