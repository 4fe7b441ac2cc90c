"""What every verb of the command line takes: `--data DIR` and `--json`; and opening a site."""

from __future__ import annotations

import json
import os
import sys
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
import django

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_DATA = "daytwo-data"


def site_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--data` and `--json`; the function gets `data: Path` and `as_json: bool`."""

    @click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=lambda: Path(os.environ.get("DAYTWO_DATA", DEFAULT_DATA)),
        help=f"Data directory [default: $DAYTWO_DATA or ./{DEFAULT_DATA}].",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapped


def open_site(data: Path, *, create: bool = False) -> Path:
    """Load the application over a data directory.

    Args:
        data: The data directory.
        create: Make it, and bring its tables up to date.

    Raises:
        click.ClickException: It is not there, or of another version.
    """
    data = data.absolute()
    os.environ["DAYTWO_DATA"] = str(data)
    embedded = not os.environ.get("DATABASE_URL")
    if create:
        data.mkdir(parents=True, exist_ok=True)
    elif embedded and not (data / "daytwo.sqlite3").exists():
        message = f"There is no site in {data}. Make one: daytwo init --data {data}"
        raise click.ClickException(message)
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    if create:
        call_command("migrate", verbosity=0)
    else:
        _check_tables()
    return data


def _check_tables() -> None:
    from django.db import connection  # noqa: PLC0415 - after setup
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415
    from django.db.utils import DatabaseError  # noqa: PLC0415

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return  # A damaged file is for `verify` to describe.
    if pending:
        message = "The tables are of an older version. Bring them up to date: daytwo init"
        raise click.ClickException(message)


def answer(as_json: bool, content: dict[str, Any], text: str) -> None:  # noqa: FBT001
    """Print the result: the JSON contract alone, or words for people."""
    if as_json:
        sys.stdout.write(json.dumps(content, ensure_ascii=True) + "\n")
    elif text:
        click.echo(text)


def progress(label: str) -> Callable[[int, int], None]:
    """Return a function that draws a bar on standard error as work goes on."""
    bars: list[Any] = []

    def report(done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if not bars:
            bar = click.progressbar(length=max(total, 1), label=label, file=sys.stderr)
            bars.append(bar.__enter__())
        bars[0].update(done - bars[0].pos)
        if done >= total:
            bars.pop().render_finish()

    return report


def whole_file(out: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Put a file in place once it is whole; what was there stays until then.

    Raises:
        click.ClickException: There is no such folder.
    """
    if not out.parent.is_dir():
        raise click.ClickException(f"There is no folder {out.parent} to write {out.name} into.")
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            write(file)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
