"""Adding up subjects in the engine: only counts, sums and order statistics leave it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from daytwo.insight.kpis.cohort import UNDATED
from daytwo.insight.kpis.expressions import made_once
from daytwo.insight.kpis.measures import Kind, Measure, Parts, of_sums
from daytwo.insight.kpis.ranks import first_rank, in_order, nine_tenths, picked
from daytwo.insight.kpis.statistics import median_rank
from daytwo.insight.kpis.subjects import COUNTED, EXCLUDED, OPEN
from daytwo.insight.kpis.survival import kaplan_meier
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import Table

    from daytwo.insight.kpis.measures import Statistic
    from daytwo.insight.kpis.subjects import Engine

Group = tuple[Any, ...]
"""The values of the dimensions asked for, in their order."""


def parts(
    engine: Engine,
    subjects: Table,
    by: Sequence[str],
    *,
    persons: bool = False,
    factors: bool = False,
) -> dict[Group, Parts]:
    """Return the subjects of each group, added up.

    Args:
        engine: Runs it.
        subjects: Placed in their period.
        by: Columns to split by; none for one group, which is there even when it is empty.
        persons: Count the persons behind each group.
        factors: Keep the sums of each kind of subject apart.

    Raises:
        Fault: A subject is in no state, or is left out without a reason.
    """
    found: dict[Group, Parts] = {} if by else {(): Parts()}
    within = (*by, "kind") if factors else tuple(by)
    for row in engine.rows(_sums(subjects, within, persons=persons)):
        group = tuple(row[name] for name in by)
        _take(found.setdefault(group, Parts()), row)
    return found


@made_once
def _sums(s: Table, by: tuple[str, ...], *, persons: bool) -> Table:
    """Return counts and sums of the subjects of each group, each state and reason apart."""
    sums = {
        "n": s.count(),
        "unvalued": (s.value.isnull() & (s.numerator.isnull() | s.denominator.isnull())).sum(),
        "exposed": (s.denominator > 0).sum(),
        "y": s.numerator.sum(),
        "x": s.denominator.sum(),
        "yy": (s.numerator * s.numerator).sum(),
        "xx": (s.denominator * s.denominator).sum(),
        "xy": (s.numerator * s.denominator).sum(),
    }
    if persons:
        sums["persons"] = s.person.nunique()
    return s.group_by([*by, "state", "why", "missing"]).aggregate(**sums)


def _take(into: Parts, row: Mapping[str, Any]) -> None:
    n, state, why = row["n"], row["state"], row["why"]
    if state == COUNTED and not why:
        into.counted += n
        into.unvalued += row["unvalued"] or 0
        into.exposed += row["exposed"] or 0
        into.persons = max(into.persons, row.get("persons") or 0)
        for name in ("y", "x", "yy", "xx", "xy"):
            setattr(into, name, getattr(into, name) + (row[name] or 0.0))
        if "kind" in row:
            into.factors[row["kind"]] = (row["y"] or 0.0, row["x"] or 0.0)
    elif state == OPEN:
        into.open += n
    elif state == UNDATED:
        into.undated += n
    elif state == EXCLUDED and why:
        into.excluded[why] += n
        into.missing += n if row["missing"] else 0
    else:
        raise Fault("kpi.does_not_add_up", f"Subjects in the state {state!r}, reason {why!r}.")


def measures(
    engine: Engine,
    statistic: Statistic,
    subjects: Table,
    by: Sequence[str],
    found: Mapping[Group, Parts],
    at: int,
) -> dict[Group, Measure]:
    """Return the number of each group.

    Args:
        engine: Runs it.
        statistic: What to make of the subjects.
        subjects: Placed in their period.
        by: Columns to split by.
        found: Their parts, of `parts`.
        at: When open subjects are as old as they are, microseconds UTC.
    """
    if statistic.kind is not Kind.MEDIAN:
        return {group: of_sums(statistic, part) for group, part in found.items()}
    ordered = _ordered(engine, subjects, by) if any(p.counted for p in found.values()) else {}
    survival = {}
    if statistic.unit_us and any(p.open for p in found.values()):
        survival = _survival(engine, subjects, by, at, statistic.unit_us)
    return {
        group: Measure(
            value=_median(values := ordered.get(group, {}), part.counted),
            n=part.counted,
            interval=_interval(values, part.counted),
            p90=values.get(nine_tenths(part.counted)),
            survival=survival.get(group) if part.open else None,
        )
        for group, part in found.items()
    }


def _ordered(engine: Engine, subjects: Table, by: Sequence[str]) -> dict[Group, dict[int, float]]:
    """Return for each group the values at the ranks that its figures need, by rank from 1."""
    found: dict[Group, dict[int, float]] = {}
    for row in engine.rows(_picked(subjects, tuple(by))):
        size = row["valued"]
        first = first_rank(size)
        ranks = dict(enumerate(row["low"], first))
        ranks |= {size + 1 - rank: value for rank, value in enumerate(reversed(row["high"]), first)}
        ranks |= {(size + 1) // 2: row["middle"], size // 2 + 1: row["upper"]}
        ranks[nine_tenths(size)] = row["p90"]
        found[tuple(row[name] for name in by)] = ranks
    return found


@made_once
def _picked(subjects: Table, by: tuple[str, ...]) -> Table:
    counted = subjects.filter(subjects.state == COUNTED)
    sizes = counted.group_by(list(by)) if by else counted
    return picked(sizes.aggregate(valued=counted.count(), ordered=in_order(counted.value)))


def _median(values: Mapping[int, float], n: int) -> float | None:
    if n == 0:
        return None
    low, high = values[(n + 1) // 2], values[n // 2 + 1]
    return low if n % 2 else (low + high) / 2


def _interval(values: Mapping[int, float], n: int) -> tuple[float, float] | None:
    rank = median_rank(n)
    return None if rank is None else (values[rank], values[n + 1 - rank])


def _survival(
    engine: Engine, subjects: Table, by: Sequence[str], at: int, unit_us: int
) -> dict[Group, Any]:
    groups: dict[Group, list[tuple[float, bool, int]]] = defaultdict(list)
    for row in engine.rows(_took(subjects, tuple(by))):
        is_open = row["since"] is not None
        took = (at - row["since"]) / unit_us if is_open else row["took"]
        groups[tuple(row[name] for name in by)].append((took, not is_open, row["n"]))
    return {group: kaplan_meier(*zip(*lines, strict=True)) for group, lines in groups.items()}


@made_once
def _took(subjects: Table, by: tuple[str, ...]) -> Table:
    """Return how often a subject took how long, or since when it is open."""
    import ibis  # noqa: PLC0415 - half a second that only a figure should cost

    is_open = subjects.state == OPEN
    s = subjects.filter(
        (subjects.state == COUNTED) | (is_open & subjects.start_us.notnull())
    ).mutate(
        took=ibis.ifelse(is_open, ibis.null("float64"), subjects.value),
        since=ibis.ifelse(is_open, subjects.start_us, ibis.null("int64")),
    )
    return s.group_by([*by, "took", "since"]).aggregate(n=s.count())
