"""The conditions of a run: what the machine is, and how busy it was, without naming it."""

from __future__ import annotations

import os
import platform
import sqlite3


def conditions() -> dict[str, object]:
    """Return processors, memory, versions and the load of the last minute."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "memory_gb": round(_memory_bytes() / 1e9),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_at_start": round(os.getloadavg()[0], 2),
    }


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
