"""`daytwo init`: make a data directory, its tables, its keys and the first administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_options
@click.option("--administrator", default="", help="Id of the first person, who opens accounts.")
@click.option("--name", default="", help="Printed name of the first person.")
@click.option("--password", default="", help="Asked for when not given.")
def verb(data: Path, as_json: bool, administrator: str, name: str, password: str) -> None:
    """Make a site, or bring its tables up to date."""
    site = open_site(data, create=True)
    from daytwo.record.access import account  # noqa: PLC0415 - after setup
    from daytwo.record.ledger.checkpoint import signing_key  # noqa: PLC0415

    signing_key(site)
    if administrator:
        password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
        account.first_administrator(administrator, name or administrator, password)
    made = {"data": str(site), "administrator": administrator or None}
    answer(as_json, made, f"The site is ready in {site}. Start it: daytwo serve --data {site}")
