"""KPIs by week, site and product over fifty million step events, beside what others would take.

Every KPI that has a site and a product, beside the same written by hand in DuckDB's SQL; and what
some of them add up of the steps, beside Polars, pandas and Spark as well.
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
EVERY = ("every", "every-sql")
HERE = Path(__file__).resolve().parent


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure each engine in a process of its own, in turns."""
    folder = ground.data / "history"
    folder.mkdir()
    steps = scale.analysed // EVENTS_A_STEP
    make(folder, steps)
    size = sum(file.stat().st_size for file in folder.glob("*/*.parquet")) / 1e6
    sides = [name for name in ("ours", "sql", "polars", "pandas", "spark") if _is_here(name)]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in (*EVERY, *sides)}
    for name, seen in _alternate(scale, [*EVERY, *sides], folder):
        found[name].append(seen)
    shutil.rmtree(folder)
    every = {name: found.pop(name) for name in EVERY}
    _same(every)
    _equal(found, steps)
    told = context(GROUP, f"{scale.analysed} events as Parquet, {MONTHS} months", size, "MB")
    return [told, *_every_lines(every), *_lines(found)]


def _same(found: dict[str, list[dict[str, Any]]]) -> None:
    """Refuse to compare times of different figures: every KPI, its groups, n, values and P90."""
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


def _every_lines(found: dict[str, list[dict[str, Any]]]) -> Iterator[Figure]:
    ours, hand = (found[name] for name in EVERY)
    kpis = len(ours[0]["figures"])
    rows = sum(figures[0] for figures in ours[0]["figures"].values())
    yield context(GROUP, f"every KPI of a product: {kpis}, by week x site x product", rows, "rows")
    for what, key, unit in (
        ("time", "seconds", "s"),
        ("memory at the most", "peak_mb", "MB"),
        ("time of the first answer of a process", "first", "s"),
    ):
        one, other = (median(answer[key] for answer in side) for side in (ours, hand))
        budget = f"<= {MOST} x" if key != "first" else ""
        met = one <= MOST * other if budget else None
        work = f"  all {kpis}, {what}"
        yield Figure(GROUP, work, one, unit, "by hand-written SQL", other, one / other, budget, met)


def _alternate(
    scale: Scale, sides: list[str], folder: Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each run gave; the slow ones run once, for context."""
    fast = {"ours", "sql", *EVERY}
    seen: list[tuple[str, dict[str, Any]]] = []

    def run(name: str) -> float:
        command = [sys.executable, "-m", "bench.contenders", name, str(folder)]
        done = subprocess.run(
            command, check=True, cwd=HERE.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        answer = json.loads(done.stdout.decode().splitlines()[-1])
        seen.append((name, answer))
        return float(answer["seconds"])

    alternate(min(scale.rounds, 3), {name: lambda n=name: run(n) for name in sides if name in fast})
    alternate(1, {name: lambda n=name: run(n) for name in sides if name not in fast})
    yield from seen


def _equal(found: dict[str, list[dict[str, Any]]], steps: int) -> None:
    """Refuse to compare times of different figures."""
    figures = {
        (answer["groups"], answer["steps"], round(answer["middle"], 4), round(answer["tail"], 4))
        for answers in found.values()
        for answer in answers
    }
    if len(figures) != 1 or next(iter(figures))[1] != steps:
        message = f"The engines differ: {figures}"
        raise RuntimeError(message)


def _lines(found: dict[str, list[dict[str, Any]]]) -> Iterator[Figure]:
    seconds = {name: median(a["seconds"] for a in seen) for name, seen in found.items()}
    memory = {name: median(a["peak_mb"] for a in seen) for name, seen in found.items()}
    groups = found["ours"][0]["groups"]
    yield context(GROUP, "sums of the steps, groups: week x site x product", groups, "groups")
    for what, values, unit in (("time", seconds, "s"), ("memory at the most", memory, "MB")):
        ratio = values["ours"] / values["sql"]
        yield Figure(
            GROUP,
            f"  Ibis on DuckDB, {what}",
            values["ours"],
            unit,
            "by hand-written SQL",
            values["sql"],
            ratio,
            f"<= {MOST} x",
            ratio <= MOST,
        )
    for name in ("polars", "pandas", "spark"):
        if name in seconds:
            yield _ahead(name, "time", seconds, "s")
            yield _ahead(name, "memory", memory, "MB")
        else:
            yield Figure(GROUP, f"  {name}: not installed here", None, "")


def _ahead(name: str, what: str, values: dict[str, float], unit: str) -> Figure:
    ratio = values["ours"] / values[name]
    budget = "< 1 x" if what == "time" else ""
    met = ratio < 1 if what == "time" else None
    work = f"  beside {name}, {what}"
    return Figure(GROUP, work, values["ours"], unit, name, values[name], ratio, budget, met)


def _is_here(name: str) -> bool:
    if name == "spark":
        return importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
    return name in {"ours", "sql"} or importlib.util.find_spec(name) is not None


MEASUREMENT = Measurement("engine", ("disk",), measure)
