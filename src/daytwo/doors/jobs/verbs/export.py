"""`daytwo export`: one record with its proof, to be verified anywhere without daytwo."""

from __future__ import annotations

from pathlib import Path

import click

from daytwo.doors.options import answer, open_site, site_options


@click.command()
@site_options
@click.option("--stream", required=True, help="Such as batch/B-0001.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write to.",
)
def verb(data: Path, as_json: bool, stream: str, out: Path) -> None:
    """Export a stream's events with the proof that a signed checkpoint holds them."""
    site = open_site(data)
    from daytwo.record.ledger.export import write_export  # noqa: PLC0415 - after setup

    folder = write_export(stream, site, out)
    check = f"python {folder}/verify_export.py {folder}/record.json {folder}/public.key"
    words = f"Exported to {folder}. Verify: {check}"
    answer(as_json, {"stream": stream, "folder": str(folder)}, words)
