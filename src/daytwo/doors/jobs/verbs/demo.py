"""`daytwo demo`: a site with two years behind it, imported like any customer's, and served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daytwo.doors.jobs.verbs.serve import serve_afresh
from daytwo.doors.options import answer, open_site, progress, site_options

TABLETS = Path("..") / "shared" / "reference" / "tablets"
"""Where the public data set lies beside a checkout of the house."""


SYSTEMS = ("mes", "erp", "lims", "qms", "hr", "historian")
"""The simulated plant's systems, in the order in which their exports are imported."""


@click.command()
@site_options
@click.option("--no-serve", is_flag=True, help="Make the site and stop.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--years",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0.1, 10),
    help="How long the simulated plant has run.",
)
@click.option("--seed", default=1, show_default=True, help="One seed is one plant.")
@click.option(
    "--tablets",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="Folder of the tablet data set to import beside the simulated plant.",
)
@click.pass_context
def verb(
    context: click.Context,
    data: Path,
    as_json: bool,
    no_serve: bool,
    host: str,
    port: int,
    years: float,
    seed: int,
    tablets: Path | None,
) -> None:
    """Make a demonstration site and serve it.

    A plant is simulated, and what its systems export is imported like any customer's; beside it
    simulated people execute, review and release some batches here.
    """
    site = open_site(data, create=True)
    from daytwo.record.access.queries import people  # noqa: PLC0415 - after setup
    from daytwo.record.ledger.checkpoint import make_checkpoint  # noqa: PLC0415

    made = not people()
    plant: dict[str, Any] = {}
    imported: dict[str, Any] = {}
    if made:
        _simulate()
        plant = _import_plant(context, site, years, seed)
        imported = _import_tablets(context, site, tablets)
        _make_figures(years)
        make_checkpoint(site)
    words = _words(site, f"http://{host}:{port}/", plant, imported, made=made)
    content = {
        "data": str(site),
        "made": made,
        "plant": plant or None,
        "tablets": imported or None,
    }
    answer(as_json, content, words)
    if not no_serve:
        serve_afresh(site, host, port)


def _simulate() -> None:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    from daytwo.doors.jobs.demo.cast import employ  # noqa: PLC0415 - after setup
    from daytwo.doors.jobs.demo.plant import approve_example, install_equipment  # noqa: PLC0415
    from daytwo.doors.jobs.demo.weeks import SimulatedClock, Weeks  # noqa: PLC0415
    from daytwo.kernel.clock import clock_set  # noqa: PLC0415
    from daytwo.record.access.clockwatch import forget_anchor  # noqa: PLC0415

    clock = SimulatedClock(datetime.now(UTC) - timedelta(days=40))
    with clock_set(clock):
        employ()
        master = approve_example()
        equipment = install_equipment(master)
        Weeks(master, clock, equipment, progress("Simulating weeks of work")).run()
    forget_anchor()


def _make_figures(years: float) -> None:
    """Bring the facts up to date, so that the first page is quick; freeze baselines upon them."""
    from daytwo.doors.jobs.demo.goals import set_goals  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.follow import follower  # noqa: PLC0415 - loads the engine

    follower().refresh(progress("Making facts"))
    set_goals(years)
    follower().refresh()


def _import_plant(
    context: click.Context, site: Path, years: float, seed: int
) -> dict[str, dict[str, int]]:
    """Simulate a plant up to the last Monday, and import what each of its systems exports."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    today = datetime.now(UTC).date()
    start = today - timedelta(days=today.weekday(), weeks=round(years * 52))
    folder = site / "exports" / "plant"
    simulator = _verb(context, "simulate")
    if simulator is None:  # pragma: no cover - a house without that door
        return {}
    context.invoke(
        simulator, out=folder, seed=seed, years=years, start=start.isoformat(), silent=True
    )
    return {name: _imported(context, site, f"plant-{name}", folder) for name in SYSTEMS}


def _import_tablets(context: click.Context, site: Path, tablets: Path | None) -> dict[str, int]:
    folder = tablets or TABLETS
    return _imported(context, site, "tablets", folder) if folder.is_dir() else {}


def _imported(context: click.Context, site: Path, mapping: str, folder: Path) -> dict[str, int]:
    importer = _verb(context, "import")
    if importer is None:
        return {}
    found: dict[str, Any] = context.invoke(
        importer, data=site, as_json=False, mapping=mapping, source=folder, silent=True
    )
    return {key: found[key] for key in ("read", "made", "already", "rows_set_aside", "events")}


def _verb(context: click.Context, name: str) -> click.Command | None:
    group = context.find_root().command
    return group.get_command(context, name) if isinstance(group, click.Group) else None


def _words(
    site: Path,
    address: str,
    plant: dict[str, dict[str, int]],
    imported: dict[str, int],
    *,
    made: bool,
) -> str:
    from daytwo.doors.jobs.demo.cast import PASSWORD, PEOPLE  # noqa: PLC0415 - after setup

    lines = [f"The demonstration site is {'made' if made else 'here already'}: {site}"]
    lines += [
        f"Simulated {name.upper()}: {n['read']} rows read, {n['events']} events,"
        f" {n['rows_set_aside']} rows set aside."
        for name, n in plant.items()
    ]
    if imported:
        lines.append(f"Tablet data set imported: {imported['read']} rows read.")
    elif made:
        lines.append("The tablet data set is not here; give its folder with --tablets.")
    people = ", ".join(f"{person_id} ({role})" for person_id, _, role in PEOPLE)
    lines += [
        f"Sign in at {address} as ada (administrator), {people}.",
        f"Password of all: {PASSWORD}",
        "What was simulated or imported says so in its origin; what you do from here on is native.",
    ]
    return "\n".join(lines)
