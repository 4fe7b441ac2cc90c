"""Every KPI of a product by week, site and product, as somebody who knows Polars would write it.

Lazy scans, the streaming engine, one aggregation for all figures that share a table and a week.
References: the definitions in `daytwo kpi list`, read and written again, not called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from bench import limits
from bench.byhand import LEGS
from bench.history import DAY_US, END_US

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from bench.byhand import Answer
    from bench.limits import Made

    Scan = Callable[[str], pl.LazyFrame]
    Asked = tuple[pl.LazyFrame, dict[str, "Sums"]]

c = pl.col
KEYS = ("w", "site", "product_code")
BATCH = ("site", "batch_id")
_ALL = pl.lit(value=True)
RANKS = limits.ranks()
LEAST_PERSONS = 5


def _hours(since: pl.Expr, until: pl.Expr) -> pl.Expr:
    return (until - since) / 3.6e9


def _days(since: pl.Expr, until: pl.Expr) -> pl.Expr:
    return (until - since) / DAY_US


def _due_day(text: pl.Expr) -> pl.Expr:
    return text.str.to_date("%Y-%m-%d").cast(pl.Int64)


class Sums(NamedTuple):
    """What is added up of a group for one figure.

    Attributes:
        made: What makes the figure of them.
        columns: The aggregates.
        scale: Such as 100 for per cent.
        ranks: Of limits, where there is a list of values in order and maybe whether enough worked.
    """

    made: Callable[..., Made]
    columns: tuple[pl.Expr, ...]
    scale: float = 1
    ranks: NDArray[np.float64] | None = None


def _median(value: pl.Expr, ranks: NDArray[np.float64] = RANKS) -> Sums:
    """Return the figure of what is not null."""
    return Sums(limits.median, (value.drop_nulls().sort(),), ranks=ranks)


def _ratio(scale: float, y: pl.Expr, x: pl.Expr, counts: pl.Expr = _ALL) -> Sums:
    numbers = [one.cast(pl.Float64) for one in (y, x)]
    y, x = (pl.when(counts).then(one) for one in numbers)
    n = (counts & (x > 0)).sum()
    return Sums(limits.ratio, (n, *(of.sum() for of in (y, x, y * y, x * x, y * x))), scale)


def _mean(y: pl.Expr, counts: pl.Expr = _ALL) -> Sums:
    counted = pl.when(counts).then(y.cast(pl.Float64))
    n, total = counted.count(), counted.sum()
    return Sums(limits.ratio, (n, total, n, (counted * counted).sum(), n, total))


def _share(y: pl.Expr, counts: pl.Expr = _ALL) -> Sums:
    n = pl.len() if counts is _ALL else counts.sum()
    return Sums(limits.share, ((y.fill_null(value=False) & counts).sum(), n), 100)


def _groups(rows: pl.LazyFrame, at: pl.Expr, span: str = "1w", **sums: pl.Expr) -> pl.LazyFrame:
    """Return sums of the rows that have a time; the few words are grouped as numbers."""
    began = pl.from_epoch(at, "us").dt.date().dt.truncate(span)
    words = c("site", "product_code").cast(pl.Categorical)
    return rows.filter(at.is_not_null()).with_columns(words, w=began).group_by(KEYS).agg(**sums)


def _named(kpi: str, sums: Sums) -> dict[str, pl.Expr]:
    return {f"{kpi} {place}": column for place, column in enumerate(sums.columns)}


def _by(rows: pl.LazyFrame, at: pl.Expr, figures: dict[str, Sums], span: str = "1w") -> Asked:
    named = [_named(kpi, sums) for kpi, sums in figures.items()]
    columns = {name: column for one in named for name, column in one.items()}
    return _groups(rows, at, span, **columns), figures


def _beside(events: pl.LazyFrame, exposed: pl.LazyFrame, figures: dict[str, Sums]) -> Asked:
    """Return events of a week (y) by what they are set against in it (x)."""
    named = [_named(kpi, sums) for kpi, sums in figures.items()]
    columns = {name: column for one in named for name, column in one.items()}
    return exposed.join(events, on=KEYS, how="left").select(*KEYS, **columns), figures


def _rate(scale: float) -> Sums:
    return Sums(limits.rate, (c.y.fill_null(0), c.x, c.n), scale)


def _part(y: pl.Expr) -> Sums:
    return Sums(limits.share, (y, c.x), 100)


_RELEASED = c.decision == "released"
_FULL = c.steps > 0
_DECIDED = {
    "K1": _median(pl.when(_RELEASED).then(_days(c.ended_us, c.decided_us))),
    "K1lab": _median(pl.when(_RELEASED).then(_days(c.lab_final_us, c.decided_us))),
    "K1rejected": _median(pl.when(c.decision == "rejected").then(_days(c.ended_us, c.decided_us))),
    "K1start": _median(pl.when(_RELEASED).then(_days(c.started_us, c.decided_us))),
    "K3": _median(c.minutes / 60),
    "K7a": _share(
        c.corrections_after == 0,
        _FULL & pl.coalesce(c.reviewed_us, c.qa_closed_us).is_not_null(),
    ),
    "K7b": _share(~c.reworked, _FULL),
    "K7c": _share((c.deviations == 0) & ~c.reworked & (c.decision != "rejected"), _FULL),
    "K7d": _share(c.failed.is_null() & ~c.reworked, _FULL & c.lab_final_us.is_not_null()),
    "K16ispe": _share(_RELEASED),
    "K23quality": _share(_RELEASED),
}
_TOOK = _hours(c.started_us, c.ended_us)
_ERRORS = c.late_entries + c.na_entries + c.corrections_after + c.lost.fill_null(0)
_ENDED = {
    "K6": _mean(c.discrepancies, _FULL),
    "K8": _ratio(1000, _ERRORS, c.entries, c.entries > 0),
    "K8batch": _mean(_ERRORS, c.entries > 0),
    "K22": _median(_TOOK),
    "K22allocation": _ratio(100, c.busy, _TOOK, c.busy.is_not_null() & (_TOOK > 0)),
    "K22touch": _ratio(100, c.touch, _TOOK, c.touch.is_not_null() & (_TOOK > 0)),
    "K22queue": _ratio(100, c.wait, _TOOK, c.wait.is_not_null() & (_TOOK > 0)),
    "K23effectiveness": _ratio(
        100,
        _hours(c.planned_start_us, c.planned_end_us),
        _TOOK,
        c.started_us.is_not_null() & (c.planned_end_us > c.planned_start_us),
    ),
    "K24throughput": _ratio(1, c.units, _TOOK * 60, c.started_us.is_not_null() & (c.units != 0)),
    "K30": _ratio(100, c.workarounds, c.steps, _FULL),
    "K31": _ratio(100, c.paper_steps, c.steps, _FULL),
    "K31batch": _share(c.paper_steps > 0, _FULL),
    "K32": _ratio(100, c.late_entries, c.entries, c.entries > 0),
    "K33": _mean(c.signatures, _FULL),
    "K33automated": _ratio(100, c.automated_signatures, c.signatures, c.signatures > 0),
}


def _of_batches(scan: Scan) -> Iterator[Asked]:
    batch, by_id = scan("batch"), {"on": BATCH, "how": "left"}
    of_quality = (c.function == "quality") & c.active_min.is_not_null()
    minutes = scan("review").filter(of_quality).group_by(BATCH).agg(minutes=c.active_min.sum())
    bad = (c.kind == "result") & (c.stage == "final") & (c.verdict == "oos")
    invalid = scan("oos").filter(c.outcome == "invalidated")
    failed = scan("result").filter(bad).join(invalid, on=("site", "result_id"), how="anti")
    failed = failed.select(*BATCH, failed=_ALL).unique()
    decided = batch.join(minutes, **by_id).join(failed, **by_id)
    yield _by(decided, c.decided_us, _DECIDED)

    spent = {
        "busy": _hours(c.claimed_us, c.completed_us),
        "touch": c.touch_min / 60,
        "wait": c.wait_min / 60,
    }
    sums = {name: pl.when(hours >= 0).then(hours).sum() for name, hours in spent.items()}
    steps = scan("step").group_by(BATCH).agg(**sums)
    lost = scan("discrepancy").filter(c.code == "missing").group_by(BATCH).agg(lost=pl.len())
    ended = batch.join(steps, **by_id).join(lost, **by_id)
    yield _by(ended, c.ended_us, _ENDED)

    checked = _median(_hours(c.ended_us, c.completeness_us))
    made = batch.filter(c.ended_us.is_not_null())
    yield _by(made, c.completeness_us, {"K2": checked})

    due = batch.with_columns(due=_due_day(c.promised_on)).filter(
        c.decided_us.is_not_null() | (c.aborted_us.is_null() & (c.due < END_US // DAY_US)),
        c.decision.ne_missing("rejected"),
    )
    in_time = _share(c.decided_us // DAY_US <= c.due)
    yield _by(due, (c.due + 1) * DAY_US, {"K19": in_time})

    planned = batch.filter(
        c.planned_start_us.is_not_null(),
        c.ended_us.is_not_null()
        | c.aborted_us.is_not_null()
        | (c.planned_end_us + DAY_US < END_US),
    )
    near = [
        (c(f"{name}_us") - c(f"planned_{plan}_us")).abs() <= DAY_US
        for name, plan in (("started", "start"), ("ended", "end"))
    ]
    yield _by(planned, c.planned_end_us, {"K20": _share(near[0] & near[1])})


def _of_lots(scan: Scan) -> Iterator[Asked]:
    """Yield what is counted in one week and set against lots of another."""
    batch = scan("batch")
    confirmed = scan("oos").filter(c.subject_kind == "batch", c.outcome == "confirmed")
    confirmed = confirmed.select("site", batch_id="subject_id", confirmed=_ALL).unique()
    refused = (c.decision == "rejected") & c.confirmed.is_not_null()
    told = _groups(
        batch.join(confirmed, on=BATCH, how="left"),
        c.decided_us,
        released=_RELEASED.sum(),
        refused=refused.sum(),
    )
    begun = _groups(batch, c.started_us, x=pl.len())
    accepted = {
        "K16fda2016": _part(c.released.fill_null(0)),
        "K16fda2015": _part(c.x - c.refused.fill_null(0)),
    }
    yield _beside(told, begun, accepted)

    made = _groups(batch, c.ended_us, x=pl.len(), n=pl.len())
    deviation = scan("deviation")
    for kpi, at in (
        ("K9", pl.coalesce(c.recorded_us, c.detected_us)),
        ("K9ispe", c.closed_us),
    ):
        yield _beside(_groups(deviation, at, y=pl.len()), made, {kpi: _rate(100)})

    at = pl.coalesce(c.decided_us, c.ended_us, c.aborted_us, c.started_us, c.planned_us)
    units = _groups(batch.filter(c.units != 0), at, x=c.units.sum(), n=pl.len())
    told = _groups(scan("complaint"), c.received_us, y=pl.len())
    yield _beside(told, units, {"K18": _rate(1e6)})

    versions = (
        batch.filter(c.started_us.is_not_null(), c.mbr_id != "", c.mbr_version.is_not_null())
        .sort("started_us", "batch_id")
        .group_by("site", "mbr_id", "mbr_version")
        .head(10)
        .group_by("site", "product_code", "mbr_id", "mbr_version")
        .agg(c.deviations.sum(), c.started_us.max(), batches=pl.len())
        .filter(c.mbr_version > 1, c.batches >= 10)
    )
    yield _by(versions, c.started_us, {"K28": _mean(c.deviations)})


def _of_deviations(scan: Scan) -> Iterator[Asked]:
    deviation = scan("deviation")
    closed = pl.coalesce(c.last_closed_us, c.closed_us)
    yield _by(
        deviation.filter(c.detected_us.is_not_null(), ~c.open),
        closed,
        {"K10": _median(_days(c.detected_us, closed))},
    )
    both = c.occurred_us.is_not_null()
    late = _median(_days(c.occurred_us, c.recorded_us))
    yield _by(deviation.filter(both), c.recorded_us, {"K10lag": late})
    grave = c.severity.str.to_lowercase().ne_missing("minor") & c.assigned_us.is_not_null()
    caused = _median(_days(c.assigned_us, c.cause_us))
    yield _by(deviation.filter(grave), c.cause_us, {"K11": caused})

    def plain(text: pl.Expr) -> pl.Expr:
        return text.str.strip_chars().str.to_lowercase()

    # The nearest one before with the same cause at the same place lies beside it in this order.
    like = ("site", "cause", "place")
    placed = deviation.with_columns(
        cause=plain(c.root_cause),
        place=pl.coalesce(plain(c.area), plain(c.process), pl.lit("")),
        at_us=pl.coalesce(c.occurred_us, c.detected_us, c.recorded_us),
    ).sort(*like, "at_us", "deviation_id")
    same = pl.all_horizontal(c(name) == c(name).shift() for name in like)
    again = same & (c.at_us - c.at_us.shift() <= 365 * DAY_US)
    human = plain(c.category).str.replace_all(" ", "_", literal=True) == "human_error"
    told = c.at_us.is_not_null()
    yield _by(
        placed.with_columns(again=again),
        c.closed_us,
        {
            "K12": _share(c.again, told),
            "K12none": _share(c.cause.is_null() | (c.cause == ""), told),
            "K15": _share(human),
        },
    )
    due = deviation.with_columns(due=_due_day(c.due_first_on)).filter(
        c.closed_us.is_not_null() | (c.due < END_US // DAY_US)
    )
    in_time = _share(c.closed_us // DAY_US <= c.due)
    yield _by(due, (c.due + 1) * DAY_US, {"K14": in_time})


def _of_laboratory(scan: Scan) -> Iterator[Asked]:
    result, oos, of_result = scan("result"), scan("oos"), ("site", "result_id")
    ours = result.filter(c.kind == "result").join(oos, on=of_result, how="semi")
    staged = (
        oos.filter(c.decided_us.is_not_null())
        .join(
            scan("sample").select("site", "sample_id", "stage"),
            on=("site", "sample_id"),
            how="left",
        )
        .join(ours.group_by(of_result).agg(named=c.stage.max()), on=of_result, how="left")
        .filter(pl.coalesce(c.stage, c.named).is_in(("final", "stability")))
    )
    invalid = c.outcome == "invalidated"
    yield _by(staged, c.decided_us, {"K17fda": _share(invalid)})
    final = result.filter(c.kind == "result", c.stage.is_in(("final", "stability")))
    told = _groups(final, c.final_us, x=pl.len())
    events = _groups(staged, c.decided_us, y=invalid.sum())
    yield _beside(events, told, {"K17ispe": _part(c.y.fill_null(0))})
    at = pl.coalesce(c.final_us, c.entered_us, c.started_us)
    yields = result.filter(c.kind == "yield", c.value.is_not_null())
    yield _by(yields, at, {"K21": _median(c.value)})


def _of_floor(scan: Scan) -> Iterator[Asked]:
    route = scan("discrepancy").filter(c.route != "")
    at = pl.coalesce(c.closed_us, c.answered_us, c.raised_us)
    yield _by(route, at, {"K6nuisance": _share(c.route == "comment")})

    hours, busy = scan("equipment_state").filter(c.hours.is_not_null()), c.state == "busy"
    used = pl.when(busy).then(c.hours)
    up = c.state.is_in(("busy", "setup"))
    figures = {"K23availability": _ratio(100, used, c.hours), "K24": _ratio(100, used, c.hours, up)}
    yield _by(hours.filter(up | (c.state == "down")), c.to_us, figures)

    timed = (
        scan("step")
        .filter(c.touch_min.is_not_null())
        .with_columns(c.performer.cast(pl.Categorical))
    )
    touch = _median(c.touch_min, limits.ranks(10))
    enough = c.performer.n_unique() >= LEAST_PERSONS
    touch = touch._replace(columns=(*touch.columns, enough))
    yield _by(timed, c.completed_us, {"K25touch": touch})
    device = c.method.is_in(("device", "interface"))
    known = scan("step").filter(c.method.is_not_null(), device | c.instead)
    yield _by(known, c.completed_us, {"K29": _share(device & ~c.instead)})


def _of_changes(scan: Scan) -> Iterator[Asked]:
    in_use = pl.max_horizontal(c.effective_us, c.first_used_us)
    known = c.effective_us.is_not_null() & c.first_used_us.is_not_null()
    change = scan("mbr_change").with_columns(in_use_us=pl.when(known).then(in_use))
    for kpi, (begun, done) in LEGS.items():
        took = _median(_days(c(begun), c(done)))
        yield _by(change.filter(c(begun).is_not_null()), c(done), {kpi: took}, "1mo")
    figures = {"K27": _mean(c.returned), "K27first": _share(c.returned == 0)}
    yield _by(change, c.approved_us, figures)


PARTS = (_of_batches, _of_lots, _of_deviations, _of_laboratory, _of_floor, _of_changes)


def answers(folder: Path) -> Iterator[Answer]:
    """Yield each KPI with its columns, as `byhand.answers` does."""

    def scan(fact: str) -> pl.LazyFrame:
        return pl.scan_parquet(folder / fact / "*.parquet")

    asked = [one for some in PARTS for one in some(scan)]
    got = pl.collect_all([frame for frame, _ in asked], engine="streaming")
    found = {}
    for frame, (_, figures) in zip(got, asked, strict=True):
        began = frame["w"].cast(pl.Datetime("us")).cast(pl.Int64)
        keys = [began, frame["site"], frame["product_code"]]
        for kpi, sums in figures.items():
            names = [f"{kpi} {place}" for place in range(len(sums.columns))]
            columns = [frame[name] for name in names]
            if sums.ranks is not None:
                columns = _picked(*columns, ranks=sums.ranks)
            numbers = [column.cast(pl.Float64).to_numpy() for column in columns]
            found[kpi] = [*keys, *sums.made(numbers, sums.scale)]
    found["K23"] = _product(found)
    yield from found.items()


def _picked(
    values: pl.Series, enough: pl.Series | None = None, *, ranks: NDArray[np.float64]
) -> list[pl.Series]:
    """Return median, n, P90 and limits of lists of values in order; only n where too few worked."""
    n = values.list.len().to_numpy().astype(np.int64)
    shown = np.ones(len(n), dtype=bool) if enough is None else enough.to_numpy()
    rank = np.where(shown, ranks[n], np.nan)

    def at(place: NDArray[np.float64]) -> pl.Series:
        known = pl.Series(place, nan_to_null=True).cast(pl.Int64)
        return values.list.get(known, null_on_oob=True)

    some = np.where((n > 0) & shown, n, np.nan)
    middle = (at((some - 1) // 2) + at(some // 2)) / 2
    p90 = at((9 * some + 9) // 10 - 1)
    return [middle, pl.Series(n), p90, at(rank - 1), at(some - rank)]


def _product(found: dict[str, list[Any]]) -> list[Any]:
    """Return what three others make together, where a week has them all."""
    names = [f"K23{part}" for part in ("availability", "effectiveness", "quality")]
    frames = [
        pl.DataFrame([found[name][i] for i in range(3)], schema=KEYS).with_columns(
            pl.Series(f"value{number}", found[name][3]), pl.Series(f"n{number}", found[name][4])
        )
        for number, name in enumerate(names)
    ]
    first, *others = frames
    for other in others:
        first = first.join(other, on=KEYS)
    value = first["value0"] * first["value1"] * first["value2"] / 1e6
    n = first["n0"] + first["n1"] + first["n2"]
    made = limits.alone([value.to_numpy(), n.to_numpy()], 100)
    return [*(first[name] for name in KEYS), *made]
