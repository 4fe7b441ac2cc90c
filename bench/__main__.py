"""`python -m bench`: every measurement in a process of its own, one table, and its JSON."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import child
from bench.figures import Figure, as_json, not_built, table
from bench.grounds import Grounds
from bench.host import conditions

HERE = Path(__file__).resolve().parent
LATER = (
    "genealogy of a lot in 10 000 batches, six levels, both ways",
    "100-page batch record to PDF",
)
"""Budgets of performance.md whose subject the house does not have yet."""


def main() -> int:
    arguments = _arguments()
    figures: list[Figure] = []
    started = conditions()
    with Grounds(arguments.scratch) as grounds:
        for measurement in child.MEASUREMENTS.values():
            if arguments.only and measurement.name not in arguments.only:
                continue
            for kind in measurement.grounds:
                ground = grounds.prepare(kind, measurement.name)
                if ground is None:
                    print(f"{measurement.name}: no {kind} here, left out", file=sys.stderr)
                    continue
                print(f"{measurement.name} on {kind} ...", file=sys.stderr, flush=True)
                figures += child.run(measurement.name, ground, quick=arguments.quick)
    if not arguments.only:
        figures += [not_built(work) for work in LATER]
    report = {
        "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "quick": arguments.quick,
        "host": started | {"load_at_end": conditions()["load_at_start"]},
        "figures": as_json(figures),
    }
    print(table(figures))
    missed = [figure for figure in figures if figure.met is False]
    print(f"\n{len(missed)} budget(s) missed of {sum(f.met is not None for f in figures)}.")
    _keep(report, arguments.results)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the least of everything: smoke")
    parser.add_argument("--only", action="append", choices=sorted(child.MEASUREMENTS), default=[])
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--results", type=Path, default=HERE / "results")
    return parser.parse_args()


def _keep(report: dict[str, object], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kind = f"{platform.system().lower()}-{platform.machine()}"
    path = folder / f"{str(report['made'])[:10]}-{kind}.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="ascii")
    print(f"Kept as {path.name}.")


if __name__ == "__main__":
    sys.exit(main())
