"""Every KPI of a product by week, site and product, as somebody who knows pandas would write it.

Only the columns used are read, words as categories; whole columns are computed, never a row.
References: the definitions in `daytwo kpi list`, read and written again, not called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bench import limits
from bench.byhand import LEGS, MONDAY_US, WEEK_US
from bench.history import DAY_US, END_US

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.byhand import Answer

    Read = Callable[..., pd.DataFrame]
    Found = Iterator[tuple[str, pd.DataFrame]]

WORDS = ["site", "product_code"]
KEYS = ["w", *WORDS]
BATCH = ["site", "batch_id"]
RANKS = limits.ranks()


class _Groups:
    """Rows in groups by the start of a span, site and product: grouped once."""

    def __init__(self, rows: pd.DataFrame, begun: pd.Series) -> None:
        """Group them.

        Args:
            rows: With site and product.
            begun: When the span of each begins; rows without one are left out.
        """
        keys = rows[WORDS].assign(w=begun).dropna(subset="w")
        grouped = keys.groupby(KEYS, sort=False, observed=True)
        self._of = grouped.ngroup()
        # Facts of different files know different words: only the words themselves can be joined.
        sizes = grouped.size().reset_index(name="rows").astype(dict.fromkeys(WORDS, "str"))
        self.rows = sizes.set_index(KEYS)["rows"]

    def sum(self, column: pd.Series) -> pd.Series:
        return column.groupby(self._of).sum().set_axis(self.rows.index)

    def distinct(self, column: pd.Series) -> pd.Series:
        return column.groupby(self._of).nunique().set_axis(self.rows.index)

    def median(self, values: pd.Series, ranks: Any = RANKS) -> pd.DataFrame:
        """Return the figures of what is known: one sort, of which five are picked."""
        known = pd.DataFrame({"of": self._of, "value": values}).dropna()
        of, value = known["of"].to_numpy(np.int64), known["value"].to_numpy()
        ordered = np.append(value[np.lexsort((value, of))], np.nan)
        n = np.bincount(of, minlength=len(self.rows))
        first = n.cumsum() - n

        def at(place: Any) -> Any:
            known = ~np.isnan(place) & (n > 0)
            return ordered[np.where(known, first + np.where(known, place, 0), -1).astype(int)]

        rank = ranks[n]
        middle = (at((n - 1.0) // 2) + at(n // 2.0)) / 2
        p90, low, high = at((9.0 * n + 9) // 10 - 1), at(rank - 1), at(n - rank)
        return _figure(limits.Made(middle, n, p90, low, high), self.rows.index)

    def ratio(
        self, y: pd.Series, x: pd.Series, counts: pd.Series, scale: float = 100
    ) -> pd.DataFrame:
        """Return one sum by another, of the rows that count."""
        y, x = (one.where(counts, 0).astype("float64") for one in (y, x))
        sums = [self.sum(of) for of in (x > 0, y, x, y * y, x * x, y * x)]
        return _of_sums(limits.ratio, sums, scale)

    def mean(self, y: pd.Series, counts: pd.Series | None = None) -> pd.DataFrame:
        """Return how much there is in each row that counts."""
        n = self.rows if counts is None else self.sum(counts)
        y = (y if counts is None else y.where(counts, 0)).astype("float64")
        total = self.sum(y)
        return _of_sums(limits.ratio, [n, total, n, self.sum(y * y), n, total], 1)

    def share(self, y: pd.Series, counts: pd.Series | None = None) -> pd.DataFrame:
        n = self.rows if counts is None else self.sum(counts)
        return _of_sums(limits.share, [self.sum(y if counts is None else y & counts), n], 100)


def _weeks(rows: pd.DataFrame, at: pd.Series) -> _Groups:
    return _Groups(rows, at - (at - MONDAY_US) % WEEK_US)


def _figure(made: limits.Made, index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(made._asdict(), index=index)


def _of_sums(make: Callable[..., limits.Made], sums: list[pd.Series], scale: float) -> pd.DataFrame:
    numbers = [one.to_numpy(dtype="float64") for one in sums]
    return _figure(make(numbers, scale), sums[0].index)


def _rate(y: pd.Series, x: pd.Series, n: pd.Series, scale: float) -> pd.DataFrame:
    """Return events of a week by what they are set against in it."""
    return _of_sums(limits.rate, [y.reindex(x.index, fill_value=0), x, n], scale)


def _part(y: pd.Series, x: pd.Series) -> pd.DataFrame:
    return _of_sums(limits.share, [y.reindex(x.index, fill_value=0), x], 100)


def _hours(since: pd.Series, until: pd.Series) -> pd.Series:
    return (until - since) / 3.6e9


def _days(since: pd.Series, until: pd.Series) -> pd.Series:
    return (until - since) / DAY_US


def _first(rows: pd.DataFrame, *names: str) -> pd.Series:
    """Return the first that is known of several columns."""
    column = rows[names[0]]
    for name in names[1:]:
        column = column.fillna(rows[name])
    return column


def _due_day(text: pd.Series) -> pd.Series:
    day = pd.to_datetime(text, format="%Y-%m-%d") - pd.Timestamp(0)
    return day / pd.Timedelta(days=1)


def _plain(text: pd.Series) -> pd.Series:
    return text.str.strip().str.lower()


def _of_decided(read: Read) -> Found:
    times = ("started_us", "ended_us", "lab_final_us", "reviewed_us", "qa_closed_us")
    counts = ("steps", "corrections_after", "deviations", "reworked")
    batch = read("batch", *BATCH, "decided_us", "decision", *times, *counts)
    review = read("review", *BATCH, "function", "active_min")
    minutes = review[review.function == "quality"].dropna(subset="active_min")
    minutes = minutes.groupby(BATCH).active_min.sum().rename("minutes")
    result = read("result", *BATCH, "result_id", "kind", "stage", "verdict")
    bad = (result.kind == "result") & (result.stage == "final") & (result.verdict == "oos")
    oos = read("oos", "site", "result_id", "outcome")
    invalid = oos[oos.outcome == "invalidated"].drop_duplicates()
    failed = result[bad].merge(invalid, on=["site", "result_id"], how="left")
    failed = failed[failed.outcome.isna()][BATCH].drop_duplicates().assign(failed=1)
    batch = batch[batch.decided_us.notna()].join(minutes, on=BATCH)
    batch = batch.merge(failed, on=BATCH, how="left")

    weeks = _weeks(batch, batch.decided_us)
    released, full = batch.decision == "released", batch.steps > 0
    rejected = batch.decision == "rejected"
    yield "K1", weeks.median(_days(batch.ended_us, batch.decided_us).where(released))
    yield "K1lab", weeks.median(_days(batch.lab_final_us, batch.decided_us).where(released))
    yield "K1rejected", weeks.median(_days(batch.ended_us, batch.decided_us).where(rejected))
    yield "K1start", weeks.median(_days(batch.started_us, batch.decided_us).where(released))
    yield "K3", weeks.median(batch.minutes / 60)
    reviewed = full & _first(batch, "reviewed_us", "qa_closed_us").notna()
    yield "K7a", weeks.share(batch.corrections_after == 0, reviewed)
    yield "K7b", weeks.share(~batch.reworked, full)
    clean = ~batch.reworked & (batch.deviations == 0)
    yield "K7c", weeks.share(clean & ~rejected, full)
    passed = batch.failed.isna() & ~batch.reworked
    yield "K7d", weeks.share(passed, full & batch.lab_final_us.notna())
    for kpi in ("K16ispe", "K23quality"):
        yield kpi, weeks.share(released)


def _spent(read: Read) -> pd.DataFrame:
    """Return hours of the steps of each batch."""
    step = read("step", *BATCH, "claimed_us", "completed_us", "touch_min", "wait_min")
    hours = pd.DataFrame(
        {
            "busy": _hours(step.claimed_us, step.completed_us),
            "touch": step.touch_min / 60,
            "wait": step.wait_min / 60,
        }
    )
    of_batch = [step.site, step.batch_id]
    return hours.where(hours >= 0).groupby(of_batch, observed=True).sum(min_count=1)


def _of_ended(read: Read) -> Found:
    times = ("started_us", "ended_us", "completeness_us", "planned_start_us", "planned_end_us")
    counts = "steps entries late_entries na_entries corrections_after discrepancies workarounds"
    counts += " paper_steps signatures automated_signatures units"
    batch = read("batch", *BATCH, *times, *counts.split())
    discrepancy = read("discrepancy", *BATCH, "code")
    lost = discrepancy[discrepancy.code == "missing"].groupby(BATCH).size().rename("lost")
    batch = batch[batch.ended_us.notna()]
    batch = batch.join(_spent(read), on=BATCH).join(lost, on=BATCH)

    weeks = _weeks(batch, batch.ended_us)
    full, entered = batch.steps > 0, batch.entries > 0
    took = _hours(batch.started_us, batch.ended_us)
    errors = batch.late_entries + batch.na_entries + batch.corrections_after
    errors = errors + batch.lost.fillna(0)
    planned = _hours(batch.planned_start_us, batch.planned_end_us)
    begun = batch.started_us.notna()
    yield "K6", weeks.mean(batch.discrepancies, full)
    yield "K8", weeks.ratio(errors, batch.entries, entered, 1000)
    yield "K8batch", weeks.mean(errors, entered)
    yield "K22", weeks.median(took)
    for kpi, part in (("allocation", "busy"), ("touch", "touch"), ("queue", "wait")):
        yield f"K22{kpi}", weeks.ratio(batch[part], took, batch[part].notna() & (took > 0))
    yield "K23effectiveness", weeks.ratio(planned, took, begun & (planned > 0))
    yield "K24throughput", weeks.ratio(batch.units, took * 60, begun & (batch.units != 0), 1)
    yield "K30", weeks.ratio(batch.workarounds, batch.steps, full)
    yield "K31", weeks.ratio(batch.paper_steps, batch.steps, full)
    yield "K31batch", weeks.share(batch.paper_steps > 0, full)
    yield "K32", weeks.ratio(batch.late_entries, batch.entries, entered)
    yield "K33", weeks.mean(batch.signatures, full)
    signed = batch.signatures > 0
    yield "K33automated", weeks.ratio(batch.automated_signatures, batch.signatures, signed)
    complete = _weeks(batch, batch.completeness_us)
    yield "K2", complete.median(_hours(batch.ended_us, batch.completeness_us))


def _of_plans(read: Read) -> Found:
    times = "planned_start_us planned_end_us started_us ended_us aborted_us decided_us"
    batch = read("batch", "promised_on", "decision", *times.split())
    due = _due_day(batch.promised_on)
    over = batch.aborted_us.isna() & (due < END_US // DAY_US)
    told = due.notna() & (batch.decided_us.notna() | over) & (batch.decision != "rejected")
    weeks = _weeks(batch[told], (due[told] + 1) * DAY_US)
    yield "K19", weeks.share(batch[told].decided_us // DAY_US <= due[told])
    past = batch.ended_us.notna() | batch.aborted_us.notna()
    past |= batch.planned_end_us + DAY_US < END_US
    planned = batch[past & batch.planned_start_us.notna()]
    kept = (planned.started_us - planned.planned_start_us).abs() <= DAY_US
    kept &= (planned.ended_us - planned.planned_end_us).abs() <= DAY_US
    yield "K20", _weeks(planned, planned.planned_end_us).share(kept)


def _of_lots(read: Read) -> Found:
    """Yield what is counted in one week and set against lots of another."""
    times = ("decided_us", "ended_us", "aborted_us", "started_us", "planned_us")
    batch = read("batch", *BATCH, "decision", "units", *times)
    oos = read("oos", "site", "subject_kind", "subject_id", "outcome")
    confirmed = oos[(oos.subject_kind == "batch") & (oos.outcome == "confirmed")]
    confirmed = confirmed.rename(columns={"subject_id": "batch_id"})[BATCH].drop_duplicates()
    batch = batch.merge(confirmed.assign(confirmed=1), on=BATCH, how="left")
    begun, decided = _weeks(batch, batch.started_us), _weeks(batch, batch.decided_us)
    released = decided.sum(batch.decision == "released")
    refused = decided.sum((batch.decision == "rejected") & batch.confirmed.notna())
    yield "K16fda2016", _part(released, begun.rows)
    rest = begun.rows - refused.reindex(begun.rows.index, fill_value=0)
    yield "K16fda2015", _part(rest, begun.rows)

    made = _weeks(batch, batch.ended_us).rows
    deviation = read("deviation", "recorded_us", "detected_us", "closed_us")
    happened = _first(deviation, "recorded_us", "detected_us")
    yield "K9", _rate(_weeks(deviation, happened).rows, made, made, 100)
    yield "K9ispe", _rate(_weeks(deviation, deviation.closed_us).rows, made, made, 100)

    some = batch[batch.units != 0]
    units = _weeks(some, _first(some, *times))
    complaint = read("complaint", "received_us")
    complaints = _weeks(complaint, complaint.received_us).rows
    yield "K18", _rate(complaints, units.sum(some.units), units.rows, 1e6)


def _of_versions(read: Read) -> Found:
    batch = read("batch", *BATCH, "mbr_id", "mbr_version", "started_us", "deviations")
    known = batch.started_us.notna() & batch.mbr_version.notna() & (batch.mbr_id != "")
    version = ["site", "mbr_id", "mbr_version"]
    first = batch[known].sort_values(["started_us", "batch_id"]).groupby(version).head(10)
    versions = first.groupby([*version, "product_code"], observed=True, as_index=False).agg(
        batches=("batch_id", "size"),
        deviations=("deviations", "sum"),
        last_us=("started_us", "max"),
    )
    versions = versions[(versions.mbr_version > 1) & (versions.batches >= 10)]
    yield "K28", _weeks(versions, versions.last_us).mean(versions.deviations)


def _of_deviations(read: Read) -> Found:
    times = "occurred_us detected_us recorded_us assigned_us cause_us closed_us last_closed_us"
    words = "deviation_id area process severity root_cause category due_first_on open"
    deviation = read("deviation", *times.split(), *words.split())
    shut = deviation[~deviation.open]
    closed = _first(shut, "last_closed_us", "closed_us")
    shut, closed = shut[shut.detected_us.notna()], closed[shut.detected_us.notna()]
    yield "K10", _weeks(shut, closed).median(_days(shut.detected_us, closed))
    lag = _days(deviation.occurred_us, deviation.recorded_us)
    yield "K10lag", _weeks(deviation, deviation.recorded_us).median(lag)
    grave = deviation[deviation.severity.str.lower() != "minor"]
    caused = _days(grave.assigned_us, grave.cause_us)
    yield "K11", _weeks(grave, grave.cause_us).median(caused)

    # The nearest one before with the same cause at the same place lies beside it in this order.
    placed = deviation.assign(
        cause=_plain(deviation.root_cause),
        place=_plain(deviation.area).fillna(_plain(deviation.process)).fillna(""),
        at_us=_first(deviation, "occurred_us", "detected_us", "recorded_us"),
    ).sort_values(["site", "cause", "place", "at_us", "deviation_id"], na_position="first")
    before, told = placed.shift(), placed.at_us.notna()
    again = placed.at_us - before.at_us <= 365 * DAY_US
    for name in ("cause", "place"):
        again &= placed[name] == before[name]
    again &= placed.site.astype("str") == before.site.astype("str")
    weeks = _weeks(placed, placed.closed_us)
    yield "K12", weeks.share(again, told)
    yield "K12none", weeks.share(placed.cause.isna() | (placed.cause == ""), told)
    human = _plain(placed.category).str.replace(" ", "_", regex=False) == "human_error"
    yield "K15", weeks.share(human)

    due = _due_day(deviation.due_first_on)
    told = due.notna() & (deviation.closed_us.notna() | (due < END_US // DAY_US))
    weeks = _weeks(deviation[told], (due[told] + 1) * DAY_US)
    yield "K14", weeks.share(deviation[told].closed_us // DAY_US <= due[told])


def _of_laboratory(read: Read) -> Found:
    names = "result_id kind stage value final_us entered_us started_us"
    result = read("result", *names.split())
    oos = read("oos", "result_id", "sample_id", "outcome", "decided_us")
    sample = read("sample", "site", "sample_id", "stage")[["site", "sample_id", "stage"]]
    measured = result[result.kind == "result"]
    ours = measured[measured.result_id.isin(oos.result_id)]
    named = ours.groupby(["site", "result_id"], observed=True).stage.max().rename("named")
    oos = oos.merge(sample, on=["site", "sample_id"], how="left")
    oos = oos.join(named, on=["site", "result_id"])
    oos = oos[_first(oos, "stage", "named").isin(["final", "stability"])]
    weeks, invalid = _weeks(oos, oos.decided_us), oos.outcome == "invalidated"
    yield "K17fda", weeks.share(invalid)
    final = measured[measured.stage.isin(["final", "stability"])]
    told = _weeks(final, final.final_us).rows
    yield "K17ispe", _part(weeks.sum(invalid), told)
    yields = result[result.kind == "yield"]
    yields = yields[yields.value.notna()]
    at = _first(yields, "final_us", "entered_us", "started_us")
    yield "K21", _weeks(yields, at).median(yields.value)


def _of_floor(read: Read) -> Found:
    discrepancy = read("discrepancy", "route", "closed_us", "answered_us", "raised_us")
    routed = discrepancy[discrepancy.route.fillna("") != ""]
    at = _first(routed, "closed_us", "answered_us", "raised_us")
    yield "K6nuisance", _weeks(routed, at).share(routed.route == "comment")

    states = read("equipment_state", "state", "to_us", "hours").dropna(subset="hours")
    up = states.state.isin(["busy", "setup"])
    hours, busy = states.hours, states.hours.where(states.state == "busy", 0)
    weeks = _weeks(states, states.to_us.where(up | (states.state == "down")))
    yield "K23availability", weeks.ratio(busy, hours, hours.notna())
    yield "K24", weeks.ratio(busy, hours, up)

    step = read("step", "completed_us", "touch_min", "performer", "method", "instead")
    timed = step[step.touch_min.notna()]
    weeks = _weeks(timed, timed.completed_us)
    touch = weeks.median(timed.touch_min, limits.ranks(10))
    few = weeks.distinct(timed.performer) < 5
    shown = ["value", "p90", "low", "high"]
    touch[shown] = touch[shown].mask(few, axis=0)
    yield "K25touch", touch
    device = step.method.isin(["device", "interface"])
    known = step[step.method.notna() & (device | step.instead)]
    alone = device[known.index] & ~known.instead
    yield "K29", _weeks(known, known.completed_us).share(alone)


def _of_changes(read: Read) -> Found:
    times = {at for leg in LEGS.values() for at in leg} - {"in_use_us"}
    change = read("mbr_change", "returned", *times)
    change["in_use_us"] = change[["effective_us", "first_used_us"]].max(axis=1, skipna=False)
    for kpi, (begun, done) in LEGS.items():
        month = pd.to_datetime(change[done], unit="us").dt.to_period("M").dt.start_time
        months = _Groups(change, month.dropna().astype("datetime64[us]").astype("int64"))
        yield kpi, months.median(_days(change[begun], change[done]))
    approved = _weeks(change, change.approved_us)
    yield "K27", approved.mean(change.returned)
    yield "K27first", approved.share(change.returned == 0)


PARTS = (
    _of_decided,
    _of_ended,
    _of_plans,
    _of_lots,
    _of_versions,
    _of_deviations,
    _of_laboratory,
    _of_floor,
    _of_changes,
)


def answers(folder: Path) -> Iterator[Answer]:
    """Yield each KPI with its columns, as `byhand.answers` does."""

    def read(fact: str, *columns: str) -> pd.DataFrame:
        wanted = list(dict.fromkeys([*WORDS, *columns]))
        words = [*WORDS, *(("batch_id", "performer") if fact == "step" else ())]
        return pd.read_parquet(folder / fact, columns=wanted, read_dictionary=words)

    found = {kpi: figure for some in PARTS for kpi, figure in some(read)}
    parts = [found[f"K23{part}"] for part in ("availability", "effectiveness", "quality")]
    value, n = (
        pd.concat([part[name] for part in parts], axis=1, join="inner") for name in ("value", "n")
    )
    three = [value.prod(axis=1, skipna=False) / 1e6, n.sum(axis=1)]
    found["K23"] = _of_sums(limits.alone, three, 100)
    for kpi, figure in found.items():
        yield kpi, [column for _, column in figure.reset_index().items()]
