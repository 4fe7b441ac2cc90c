"""KPIs by week, site and product over fifty million step events, beside what others would take."""

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
from bench.plan import Ground, Measurement, Scale
from bench.rounds import alternate

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "KPI engine"
EVENTS_A_STEP = 5
"""Offered, claimed, entered, signed, completed: what the ledger holds of a step."""
MONTHS = 60
MOST = 1.5
SITES, PRODUCTS, STEPS_A_BATCH = 8, 12, 40
HERE = Path(__file__).resolve().parent


def measure(scale: Scale, ground: Ground) -> list[Figure]:
    """Measure each engine in a process of its own, in turns."""
    folder = ground.data / "steps"
    folder.mkdir()
    steps = scale.analysed // EVENTS_A_STEP
    make(folder, steps)
    size = sum(file.stat().st_size for file in folder.glob("*.parquet")) / 1e6
    sides = [name for name in ("ours", "sql", "polars", "pandas", "spark") if _is_here(name)]
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in sides}
    for name, seen in _alternate(scale, sides, folder):
        found[name].append(seen)
    shutil.rmtree(folder)
    _equal(found, steps)
    return list(_lines(found, scale.analysed, size))


def _alternate(
    scale: Scale, sides: list[str], folder: Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each run gave; the slow ones run once, for context."""
    fast = {"ours", "sql"}
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


def _lines(found: dict[str, list[dict[str, Any]]], events: int, size_mb: float) -> Iterator[Figure]:
    seconds = {name: median(a["seconds"] for a in seen) for name, seen in found.items()}
    memory = {name: median(a["peak_mb"] for a in seen) for name, seen in found.items()}
    groups = found["ours"][0]["groups"]
    yield context(GROUP, f"{events} events as Parquet, {MONTHS} months", size_mb, "MB")
    yield context(GROUP, "groups: week x site x product", groups, "groups")
    for what, values, unit in (("time", seconds, "s"), ("memory at the most", memory, "MB")):
        ratio = values["ours"] / values["sql"]
        yield Figure(
            GROUP,
            f"Ibis on DuckDB, {what}",
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


def make(folder: Path, steps: int) -> None:
    """Write a step fact of so many rows, a file a month, as the house would."""
    import duckdb  # noqa: PLC0415 - after setup

    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.4711)")
    for month in range(MONTHS):
        count = steps * (month + 1) // MONTHS - steps * month // MONTHS
        first = steps * month // MONTHS
        path = folder / f"{2020 + month // 12}-{month % 12 + 1:02d}.parquet"
        connection.execute(
            f"COPY ({_select(month, first, count)}) TO '{path}'"
            " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
        )


def _select(month: int, first: int, count: int) -> str:
    """Return the SQL that makes a month's steps: every column of the fact, values by chance."""
    from daytwo.insight.facts.declare import Kind  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.registry import fact  # noqa: PLC0415

    begin = 1_577_836_800_000_000 + month * 30 * 86_400_000_000
    batch = f"(n // {STEPS_A_BATCH})"
    made = {
        "batch_id": f"'B-' || {batch}",
        "step_id": f"'S-' || (n % {STEPS_A_BATCH})",
        "site": f"'site-' || (hash({batch}) % {SITES})",
        "product_code": f"'P-' || (hash({batch} * 7) % {PRODUCTS})",
        "line": f"'L' || (hash({batch}) % 3)",
        "completed_us": f"{begin} + (n - {first}) * (30 * 86400000000 // {max(count, 1)})",
        "touch_min": "round(-12 * ln(1 - random()), 3)",
        "wait_min": "round(-30 * ln(1 - random()), 3)",
        "entries": "1 + (random() * 3)::BIGINT",
        "signatures": "1 + (random() * 1.2)::BIGINT",
        "witnesses": "(random() * 1.1)::BIGINT",
        "corrected_after": "(random() < 0.01)::BIGINT",
        "workaround": "random() < 0.07",
        "late": "random() < 0.03",
        "paper": "random() < 0.01",
        "title": f"'Step ' || (n % {STEPS_A_BATCH})",
        "performer": "'person-' || (n % 97)",
    }
    types = {Kind.TEXT: "VARCHAR", Kind.I64: "BIGINT", Kind.F64: "DOUBLE", Kind.BOOL: "BOOLEAN"}
    columns = ", ".join(
        f"CAST({made.get(c.name, _constant(c.default))} AS {types[c.kind]}) AS {c.name}"
        for c in fact("step").columns
    )
    return f"SELECT {columns} FROM range({first}, {first + count}) AS r(n)"


def _constant(default: object) -> str:
    return "NULL" if default is None else str(default).lower()


MEASUREMENT = Measurement("engine", ("disk",), measure)
