"""`daytwo demo`: a site with simulated weeks behind it, and the door opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daytwo.doors.jobs.verbs.serve import run_server
from daytwo.doors.options import answer, open_site, progress, site_options

TABLETS = Path("..") / "shared" / "reference" / "tablets"
"""Where the public data set lies beside a checkout of the house."""


@click.command()
@site_options
@click.option("--no-serve", is_flag=True, help="Make the site and stop.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--tablets",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="Folder of the tablet data set to import beside the simulated batches.",
)
@click.pass_context
def verb(
    context: click.Context,
    data: Path,
    as_json: bool,
    no_serve: bool,
    host: str,
    port: int,
    tablets: Path | None,
) -> None:
    """Make a demonstration site (simulated people, real commands) and serve it."""
    site = open_site(data, create=True)
    from daytwo.record.access.queries import people  # noqa: PLC0415 - after setup
    from daytwo.record.ledger.checkpoint import make_checkpoint  # noqa: PLC0415

    made, imported = not people(), {}
    if made:
        _simulate()
        imported = _import_tablets(context, site, tablets)
        make_checkpoint(site)
    words = _words(site, f"http://{host}:{port}/", imported, made=made)
    answer(as_json, {"data": str(site), "made": made, "tablets": imported or None}, words)
    if not no_serve:
        run_server(host, port)


def _simulate() -> None:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    from daytwo.doors.jobs.demo.cast import employ  # noqa: PLC0415 - after setup
    from daytwo.doors.jobs.demo.plant import approve_example, install_equipment  # noqa: PLC0415
    from daytwo.doors.jobs.demo.weeks import SimulatedClock, Weeks  # noqa: PLC0415
    from daytwo.kernel.clock import clock_set  # noqa: PLC0415
    from daytwo.record.access.clockwatch import forget_anchor  # noqa: PLC0415

    clock = SimulatedClock(datetime.now(UTC) - timedelta(days=75))
    with clock_set(clock):
        employ()
        master = approve_example()
        equipment = install_equipment(master)
        Weeks(master, clock, equipment, progress("Simulating weeks of work")).run()
    forget_anchor()


def _import_tablets(context: click.Context, site: Path, tablets: Path | None) -> dict[str, Any]:
    folder = tablets or TABLETS
    group = context.find_root().command
    importer = group.get_command(context, "import") if isinstance(group, click.Group) else None
    if importer is None or not folder.is_dir():
        return {}
    found: dict[str, Any] = context.invoke(
        importer, data=site, as_json=False, mapping="tablets", source=folder, silent=True
    )
    return {key: found[key] for key in ("read", "made", "already", "rows_set_aside")}


def _words(site: Path, address: str, imported: dict[str, Any], *, made: bool) -> str:
    from daytwo.doors.jobs.demo.cast import PASSWORD, PEOPLE  # noqa: PLC0415 - after setup

    lines = [f"The demonstration site is {'made' if made else 'here already'}: {site}"]
    if imported:
        lines.append(f"Tablet data set imported: {imported['read']} rows read.")
    elif made:
        lines.append("The tablet data set is not here; give its folder with --tablets.")
    people = ", ".join(f"{person_id} ({role})" for person_id, _, role in PEOPLE)
    lines += [
        f"Sign in at {address} as ada (administrator), {people}.",
        f"Password of all: {PASSWORD}",
        "Everything simulated says so in its origin; what you do from here on is native.",
    ]
    return "\n".join(lines)
