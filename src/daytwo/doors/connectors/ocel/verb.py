"""`daytwo ocel`: the record of any period as an object-centric event log (OCEL 2.0)."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daytwo.doors.connectors.period import moment
from daytwo.doors.options import answer, open_site, site_options

if TYPE_CHECKING:
    from daytwo.doors.connectors.ocel.log import Log

_SUFFIXES = (".json", ".jsonocel", ".sqlite")


@click.command()
@site_options
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write: .json, .jsonocel or .sqlite.",
)
@click.option("--since", default="", help="Only what happened from this day or instant (ISO) on.")
@click.option("--until", default="", help="Only what happened before this day or instant (ISO).")
def verb(
    data: Path,
    as_json: bool,  # noqa: FBT001 - click's form
    out: Path,
    since: str,
    until: str,
) -> None:
    """Write events, objects and their relations as OCEL 2.0; people as their roles."""
    if out.suffix not in _SUFFIXES:
        message = f"{out.name} must end with one of {', '.join(_SUFFIXES)}."
        raise click.ClickException(message)
    open_site(data)
    found = export(out, moment(since), moment(until))
    words = f"Wrote {found['events']} events and {found['objects']} objects to {out}."
    if left_out := sum(found["left_out"].values()):
        words += f" Left out {left_out} events that speak of no object."
    answer(as_json, found, words)


def export(out: Path, since: str = "", until: str = "") -> dict[str, Any]:
    """Write the log of a period; the file appears whole or not at all.

    Args:
        out: The file; its suffix says which of the two forms.
        since: Canonical UTC text; empty for all.
        until: Canonical UTC text (exclusive); empty for all.

    Returns:
        File and counts.
    """
    from daytwo.doors.connectors.ocel.jsonlog import write_json  # noqa: PLC0415 - after setup
    from daytwo.doors.connectors.ocel.ledger import collect  # noqa: PLC0415
    from daytwo.doors.connectors.ocel.log import Log  # noqa: PLC0415
    from daytwo.doors.connectors.ocel.sqlitelog import write_sqlite  # noqa: PLC0415

    begun = out.with_name(f".{out.name}.{os.getpid()}")
    with closing(Log()) as log:
        left_out = collect(log, since, until)
        try:
            (write_sqlite if out.suffix == ".sqlite" else write_json)(log, begun)
            begun.replace(out)
        finally:
            begun.unlink(missing_ok=True)
        return _counts(log, out) | {"left_out": left_out}


def _counts(log: Log, out: Path) -> dict[str, Any]:
    events, objects = log.counts("event"), log.counts("object")
    e2o, o2o = log.relations()
    return {
        "file": str(out),
        "events": sum(events.values()),
        "objects": sum(objects.values()),
        "event_types": events,
        "object_types": objects,
        "relations": {"event_object": e2o, "object_object": o2o},
    }
