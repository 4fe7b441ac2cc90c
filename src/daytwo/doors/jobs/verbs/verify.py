"""`daytwo verify`: check every event, chain, head and checkpoint; silent when all is well."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_options
def verb(data: Path, as_json: bool) -> None:
    """Verify the record; exit 1 and name stream and version of what is broken."""
    site = open_site(data)
    from daytwo.record.ledger.verify import verify  # noqa: PLC0415 - after setup

    found = verify(site)
    content = {
        "events": found.events,
        "streams": found.streams,
        "checkpoints": found.checkpoints,
        "ok": found.ok,
        "broken": [asdict(broken) for broken in found.broken],
    }
    words = (f"{b.stream} version {b.version}: {b.why}" for b in found.broken)
    answer(as_json, content, "\n".join(words).encode(errors="backslashreplace").decode())
    sys.exit(0 if found.ok else 1)
