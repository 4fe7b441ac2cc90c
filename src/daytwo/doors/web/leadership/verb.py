"""`daytwo kpi pack`: the leadership pack as a PDF, the same as the page's button gives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from daytwo.doors.options import answer, open_site, site_options


@click.command()
@site_options
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write."
)
@click.option("--site", default="", help="Only this site.")
@click.option("--product", default="", help="Only this product code.")
@click.option("--line", default="", help="Only this line.")
@click.option("--period", default="", help="4w, 12w, 26w, 52w, 104w, all, custom [default: 26w].")
@click.option("--from", "since", default="", metavar="DAY", help="First day, with custom.")
@click.option("--to", "until", default="", metavar="DAY", help="Last day, with custom.")
@click.option("--compare", default="", help="previous, year or none [default: previous].")
@click.option(
    "--at",
    "moment",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S"]),
    help="The moment of printing, UTC; the same on the same snapshot gives the same bytes.",
)
def verb(data: Path, out: Path, moment: datetime | None, **query: Any) -> None:
    """Print the leadership pack: six figures, their charts, what to fix first, definitions."""
    open_site(data)
    from daytwo.doors.web import filters  # noqa: PLC0415 - after setup
    from daytwo.doors.web.leadership import pack, printing, reading  # noqa: PLC0415 - after setup
    from daytwo.kernel.clock import clock_set, now  # noqa: PLC0415 - after setup

    as_json = query.pop("as_json")
    at = now() if moment is None else moment.replace(tzinfo=UTC)
    named = {"from": query.pop("since"), "to": query.pop("until"), **query}
    with clock_set(lambda: at):
        asked = filters.read(named)
        if asked.wrong:
            raise click.ClickException(asked.wrong)
        stood = reading.read(asked)
        made = pack.pack(stood, asked, pack.Printing("daytwo kpi pack", at))
    found = printing.pdf(made, at)
    out.write_bytes(found)
    content = {"file": str(out), "bytes": len(found), "seq": stood.seq}
    answer(as_json, content, f"{out}: {len(found)} bytes, ledger up to event {stood.seq}")
