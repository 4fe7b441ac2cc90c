"""The figures of a KPI as columns: every group and span at once, for files and for many sites.

`evaluate.trend` gives the same figures one object each, with the reasons of what is left out. Here
the engine hands over one row a group, and the arithmetic is done on whole columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from daytwo.insight.kpis import calendar, evaluate
from daytwo.insight.kpis.measures import Kind, measured
from daytwo.insight.kpis.ranks import first_rank, in_order, picked
from daytwo.insight.kpis.statistics import median_rank
from daytwo.insight.kpis.subjects import COUNTED, certain
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import Table
    from numpy.typing import NDArray

    from daytwo.insight.kpis.cohort import Question
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.measures import Statistic
    from daytwo.insight.kpis.subjects import Facts

    Column = NDArray[np.float64]
    Columns = Mapping[str, Column]

SPAN = "span"
_SQUARES = ("yy", "xx", "xy")


def schema(by: Sequence[str]) -> pa.Schema:
    """Return the columns of `columns`, by the dimensions asked for."""
    text, number, whole = pa.string(), pa.float64(), pa.int64()
    return pa.schema(
        [
            ("kpi", pa.dictionary(pa.int32(), text)),
            ("version", pa.int32()),
            (SPAN, pa.dictionary(pa.int32(), text)),
            ("since_us", whole),
            ("until_us", whole),
            *((name, text) for name in by),
            ("value", number),
            ("unit", pa.dictionary(pa.int32(), text)),
            ("n", whole),
            ("coverage", number),
            ("low", number),
            ("high", number),
            ("p90", number),
            ("counted", whole),
            ("excluded", whole),
            ("withheld", pa.bool_()),
        ]
    )


def columns(of: Definition, facts: Facts, question: Question, span: str) -> pa.Table:
    """Return a definition's figures for each span and group in which something stopped.

    Args:
        of: The definition.
        facts: The facts.
        question: As of `evaluate.trend`.
        span: Likewise.

    Returns:
        One row a span and group, in no order; the columns are those of `schema`. A value that is
        unknown or withheld is null, and so are limits that are not defined.

    Raises:
        Fault: A subject counts without a number.
        Refused: The definition's subjects have no such dimension.
    """
    found = evaluate.cut(of, facts, question, span)
    if found is None:
        return schema(question.by).empty_table()
    stopped, spans, end_us = found
    placed = stopped.mutate(**{SPAN: calendar.index(stopped.stop_us, [at for _, at in spans])})
    asked = _summed(of, placed, [*question.by, SPAN])
    got = facts.engine.arrow(asked)
    numbers = {
        name: _numbers(got[name])
        for name in got.column_names
        if name not in {*question.by, "low", "high"}
    }
    if unvalued := int(numbers["unvalued"].sum()):
        raise Fault("kpi.unvalued", f"{of.id}: {unvalued} subjects count without a number.")
    figures = _figures(of, got, numbers)
    few = np.zeros(got.num_rows, dtype=np.bool_)
    if of.minimum_persons:
        few = (numbers["persons"] < of.minimum_persons) & (numbers["counted"] > 0)
    place = numbers[SPAN].astype(np.int64)
    starts = np.array([at for _, at in spans], dtype=np.int64)
    counted, missing = numbers["counted"], numbers["missing"]
    with np.errstate(invalid="ignore"):
        coverage = counted / (counted + missing)
    made: dict[str, Any] = {
        "kpi": _repeated(of.id, got.num_rows),
        "version": np.full(got.num_rows, of.version, dtype=np.int32),
        SPAN: _named(place, [name for name, _ in spans]),
        "since_us": starts[place],
        "until_us": np.append(starts[1:], end_us)[place],
        **{name: got[name] for name in question.by},
        "unit": _repeated(of.unit, got.num_rows),
        "n": _whole(figures.pop("n")),
        "coverage": _known(coverage),
        **{name: _known(np.where(few, np.nan, column)) for name, column in figures.items()},
        "counted": _whole(counted),
        "excluded": _whole(numbers["rows"] - counted),
        "withheld": few,
    }
    order = schema(question.by)
    return pa.table([made[name] for name in order.names], schema=order)


def _summed(of: Definition, placed: Table, by: Sequence[str]) -> Table:
    """Return one row a group: what its figure is made of."""
    s, kind = placed, of.statistic.kind
    counts = s.state == COUNTED
    numbered = s.value.notnull() | (s.numerator.notnull() & s.denominator.notnull())
    sums: dict[str, Any] = {
        "rows": s.count(),
        "counted": s.count(where=counts),
        "missing": s.count(where=s.missing),
        "unvalued": s.count(where=counts & ~numbered),
    }
    if of.minimum_persons:
        sums["persons"] = s.person.nunique(where=counts)
    if kind is Kind.MEDIAN:
        sums |= {"ordered": in_order(s.value), "size": s.count(where=counts)}
        return picked(s.group_by(by).aggregate(**sums), *by, "rows", "counted", *_told(sums))
    sums["exposed"] = s.count(where=certain(s.denominator > 0))
    if kind is Kind.PRODUCT:
        for name in of.statistic.factors:
            sums[f"y_{name}"] = s.numerator.sum(where=s.kind == name)
            sums[f"x_{name}"] = s.denominator.sum(where=s.kind == name)
    else:
        sums |= {"y": s.numerator.sum(), "x": s.denominator.sum()}
    if kind is Kind.RATIO:
        y, x = s.numerator, s.denominator
        sums |= {"yy": (y * y).sum(), "xx": (x * x).sum(), "xy": (x * y).sum()}
    return s.group_by(by).aggregate(**sums)


def _told(sums: Mapping[str, Any]) -> list[str]:
    return [name for name in ("missing", "unvalued", "persons") if name in sums]


def _figures(of: Definition, got: pa.Table, numbers: Columns) -> dict[str, Column]:
    """Return n, value, limits and P90 of each group; NaN is unknown."""
    if of.statistic.kind is Kind.MEDIAN:
        return _median(got, numbers, of.minimum_n)
    unknown = np.full(got.num_rows, np.nan)
    if of.statistic.kind is Kind.PRODUCT:
        value, low, high = _product(of.statistic, numbers), unknown, unknown
    else:
        sums = [np.nan_to_num(numbers[name]) for name in ("y", "x", *_SQUARES) if name in numbers]
        value, low, high = measured(of.statistic, numbers["exposed"], sums)
    n = numbers["exposed"]
    return {"n": n, "value": value, "low": low, "high": high, "p90": unknown}


def _product(statistic: Statistic, numbers: Columns) -> Column:
    value = np.full(numbers["rows"].size, statistic.scale)
    for name in statistic.factors:
        y, x = np.nan_to_num(numbers[f"y_{name}"]), np.nan_to_num(numbers[f"x_{name}"])
        value = value * (y / np.where(x > 0, x, np.nan))
    return value


def _median(got: pa.Table, numbers: Columns, minimum_n: int) -> dict[str, Column]:
    size = numbers["counted"]
    sizes, place = np.unique(size.astype(np.int64), return_inverse=True)
    # Where the exact rank lies in what the engine handed over; few sizes, many groups.
    ranks = [median_rank(int(n)) if n >= minimum_n else None for n in sizes]
    steps = [
        np.nan if rank is None else rank - first_rank(int(n))
        for n, rank in zip(sizes, ranks, strict=True)
    ]
    step = np.array(steps, dtype=np.float64)[place]
    middle = (numbers["middle"] + numbers["upper"]) / 2
    return {
        "n": size,
        "value": np.where(size % 2 == 1, numbers["middle"], middle),
        "low": _from_lists(got["low"], step),
        "high": _from_lists(got["high"], step, from_end=True),
        "p90": numbers["p90"],
    }


def _from_lists(lists: pa.ChunkedArray, step: Column, *, from_end: bool = False) -> Column:
    """Return the value at a place of each list; NaN where the place is."""
    whole = lists.combine_chunks()
    starts = whole.offsets.to_numpy()
    wanted = ~np.isnan(step)
    taken = np.where(wanted, step, 0).astype(np.int64)
    place = starts[1:] - 1 - taken if from_end else starts[:-1] + taken
    values = np.append(whole.values.to_numpy(zero_copy_only=False), np.nan)
    found: Column = np.where(wanted, values[np.where(wanted, place, -1)], np.nan)
    return found


def _numbers(column: pa.ChunkedArray) -> Column:
    found: Column = column.cast(pa.float64()).to_numpy()
    return found


def _known(column: Column) -> pa.Array:
    return pa.array(column, pa.float64(), from_pandas=True)


def _whole(column: Column) -> pa.Array:
    return pa.array(column.astype(np.int64))


def _repeated(text: str, n: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(n, dtype=np.int32), pa.array([text]))


def _named(place: NDArray[np.int64], names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(place.astype(np.int32), pa.array(names, pa.string()))
