"""`daytwo checkpoint`: sign the present heads and lay the proof outside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_options
def verb(data: Path, as_json: bool) -> None:
    """Make and export a signed checkpoint."""
    site = open_site(data)
    from daytwo.record.ledger.checkpoint import make_checkpoint  # noqa: PLC0415 - after setup

    made = make_checkpoint(site)
    path = site / "checkpoints" / f"{made.number:06d}.json"
    body = {key: made.body[key] for key in ("number", "made_at", "last_seq", "streams", "root")}
    words = f"Checkpoint {made.number} over {made.body['streams']} streams: {path}"
    answer(as_json, body | {"file": str(path)}, words)
