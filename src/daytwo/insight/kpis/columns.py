"""The figures of a KPI as columns: every group and span at once, for files and for many sites.

`evaluate.trend` gives the same figures one object each, with the reasons of what is left out. Here
the engine hands over one row a group, and the arithmetic is done on whole columns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daytwo.insight.kpis import calendar
from daytwo.insight.kpis.evaluate import check_dimensions
from daytwo.insight.kpis.measures import Kind, measured
from daytwo.insight.kpis.passes import SPAN
from daytwo.insight.kpis.persons import about, persons
from daytwo.insight.kpis.plans import plan
from daytwo.insight.kpis.ranks import first_rank
from daytwo.insight.kpis.statistics import median_rank
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from daytwo.insight.kpis.anytime import AnyTime
    from daytwo.insight.kpis.cohort import Question
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.measures import Statistic
    from daytwo.insight.kpis.passes import Branch
    from daytwo.insight.kpis.subjects import Facts

    Column = NDArray[np.float64]
    Columns = Mapping[str, Column]

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


def columns(
    definitions: Sequence[Definition], facts: Facts, question: Question, span: str
) -> Iterator[pa.Table]:
    """Yield the figures of definitions for each span and group in which something stopped.

    Args:
        definitions: All with the dimensions that are asked for.
        facts: The facts.
        question: As of `evaluate.trend`; a row belongs to the whole of its span, also when the
            period asked for holds a part of it.
        span: Likewise; a definition may want a longer one.

    Returns:
        A table a definition, not in their order; one row a span and group, in no order; the
        columns are those of `schema`. A value that is unknown or withheld is null, and so are
        limits that are not defined.

    Raises:
        Fault: A subject counts without a number.
    """
    check_dimensions(definitions, question)
    by_span: dict[str, list[Definition]] = defaultdict(list)
    for of in definitions:
        by_span[of.span(span)].append(of)
    for wanted, some in by_span.items():
        yield from _of_span(some, facts, question, wanted)


def _of_span(
    definitions: Sequence[Definition], facts: Facts, question: Question, span: str
) -> Iterator[pa.Table]:
    planned = plan(definitions, question, span, facts)
    left = Counter(branch.of.id for one in planned for branch in one.branches)
    sums: dict[str, list[pa.Table]] = defaultdict(list)
    by = [*question.by, SPAN]
    asked = (one.sums.at(facts.now_us) for one in planned)
    for one, got in zip(planned, facts.engine.arrows(asked), strict=True):
        for branch in one.branches:
            of = branch.of
            own = _own(got, branch, by)
            if of.minimum_persons and one.persons is not None:
                own = _with_persons(own, branch, by, facts, one.persons)
            sums[of.id].append(own)
            left[of.id] -= 1
            if not left[of.id]:
                whole = _together(sums.pop(of.id), by)
                yield _table(of, whole, question, _Spans(span, facts.zone))


def _own(got: pa.Table, branch: Branch, by: Sequence[str]) -> pa.Table:
    """Return the sums of one branch where it has any row; of subjects set against 1 all of them."""
    mine = [name for name in got.column_names if name.endswith(branch.end) and name not in by]
    named = [*by, *(name.removesuffix(branch.end) for name in mine)]
    table = got.select([*by, *mine]).rename_columns(named)
    table = table.filter(pc.greater(table["rows"], 0))
    if branch.of.statistic.kind is Kind.MEDIAN:
        return table
    if branch.unit:
        counted = table["counted"]
        for name in ("exposed", "x", "xx"):
            table = table.append_column(name, counted)
        table = table.append_column("xy", table["y"])
    if branch.of.statistic.kind is Kind.PRODUCT:
        kind = branch.kind
        table = table.append_column(f"y:{kind}", table["y"]).append_column(f"x:{kind}", table["x"])
    return table


def _with_persons(
    own: pa.Table, branch: Branch, by: Sequence[str], facts: Facts, counted: AnyTime
) -> pa.Table:
    """Return the sums of a branch with how many persons there are, as far as it matters."""

    def count(groups: pa.Table) -> pa.Table:
        (got,) = facts.engine.arrows([about(counted.at(facts.now_us), groups)])
        return got.select([*by, f"persons{branch.end}"]).rename_columns([*by, "persons"])

    found = persons(own, by, branch.of.minimum_persons, count)
    return own.append_column("persons", pa.array(found))


def _together(parts: Sequence[pa.Table], by: Sequence[str]) -> pa.Table:
    """Return the sums of several branches as one: happenings, and what they are set against."""
    if len(parts) == 1:
        return parts[0]
    whole = pa.concat_tables(parts, promote_options="permissive")
    names = [name for name in whole.column_names if name not in by]
    added = whole.group_by(list(by), use_threads=False).aggregate([(n, "sum") for n in names])
    return added.select([*by, *(f"{n}_sum" for n in names)]).rename_columns([*by, *names])


@dataclass(frozen=True, slots=True)
class _Spans:
    """Spans of one length in a zone."""

    span: str
    zone: str

    def told(self, numbers: NDArray[np.int64]) -> tuple[pa.Array, Any, Any]:
        """Return name, first instant and end of each; few different ones, many rows."""
        different, place = np.unique(numbers, return_inverse=True)
        found = [calendar.numbered(int(number), self.span, self.zone) for number in different]
        starts = np.array([start for _, start, _ in found], dtype=np.int64)
        ends = np.array([end for _, _, end in found], dtype=np.int64)
        return _named(place, [name for name, _, _ in found]), starts[place], ends[place]


def _table(of: Definition, sums: pa.Table, question: Question, spans: _Spans) -> pa.Table:
    """Return a definition's figures from its sums."""
    lists = {*question.by, "low", "high"}
    numbers = {name: _numbers(sums[name]) for name in sums.column_names if name not in lists}
    counted, missing = numbers["counted"], numbers["missing"]
    if unvalued := int((counted - numbers["valued"]).sum()):
        raise Fault("kpi.unvalued", f"{of.id}: {unvalued} subjects count without a number.")
    figures = _figures(of, sums, numbers)
    few = np.zeros(sums.num_rows, dtype=np.bool_)
    if of.minimum_persons:
        few = (numbers["persons"] < of.minimum_persons) & (counted > 0)
    with np.errstate(invalid="ignore"):
        coverage = counted / (counted + missing)
    names, starts, ends = spans.told(numbers[SPAN].astype(np.int64))
    made: dict[str, Any] = {
        "kpi": _repeated(of.id, sums.num_rows),
        "version": np.full(sums.num_rows, of.version, dtype=np.int32),
        SPAN: names,
        "since_us": starts,
        "until_us": ends,
        **{name: sums[name] for name in question.by},
        "unit": _repeated(of.unit, sums.num_rows),
        "n": _whole(figures.pop("n")),
        "coverage": _known(coverage),
        **{name: _known(np.where(few, np.nan, column)) for name, column in figures.items()},
        "counted": _whole(counted),
        "excluded": _whole(numbers["rows"] - counted),
        "withheld": few,
    }
    order = schema(question.by)
    return pa.table([made[name] for name in order.names], schema=order)


def _figures(of: Definition, got: pa.Table, numbers: Columns) -> dict[str, Column]:
    """Return n, value, limits and P90 of each group; NaN is unknown."""
    if of.statistic.kind is Kind.MEDIAN:
        return _median(got, numbers, of.minimum_n)
    unknown = np.full(got.num_rows, np.nan)
    if of.statistic.kind is Kind.PRODUCT:
        value, low, high = _product(of.statistic, numbers), unknown, unknown
    else:
        names = ("y", "x", *_SQUARES) if of.statistic.kind is Kind.RATIO else ("y", "x")
        sums = [np.nan_to_num(numbers[name]) for name in names]
        value, low, high = measured(of.statistic, numbers["exposed"], sums)
    n = numbers["exposed"]
    return {"n": n, "value": value, "low": low, "high": high, "p90": unknown}


def _product(statistic: Statistic, numbers: Columns) -> Column:
    value = np.full(numbers["rows"].size, statistic.scale)
    for name in statistic.factors:
        y, x = np.nan_to_num(numbers[f"y:{name}"]), np.nan_to_num(numbers[f"x:{name}"])
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
