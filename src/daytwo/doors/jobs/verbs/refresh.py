"""`daytwo refresh`: bring the facts' files up to the ledger's last event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from daytwo.doors.options import answer, open_site, progress, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_options
def verb(data: Path, as_json: bool) -> None:
    """Write what is new in the ledger into the facts' files; a scheduler may do it each night."""
    open_site(data)
    from daytwo.insight.facts.follow import follower  # noqa: PLC0415 - after setup

    facts = follower()
    before = facts.cache.manifest.seq
    facts.refresh(progress("Folding"))
    content = {"seq": facts.seq, "events": facts.seq - before, "folder": str(facts.store.folder)}
    answer(as_json, content, f"The facts in {facts.store.folder} hold event {facts.seq}.")
