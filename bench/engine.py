"""KPIs by week, site and product over fifty million step events, beside what others would take.

Every KPI that has a site and a product, beside the same written by hand in DuckDB's SQL, in Polars
and in pandas, and beside Spark over the same files.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, context
from bench.history import MONTHS, make
from bench.plan import Ground, Measurement, Scale
from bench.rounds import alternate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GROUP = "KPI engine"
EVENTS_A_STEP = 5
"""Offered, claimed, entered, signed, completed: what the ledger holds of a step."""
MOST = 1.5
NEAR = 1e-9
BESIDE = {
    "every-sql": "hand-written SQL",
    "every-polars": "Polars",
    "every-pandas": "pandas",
    "every-spark": "Spark",
}
RIVALS = ("every", "every-sql", "every-polars")
"""In turns; the others once, as they take longer."""
WHAT = (
    ("time", "seconds", "s"),
    ("memory at the most", "peak_mb", "MB"),
    ("time of the first answer of a process", "first", "s"),
)
LONGEST_S = 1800
HERE = Path(__file__).resolve().parent


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure each contender in a process of its own: the fast ones in turns, the others once."""
    folder = ground.data / "history"
    folder.mkdir()
    make(folder, scale.analysed // EVENTS_A_STEP)
    size = sum(file.stat().st_size for file in folder.glob("*/*.parquet")) / 1e6
    found: dict[str, list[dict[str, Any]]] = {"every": [], **{name: [] for name in BESIDE}}

    def run(name: str) -> float:
        found[name].append(_answer(name, folder))
        return float(found[name][-1]["seconds"])

    alternate(min(scale.rounds, 3), {name: lambda n=name: run(n) for name in RIVALS})
    silent = {}
    for name in [name for name in BESIDE if name not in RIVALS]:
        try:
            run(name)
        except subprocess.SubprocessError as error:
            silent[name] = _why(name, error)
    shutil.rmtree(folder)
    _same(found)
    told = context(GROUP, f"{scale.analysed} events as Parquet, {MONTHS} months", size, "MB")
    return [told, *_lines(found, silent)]


def _why(name: str, error: subprocess.SubprocessError) -> str:
    """Return why there are no figures, in a few words."""
    library = {"every-spark": "pyspark"}.get(name, name.removeprefix("every-"))
    java = shutil.which("java") or name != "every-spark"
    if not java or importlib.util.find_spec(library) is None:
        return "not installed here"
    status = getattr(error, "returncode", None)
    return f"not in {LONGEST_S} s" if status is None else f"its process ended with {status}"


def _answer(name: str, folder: Path) -> dict[str, Any]:
    """Return what a contender told.

    Raises:
        subprocess.SubprocessError: It ended without an answer, or has not ended.
    """
    command = [sys.executable, "-m", "bench.contenders", name, str(folder)]
    done = subprocess.run(
        command,
        check=True,
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=LONGEST_S,
    )
    answer: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return answer


def _same(found: dict[str, list[dict[str, Any]]]) -> None:
    """Refuse to compare times of different figures: groups, value, n, P90 and limits of each."""
    first, *others = (answer["figures"] for answers in found.values() for answer in answers)
    for other in others:
        differing = [
            kpi
            for kpi in first.keys() | other.keys()
            if not _near(first.get(kpi, ()), other.get(kpi, ()))
        ]
        if differing or len(first) < 50:
            message = f"Of {len(first)} KPIs these differ: {differing}"
            raise RuntimeError(message)


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) > 0 and all(
        abs(a - b) <= NEAR * max(1.0, abs(a)) for a, b in zip(one, other, strict=True)
    )


def _lines(found: dict[str, list[dict[str, Any]]], silent: dict[str, str]) -> Iterator[Figure]:
    figures = found["every"][0]["figures"]
    rows = sum(groups for groups, *_ in figures.values())
    work = f"every KPI of a product: {len(figures)}, by week x site x product"
    yield context(GROUP, work, rows, "rows")
    for name, beside in BESIDE.items():
        if name in silent:
            yield Figure(GROUP, f"  beside {beside}: {silent[name]}", None, "")
            continue
        for what, key, unit in WHAT:
            one, other = (median(answer[key] for answer in found[n]) for n in ("every", name))
            budget, met = _budget(name, key, one / other)
            work = f"  beside {beside}, {what}"
            yield Figure(GROUP, work, one, unit, beside, other, one / other, budget, met)


def _budget(name: str, key: str, ratio: float) -> tuple[str, bool | None]:
    """Near what DuckDB can do at best, and ahead of the others; the rest is context."""
    if name == "every-sql" and key != "first":
        return f"<= {MOST} x", ratio <= MOST
    if name != "every-sql" and key == "seconds":
        return "< 1 x", ratio < 1
    return "", None


MEASUREMENT = Measurement("engine", ("disk",), measure)
