"""`daytwo catalogue`: the catalogues of events, permissions, states and KPIs, from the code."""

from __future__ import annotations

from pathlib import Path

import click
import django

from daytwo.doors.options import answer, site_options


@click.command()
@site_options
@click.option(
    "--write",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder to write the catalogues to; without it they are printed.",
)
def verb(data: Path, as_json: bool, folder: Path | None) -> None:
    """Make the catalogues that stand in `docs`; needs no site."""
    del data  # every verb takes it; a catalogue is of the code, not of a site
    django.setup()
    from daytwo.doors.jobs import catalogues  # noqa: PLC0415 - after setup

    if folder is None:
        made = catalogues.pages()
        answer(as_json, {"pages": made, "files": []}, "\n".join(made.values()))
        return
    files = [path.as_posix() for path in catalogues.write(folder)]
    answer(as_json, {"pages": {}, "files": files}, "\n".join(f"Written: {f}" for f in files))
