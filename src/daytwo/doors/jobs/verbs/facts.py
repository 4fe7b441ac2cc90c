"""`daytwo facts`: the fact tables with rows, months and place in the ledger."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from daytwo.doors.options import answer, open_site, progress, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_options
@click.option("--rebuild", is_flag=True, help="Make every fact anew from the first event.")
@click.option("--check", is_flag=True, help="Compare with facts made anew; change nothing.")
@click.option(
    "--publish",
    metavar="URL",
    default="",
    help="Copy the facts into the schema `facts` of a PostgreSQL (postgresql://...).",
)
def verb(data: Path, as_json: bool, rebuild: bool, check: bool, publish: str) -> None:
    """List the facts; --rebuild, --check (exit 1 on a difference), --publish."""
    open_site(data)
    if check:
        _check(as_json)
        return
    from daytwo.insight.facts.checking import states  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.follow import follower  # noqa: PLC0415

    facts = follower()
    if rebuild:
        facts.rebuild(progress("Rebuilding"))
    snapshot = facts.snapshot()
    if publish:
        from daytwo.insight.facts.engine.live import over  # noqa: PLC0415 - after setup
        from daytwo.insight.facts.engine.postgres import publish as copy  # noqa: PLC0415

        copy(over(snapshot), snapshot.seq, publish)
    found = [asdict(state) for state in states(snapshot)]
    content: dict[str, Any] = {
        "seq": snapshot.seq,
        "seq_in_files": snapshot.manifest.seq,
        "folder": str(facts.store.folder),
        "published": bool(publish),
        "facts": found,
    }
    lines = [f"{f['name']:16} {f['rows']:>10} rows {f['months']:>5} files" for f in found]
    place = f"Event {snapshot.seq} of the ledger; in the files event {snapshot.manifest.seq}."
    answer(as_json, content, "\n".join([*lines, place]))


def _check(as_json: bool) -> None:
    from daytwo.insight.facts.checking import compare  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.follow import follower  # noqa: PLC0415

    differing = compare(follower(), progress("Comparing"))
    content = {"equal": not differing, "differing": [asdict(d) for d in differing]}
    words = [
        f"{d.name}: {d.missing} row(s) missing, {d.surplus} too many, {d.changed} changed,"
        f" such as {d.example}"
        for d in differing
    ]
    answer(as_json, content, "\n".join(words) or "Every fact equals one made anew.")
    sys.exit(1 if differing else 0)
