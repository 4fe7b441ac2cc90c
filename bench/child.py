"""One measurement in a process of its own, so that none inherits another's caches or memory."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from bench import bulk, chain, engine, growth, kpi, leadership, many, signed, site, step, wire
from bench.figures import Figure
from bench.plan import FULL, QUICK, Ground

MEASUREMENTS = {
    module.MEASUREMENT.name: module.MEASUREMENT
    for module in (step, growth, signed, wire, many, chain, bulk, kpi, engine, leadership)
}
HERE = Path(__file__).resolve().parent
POPULATE = "populate"


def run(name: str, ground: Ground, *, quick: bool) -> list[Figure]:
    """Measure in a child and return its figures.

    Raises:
        subprocess.CalledProcessError: The measurement failed; a figure would mean nothing.
    """
    out = ground.data / "figures.json"
    command = [sys.executable, "-m", "bench.child", name, "--data", str(ground.data)]
    command += ["--url", ground.url, "--label", ground.label, "--out", str(out)]
    command += ["--quick"] if quick else []
    subprocess.run(command, check=True, cwd=HERE.parent)
    return [Figure(**figure) for figure in json.loads(out.read_text(encoding="utf-8"))]


def populate(data: Path, url: str) -> None:
    """Make, in a child, the site that every measurement starts from."""
    command = [sys.executable, "-m", "bench.child", POPULATE, "--data", str(data), "--url", url]
    subprocess.run(command, check=True, cwd=HERE.parent)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=[POPULATE, *MEASUREMENTS])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--url", default="")
    parser.add_argument("--label", default="")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    site.configure(given.data, given.url)
    if given.name == POPULATE:
        site.populate()
        return
    ground = Ground(given.data, given.url, given.label)
    figures = MEASUREMENTS[given.name].measure(QUICK if given.quick else FULL, ground)
    given.out.write_text(json.dumps([asdict(f) for f in figures]), encoding="utf-8")


if __name__ == "__main__":
    main()
