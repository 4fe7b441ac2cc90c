"""The same figures by several engines, each run alone: `python -m bench.contenders NAME FOLDER`."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import byhand
from bench.history import END_US

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WEEK_US = 604_800_000_000
GROUP = ("week", "site", "product_code")
SUMS = {
    "workarounds": "workaround",
    "late": "late",
    "paper": "paper",
    "corrections": "corrected_after",
    "entries": "entries",
    "signatures": "signatures",
    "witnesses": "witnesses",
    "touch": "touch_min",
    "wait": "wait_min",
}
"""What K7, K22, K25, K30, K31, K32 and K33 add up of the steps."""
TAIL = 0.9
USED = ("completed_us", "site", "product_code", "batch_id", *SUMS.values())


def ours(files: Sequence[str], folder: Path) -> list[tuple[Any, ...]]:
    """Ask the house's engine: an Ibis expression over the step fact."""
    from daytwo.insight.facts.engine.duck import DuckDB, DuckEngine  # noqa: PLC0415 - of this one only

    engine = DuckEngine(DuckDB(folder / "temporary"), {"step": _Files(files)})
    rows = engine.rows(_expression(engine))
    return [tuple(row.values()) for row in rows]


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


def _expression(engine: Any) -> Any:
    step = engine.table("step")
    weeks = step.mutate(week=step.completed_us // WEEK_US)
    return weeks.group_by(*GROUP).agg(
        n=weeks.count(),
        batches=weeks.batch_id.nunique(),
        **{name: _number(weeks[column]).sum() for name, column in SUMS.items()},
        middle=weeks.touch_min.median(),
        tail=weeks.touch_min.quantile(TAIL),
    )


def _number(column: Any) -> Any:
    return column.cast("int64") if column.type().is_boolean() else column


def sql(files: Sequence[str], folder: Path) -> list[tuple[Any, ...]]:  # noqa: ARG001 - one form
    """Ask DuckDB in its own words."""
    import duckdb  # noqa: PLC0415 - of this one only

    sums = ", ".join(f"sum({column}) AS {name}" for name, column in SUMS.items())
    query = (
        f"SELECT completed_us // {WEEK_US} AS week, site, product_code, count(*) AS n,"
        f" count(DISTINCT batch_id) AS batches, {sums}, median(touch_min) AS middle,"
        f" quantile_cont(touch_min, {TAIL}) AS tail"
        " FROM read_parquet($files) GROUP BY ALL"
    )
    return duckdb.connect().execute(query, {"files": list(files)}).fetchall()


def polars(files: Sequence[str], folder: Path) -> list[tuple[Any, ...]]:  # noqa: ARG001
    """Ask Polars, streaming."""
    import polars as pl  # noqa: PLC0415 - of this one only

    frame = pl.scan_parquet(list(files)).with_columns(week=pl.col("completed_us") // WEEK_US)
    found = frame.group_by(GROUP).agg(
        n=pl.len(),
        batches=pl.col("batch_id").n_unique(),
        **{name: pl.col(column).sum() for name, column in SUMS.items()},
        middle=pl.col("touch_min").median(),
        tail=pl.col("touch_min").quantile(TAIL, "linear"),
    )
    return found.collect(engine="streaming").rows()


def pandas(files: Sequence[str], folder: Path) -> list[tuple[Any, ...]]:  # noqa: ARG001
    """Ask pandas, with only the columns that are used."""
    import pandas as pd  # noqa: PLC0415 - of this one only

    frame = pd.concat([pd.read_parquet(file, columns=list(USED)) for file in files])
    frame["week"] = frame["completed_us"] // WEEK_US
    grouped = frame.groupby(list(GROUP), sort=False)
    found = grouped.agg(
        n=("completed_us", "size"),
        batches=("batch_id", "nunique"),
        **{name: (column, "sum") for name, column in SUMS.items()},
        middle=("touch_min", "median"),
        tail=("touch_min", lambda some: some.quantile(TAIL)),
    )
    return list(found.reset_index().itertuples(index=False, name=None))


def spark(files: Sequence[str], folder: Path) -> list[tuple[Any, ...]]:  # noqa: ARG001
    """Ask Spark in this machine: the house's expression, its SQL."""
    from daytwo.insight.facts.engine import port, spark as house  # noqa: I001, PLC0415 - of this one only

    session = house.local_session(memory="8g")
    session.read.parquet(*files).createOrReplaceTempView("step")
    query = port.compiled(_expression(_Unbound()), house._compiler())  # noqa: SLF001 - what the house does
    return [tuple(row) for row in session.sql(query).collect()]


class _Unbound:
    """Tables that belong to no engine."""

    def table(self, name: str) -> Any:
        from daytwo.insight.facts.engine import port  # noqa: PLC0415 - of this one only

        return port.table(name)


def every(_files: Sequence[str], folder: Path) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield every KPI of a product by the house's definitions: groups, value, n and P90."""
    from daytwo.insight.facts.engine.duck import DuckDB, DuckEngine  # noqa: PLC0415 - of this one only
    from daytwo.insight.facts.registry import all_facts  # noqa: PLC0415
    from daytwo.insight.kpis.cohort import Question  # noqa: PLC0415
    from daytwo.insight.kpis.columns import columns  # noqa: PLC0415
    from daytwo.insight.kpis.definition import all_definitions  # noqa: PLC0415
    from daytwo.insight.kpis.subjects import Facts  # noqa: PLC0415

    if not _ENGINE:
        sources = {
            fact.name: _Files(sorted(str(file) for file in (folder / fact.name).glob("*.parquet")))
            for fact in all_facts()
        }
        _ENGINE.append(DuckEngine(DuckDB(folder / "temporary"), sources))
    by = ("site", "product_code")
    asked = [of for of in all_definitions() if set(by) <= set(of.dimensions)]
    facts = Facts(_ENGINE[0], END_US)
    for found in columns(asked, facts, Question(by=by), "week"):
        names = ("since_us", *by, "value", "n", "p90")
        yield str(found["kpi"][0]), [found[name] for name in names]


def every_sql(_files: Sequence[str], folder: Path) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield the same as somebody would write it by hand."""
    import duckdb  # noqa: PLC0415 - of this one only

    if not _ENGINE:
        _ENGINE.append(duckdb.connect())
        byhand.prepare(_ENGINE[0], folder)
    yield from byhand.answers(_ENGINE[0])


_ENGINE: list[Any] = []
"""What the contender of this process opened: its second answer is one of a process at work."""


def numbers(column: Any) -> Any:
    """Return a column of whatever form as floats; NaN is unknown."""
    import numpy as np  # noqa: PLC0415 - of these only

    return np.ma.filled(np.ma.asarray(column, dtype=float), np.nan)


def _figures(found: Iterator[tuple[str, Sequence[Any]]]) -> dict[str, list[float]]:
    """Return of each KPI: groups with a value, and the sums of n, value and P90 over them."""
    import numpy as np  # noqa: PLC0415 - of these only

    made = {}
    for kpi, answer in found:
        value, n, p90 = map(numbers, answer[3:])
        known = ~np.isnan(value)
        sums = (known.sum(), n[known].sum(), value[known].sum(), np.nansum(p90[known]))
        made[kpi] = [float(number) for number in sums]
    return made


def _twice(name: str, folder: Path) -> dict[str, Any]:
    """Return how long the first and the second answer took, and what it was."""
    taken = []
    for _ in range(2):
        begun = time.perf_counter()
        found = list(EVERY[name]((), folder))
        taken.append(time.perf_counter() - begun)
    return {"first": taken[0], "seconds": taken[1], "figures": _figures(iter(found))}


EVERY: dict[str, Callable[[Sequence[str], Path], Iterator[tuple[str, Sequence[Any]]]]] = {
    "every": every,
    "every-sql": every_sql,
}
CONTENDERS: dict[str, Callable[[Sequence[str], Path], list[tuple[Any, ...]]]] = {
    "ours": ours,
    "sql": sql,
    "polars": polars,
    "pandas": pandas,
    "spark": spark,
}

LIBRARIES = {
    "every": ("daytwo.insight.facts.engine.duck", "daytwo.insight.kpis.columns", "scipy.special"),
    "every-sql": ("duckdb", "numpy"),
    "ours": ("daytwo.insight.facts.engine.duck",),
    "sql": ("duckdb",),
    "polars": ("polars",),
    "pandas": ("pandas", "pyarrow.parquet"),
    "spark": ("daytwo.insight.facts.engine.spark", "pyspark.sql"),
}
"""Loaded before the clock begins: a server that answers has its own loaded too."""


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    files = sorted(str(file) for file in (folder / "step").glob("*.parquet"))
    for library in LIBRARIES[name]:
        import_module(library)
    if name in EVERY:
        print(json.dumps(_twice(name, folder) | {"peak_mb": _peak_mb()}), flush=True)
        os._exit(0)
    begun = time.perf_counter()
    rows = CONTENDERS[name](files, folder)
    seconds = time.perf_counter() - begun
    found = {
        "seconds": seconds,
        "peak_mb": _peak_mb(),
        "groups": len(rows),
        "steps": int(sum(row[3] for row in rows)),
        "middle": round(sum(float(row[-2]) for row in rows) / len(rows), 6),
        "tail": round(sum(float(row[-1]) for row in rows) / len(rows), 6),
    }
    print(json.dumps(found), flush=True)
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
