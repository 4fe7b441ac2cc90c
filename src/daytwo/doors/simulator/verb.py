"""`daytwo simulate`: write the exports of a simulated plant, and the truth about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from daytwo.doors.options import answer, progress
from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.simulate import Outcome, simulate


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the exports and answers.json; made when missing.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="One seed is one plant.")
@click.option("--years", type=float, default=None, help="Length of the period.")
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Day of go-live; the Monday of its week is taken.  [default: 2024-01-08]",
)
@click.option("--batches-per-year", type=float, default=None, help="Of all lines together.")
@click.option(
    "--parameters",
    "changes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="YAML file of the figures that differ from the shipped ones.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verb(
    out: Path,
    seed: int,
    years: float | None,
    batches_per_year: float | None,
    changes: Path | None,
    as_json: bool = False,  # noqa: FBT001, FBT002 - click hands flags over as booleans
    start: datetime | str | None = None,
    *,
    silent: bool = False,
) -> None:
    """Simulate a plant: its MES, LIMS, QMS, ERP, HR and historian exports, and the answers."""
    given = {"years": years, "batches_per_year": batches_per_year}
    figures = {"plant": {name: value for name, value in given.items() if value is not None}}
    parameters = load(seed, changes, figures)
    if start is not None:
        day = datetime.fromisoformat(start) if isinstance(start, str) else start
        monday = day.date() - timedelta(days=day.weekday())
        parameters = replace(parameters, start=monday)
    outcome = simulate(parameters, out, progress("Simulating"))
    if not silent:
        answer(as_json, _content(out, seed, outcome), _words(out, seed, outcome))


def _content(out: Path, seed: int, outcome: Outcome) -> dict[str, Any]:
    return {
        "out": str(out),
        "seed": seed,
        "files": [
            {"name": f.name, "rows": f.rows, "bytes": f.size, "sha256": f.digest}
            for f in outcome.files
        ],
        "kpis": outcome.answers["kpis"],
    }


def _words(out: Path, seed: int, outcome: Outcome) -> str:
    traces = [f for f in outcome.files if f.name.startswith("historian/")]
    shown = [f for f in outcome.files if f not in traces]
    lines = [f"Simulated plant of seed {seed} in {out}:"]
    lines += [f"  {f.name:26}{f.rows:>8} rows  {f.digest}" for f in shown]
    rows = sum(f.rows for f in traces)
    lines.append(f"  historian/press_*.csv     {rows:>8} rows in {len(traces)} files")
    return "\n".join(lines)
