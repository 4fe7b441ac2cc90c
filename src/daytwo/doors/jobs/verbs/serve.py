"""`daytwo serve`: the web server over a data directory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from pathlib import Path

THREADS = 16
"""Requests worked on at once; most of them wait for the disk or for a hash."""


@click.command()
@site_options
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def verb(data: Path, as_json: bool, host: str, port: int) -> None:
    """Serve the site until interrupted."""
    site = open_site(data)
    answer(
        as_json,
        {"address": f"http://{host}:{port}/", "data": str(site)},
        f"daytwo serves {site} at http://{host}:{port}/ (stop with Ctrl-C)",
    )
    run_server(host, port)


def run_server(host: str, port: int) -> None:
    """Run the server in this process until it is stopped.

    One process holds the embedded database; PostgreSQL may have several (`DAYTWO_WORKERS`).
    """
    from granian import Granian  # noqa: PLC0415 - only the server needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    workers = int(os.environ.get("DAYTWO_WORKERS", "1")) if os.environ.get("DATABASE_URL") else 1
    Granian(
        "daytwo.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()
