"""`daytwo serve`: the web server over a data directory."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THREADS = 16
"""Requests worked on at once; most of them wait for the disk or for a hash."""
IDLE_SECONDS = 600
"""How long a thread without work is kept, the longest there is: a new one opens all anew."""
MOST_WORKERS = 4
"""Processes that serve on PostgreSQL when nothing is said."""


@click.command()
@site_options
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--quiet", is_flag=True, hidden=True, help="Say nothing: the caller has.")
def verb(data: Path, as_json: bool, host: str, port: int, quiet: bool) -> None:
    """Serve the site until interrupted."""
    site = open_site(data)
    if not quiet:
        answer(
            as_json,
            {"address": f"http://{host}:{port}/", "data": str(site)},
            f"daytwo serves {site} at http://{host}:{port}/ (stop with Ctrl-C)",
        )
    run_server(host, port)


def serve_afresh(site: Path, host: str, port: int) -> NoReturn:
    """Serve a site by a process that begins anew in the place of this one.

    The server forks, and a fork takes no threads along: whoever waited for the ledger's writer, or
    for an engine, that worked here before would wait for ever.
    """
    sys.stdout.flush()
    # -P: a folder that somebody works in is no place to load programs from.
    words = ("serve", "--quiet", "--data", str(site), "--host", host, "--port", str(port))
    os.execv(sys.executable, [sys.executable, "-P", "-m", "daytwo.config.cli", *words])  # noqa: S606


def run_server(host: str, port: int) -> None:
    """Run the server in this process until it is stopped.

    One process holds the embedded database; on PostgreSQL a few share the work (`DAYTWO_WORKERS`).
    """
    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    workers = _workers()
    with _counted_together(workers):
        Granian(
            "daytwo.config.serving:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            blocking_threads_idle_timeout=IDLE_SECONDS,
            log_access=False,
            log_level=LogLevels.error,
        ).serve()


@contextmanager
def _counted_together(workers: int) -> Iterator[None]:
    """Give several processes a folder in which their counters add up, before they start."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="daytwo-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]


def _workers() -> int:
    """Return how many processes serve.

    The embedded file has one writer, so one process. On PostgreSQL each processor gets one, up to
    four: every process holds up to `THREADS` connections, and servers allow a hundred by default.

    Raises:
        click.ClickException: `DAYTWO_WORKERS` is not a whole number above 0.
    """
    if not os.environ.get("DATABASE_URL"):
        return 1
    given = os.environ.get("DAYTWO_WORKERS", "")
    if not given:
        return min(len(os.sched_getaffinity(0)), MOST_WORKERS)
    if not given.isdecimal() or int(given) < 1:
        message = f"DAYTWO_WORKERS must be a whole number above 0, not {given!r}."
        raise click.ClickException(message)
    return int(given)
