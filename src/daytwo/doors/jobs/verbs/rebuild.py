"""`daytwo rebuild`: make every projected row anew from the ledger, or only compare."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from daytwo.doors.options import answer, open_site, progress, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_options
@click.option("--check", is_flag=True, help="Compare with the live rows; change nothing.")
def verb(data: Path, as_json: bool, check: bool) -> None:
    """Rebuild the rows from the ledger; with --check compare and exit 1 on a difference."""
    open_site(data)
    from daytwo.record.ledger.rebuild import compare, rebuild  # noqa: PLC0415 - after setup

    if not check:
        count = rebuild(progress("Rebuilding"))
        answer(as_json, {"events": count}, f"Every row was made anew from {count} events.")
        return
    found = compare(progress("Comparing"))
    content = {
        "projections": found.projections,
        "tables": found.tables,
        "events": found.events,
        "equal": found.equal,
        "differing": [asdict(difference) for difference in found.differing],
    }
    words = [
        f"{d.table}: {d.missing} row(s) missing, {d.surplus} too many or changed"
        for d in found.differing
    ]
    equal = f"{found.tables} tables of {found.projections} projections equal the ledger."
    answer(as_json, content, "\n".join(words) or equal)
    sys.exit(0 if found.equal else 1)
