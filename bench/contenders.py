"""Every KPI of a product by each contender, run alone: `python -m bench.contenders NAME FOLDER`.

Each yields a KPI with its columns: start of the week or month, site, product, value, n, P90, and
the limits at 95 %.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import byhand
from bench.history import END_US

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.byhand import Answer

    Answers = Iterator[Answer]


def every(folder: Path) -> Answers:
    """Ask by the house's definitions, of DuckDB."""
    return _defined(duck(folder))


def every_spark(folder: Path) -> Answers:
    """Ask by the house's definitions, of a Spark in this machine."""
    return _defined(spark(folder))


def every_sql(folder: Path) -> Answers:
    """Ask DuckDB in its own words."""
    return byhand.answers(connection(folder))


def every_polars(folder: Path) -> Answers:
    """Ask Polars, streaming."""
    from bench import bypolars  # noqa: PLC0415 - of this one only

    return bypolars.answers(folder)


def every_pandas(folder: Path) -> Answers:
    """Ask pandas, with only the columns that are used."""
    from bench import bypandas  # noqa: PLC0415 - of this one only

    return bypandas.answers(folder)


def _defined(engine: Any) -> Answers:
    from daytwo.insight.kpis.cohort import Question  # noqa: PLC0415 - of these only
    from daytwo.insight.kpis.columns import columns  # noqa: PLC0415
    from daytwo.insight.kpis.definition import all_definitions  # noqa: PLC0415
    from daytwo.insight.kpis.subjects import Facts  # noqa: PLC0415

    by = ("site", "product_code")
    asked = [of for of in all_definitions() if set(by) <= set(of.dimensions)]
    for found in columns(asked, Facts(engine, END_US), Question(by=by), "week"):
        names = ("since_us", *by, "value", "n", "p90", "low", "high")
        yield str(found["kpi"][0]), [found[name] for name in names]


# What a process opened stays open: its second answer is one of a process at work.
@cache
def duck(folder: Path) -> Any:
    from daytwo.insight.facts.engine.duck import DuckDB, DuckEngine  # noqa: PLC0415 - of this one only
    from daytwo.insight.facts.registry import all_facts  # noqa: PLC0415

    sources = {
        fact.name: _Files(sorted(str(file) for file in (folder / fact.name).glob("*.parquet")))
        for fact in all_facts()
    }
    return DuckEngine(DuckDB(folder / "temporary"), sources)


@cache
def spark(folder: Path) -> Any:
    from daytwo.insight.facts.engine.spark import SparkEngine, local_session  # noqa: PLC0415 - of this one only

    session = local_session()
    engine = SparkEngine(session, ())
    for fact in {file.parent.name for file in folder.glob("*/*.parquet")}:
        session.read.parquet(str(folder / fact)).createOrReplaceTempView(fact)
    return engine


@cache
def connection(folder: Path) -> Any:
    import duckdb  # noqa: PLC0415 - of this one only

    connection = duckdb.connect()
    byhand.prepare(connection, folder)
    return connection


class _Files:
    """A fact that lies in files only."""

    version = 1

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files

    def files(self, period: object) -> tuple[Sequence[str], Sequence[str]]:  # noqa: ARG002
        return self._files, ()

    def tail(self) -> None:
        return None

    def overtaken(self) -> None:
        return None


EVERY: dict[str, Callable[[Path], Answers]] = {
    "every": every,
    "every-sql": every_sql,
    "every-polars": every_polars,
    "every-pandas": every_pandas,
    "every-spark": every_spark,
}
LIBRARIES = {
    "every": ("daytwo.insight.facts.engine.duck", "daytwo.insight.kpis.columns", "scipy.special"),
    "every-sql": ("duckdb", "bench.limits"),
    "every-polars": ("bench.bypolars",),
    "every-pandas": ("bench.bypandas", "pyarrow.parquet"),
    "every-spark": (
        "daytwo.insight.facts.engine.spark",
        "daytwo.insight.kpis.columns",
        "pyspark.sql",
        "scipy.special",
    ),
}
"""Loaded before the clock begins: a server that answers has its own loaded too."""


def numbers(column: Any) -> Any:
    """Return a column of whatever form as floats; NaN is unknown."""
    import numpy as np  # noqa: PLC0415 - after setup

    return np.ma.filled(np.ma.asarray(column, dtype=float), np.nan)


def _figures(found: Sequence[Answer]) -> dict[str, list[float]]:
    """Return of each KPI: groups with a value; sums of their starts, n, values, P90 and limits."""
    import numpy as np  # noqa: PLC0415 - after setup

    made = {}
    for kpi, answer in found:
        started, value, *others = (numbers(answer[place]) for place in (0, *range(3, 8)))
        known = ~np.isnan(value)
        sums = (np.nansum(column[known]) for column in (started, value, *others))
        made[kpi] = [float(number) for number in (known.sum(), *sums)]
    return made


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    for library in LIBRARIES[name]:
        import_module(library)
    taken = []
    for _ in range(2):
        begun = time.perf_counter()
        found = list(EVERY[name](folder))
        taken.append(time.perf_counter() - begun)
    told = {"first": taken[0], "seconds": taken[1], "peak_mb": _peak_mb()}
    print(json.dumps(told | {"figures": _figures(found)}), flush=True)
    # Spark's own end takes long and prints much.
    os._exit(0)


def _peak_mb() -> float:
    """Return the most memory that this process and those below it held at a time each."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return own + sum(_highest_mb(pid) for pid in _below(os.getpid()))


def _below(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        children = [int(word) for word in path.read_text(encoding="ascii").split()]
    except OSError:
        return []
    return children + [more for child in children for more in _below(child)]


def _highest_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
