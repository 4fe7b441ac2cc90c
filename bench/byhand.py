"""Every KPI of a product by week, site and product, as somebody who knows DuckDB would write it.

One query for all figures that share a week, a pass over the steps for all that needs them.
References: the definitions in `daytwo kpi list`, read and written again, not called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bench import limits
from bench.history import DAY_US, END_US
from bench.limits import Made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import duckdb

    Answer = tuple[str, Sequence[Any]]
    Query = tuple[str, tuple["Sums", ...]]

MONDAY_US = 1_577_664_000_000_000
"""30 December 2019: weeks are counted from it."""
WEEK_US = 7 * DAY_US
_KEYS = "w, site, product_code"
_MACROS = f"""
CREATE MACRO week(t) AS t - (t - {MONDAY_US}) % {WEEK_US};
CREATE MACRO month(t) AS epoch_us(date_trunc('month', make_timestamp(t)));
CREATE MACRO due_day(text) AS epoch_us(strptime(text, '%Y-%m-%d')) // {DAY_US};
"""


class Sums(NamedTuple):
    """What is added up of a group for one figure.

    Attributes:
        made: What makes the figure of them.
        columns: The aggregates, in SQL.
        scale: Such as 100 for per cent.
        picked: Whether it is one list of values in order, of which five are picked.
    """

    made: Callable[..., Made]
    columns: tuple[str, ...]
    scale: float = 1
    picked: bool = False


def _median(value: str, counts: str) -> Sums:
    return Sums(limits.median, (f"list_sort(list({value}) FILTER ({counts}))",), picked=True)


def _ratio(scale: float, y: str, x: str, counts: str) -> Sums:
    y, x, only = f"({y})::DOUBLE", f"({x})::DOUBLE", f"FILTER ({counts})"
    sums = (f"sum({of}) {only}" for of in (y, x, f"{y} * {y}", f"{x} * {x}", f"{y} * {x}"))
    return Sums(limits.ratio, (f"count(*) FILTER ({counts} AND {x} > 0)", *sums), scale)


def _mean(y: str, counts: str) -> Sums:
    return _ratio(1, y, "1", counts)


def _share(y: str, counts: str) -> Sums:
    return Sums(
        limits.share, (f"count(*) FILTER ({counts} AND {y})", f"count(*) FILTER ({counts})"), 100
    )


_STEPS_OF_BATCH = """
SELECT site, batch_id,
 sum((completed_us - claimed_us) / 3.6e9) FILTER (completed_us >= claimed_us) AS busy,
 sum(touch_min / 60) FILTER (touch_min >= 0) AS touch,
 sum(wait_min / 60) FILTER (wait_min >= 0) AS wait
FROM step GROUP BY ALL"""
_TOOK = "(ended_us - started_us)"
_DECIDED = {
    "K1": _median(
        f"(decided_us - ended_us) / {DAY_US}.0", "decision = 'released' AND ended_us IS NOT NULL"
    ),
    "K1lab": _median(
        f"(decided_us - lab_final_us) / {DAY_US}.0",
        "decision = 'released' AND lab_final_us IS NOT NULL",
    ),
    "K1rejected": _median(
        f"(decided_us - ended_us) / {DAY_US}.0", "decision = 'rejected' AND ended_us IS NOT NULL"
    ),
    "K1start": _median(
        f"(decided_us - started_us) / {DAY_US}.0",
        "decision = 'released' AND started_us IS NOT NULL",
    ),
    "K3": _median("minutes / 60", "minutes IS NOT NULL"),
    "K7a": _share(
        "corrections_after = 0", "steps > 0 AND coalesce(reviewed_us, qa_closed_us) IS NOT NULL"
    ),
    "K7b": _share("NOT reworked", "steps > 0"),
    "K7c": _share("deviations = 0 AND NOT reworked AND decision <> 'rejected'", "steps > 0"),
    "K7d": _share("NOT failed AND NOT reworked", "steps > 0 AND lab_final_us IS NOT NULL"),
    "K16ispe": _share("decision = 'released'", "true"),
    "K23quality": _share("decision = 'released'", "true"),
}
_ENDED = {
    "K6": _mean("discrepancies", "steps > 0"),
    "K8": _ratio(
        1000, "late_entries + na_entries + corrections_after + lost", "entries", "entries > 0"
    ),
    "K8batch": _ratio(
        1, "late_entries + na_entries + corrections_after + lost", "1", "entries > 0"
    ),
    "K22": _median(f"{_TOOK} / 3.6e9", "started_us IS NOT NULL"),
    "K22allocation": _ratio(
        100,
        "busy",
        f"{_TOOK} / 3.6e9",
        f"started_us IS NOT NULL AND busy IS NOT NULL AND {_TOOK} > 0",
    ),
    "K22touch": _ratio(
        100,
        "touch",
        f"{_TOOK} / 3.6e9",
        f"started_us IS NOT NULL AND touch IS NOT NULL AND {_TOOK} > 0",
    ),
    "K22queue": _ratio(
        100,
        "wait",
        f"{_TOOK} / 3.6e9",
        f"started_us IS NOT NULL AND wait IS NOT NULL AND {_TOOK} > 0",
    ),
    "K23effectiveness": _ratio(
        100,
        "(planned_end_us - planned_start_us) / 3.6e9",
        f"{_TOOK} / 3.6e9",
        "started_us IS NOT NULL AND planned_end_us > planned_start_us",
    ),
    "K24throughput": _ratio(1, "units", f"{_TOOK} / 6e7", "started_us IS NOT NULL AND units <> 0"),
    "K30": _ratio(100, "workarounds", "steps", "steps > 0"),
    "K31": _ratio(100, "paper_steps", "steps", "steps > 0"),
    "K31batch": _share("paper_steps > 0", "steps > 0"),
    "K32": _ratio(100, "late_entries", "entries", "entries > 0"),
    "K33": _mean("signatures", "steps > 0"),
    "K33automated": _ratio(100, "automated_signatures", "signatures", "signatures > 0"),
}
_STAGED = "coalesce(s.stage, r.stage) IN ('final', 'stability')"
_OOS = f"""
SELECT o.*, ({_STAGED} AND o.decided_us IS NOT NULL) AS counts
FROM oos o LEFT JOIN sample s USING (site, sample_id)
LEFT JOIN (SELECT site, result_id, max(stage) AS stage FROM result
           WHERE kind = 'result' AND result_id IN (SELECT result_id FROM oos) GROUP BY ALL) r
USING (site, result_id)"""
_DEVIATION = """
SELECT *, lower(trim(root_cause)) AS cause, coalesce(lower(trim(area)), lower(trim(process)), '')
AS place, coalesce(occurred_us, detected_us, recorded_us) AS at_us FROM deviation"""
_FAILED = "(site, batch_id) IN (SELECT (site, batch_id) FROM result WHERE kind = 'result' AND"
_FAILED += " stage = 'final' AND verdict = 'oos' AND (site, result_id) NOT IN"
_FAILED += " (SELECT (site, result_id) FROM oos WHERE outcome = 'invalidated'))"


def _by_week(source: str, at: str, figures: Mapping[str, Sums], span: str = "week") -> Query:
    """Return a query of figures that share rows and a span."""
    inner, outer = [], []
    for number, sums in enumerate(figures.values()):
        names = [f"c{number}_{place}" for place in range(len(sums.columns))]
        inner += [f"{of} AS {name}" for of, name in zip(sums.columns, names, strict=True)]
        outer += _picked(names[0]) if sums.picked else names
    query = f"""
    SELECT {_KEYS}, {", ".join(outer)} FROM
    (SELECT {span}({at}) AS w, site, product_code, {", ".join(inner)}
     FROM ({source}) GROUP BY ALL)"""
    return query, tuple(figures.values())


def _picked(values: str, ranks: str = "ranks", only: str = "true") -> list[str]:
    """Return median, n, P90 and limits of a list of values in order."""
    n, rank = f"len({values})", f"getvariable('{ranks}')[len({values})]"
    picked = (
        f"({values}[({n} + 1) // 2] + {values}[{n} // 2 + 1]) / 2",
        n,
        f"{values}[(9 * {n} + 9) // 10]",
        f"{values}[{rank}]",
        f"{values}[{n} + 1 - {rank}]",
    )
    return [of if of == n else f"CASE WHEN {only} THEN {of} END" for of in picked]


def _beside(events: str, happened: str, exposure: str, at: str, base: str, made: Sums) -> Query:
    """Return a rate or a share: events of a week by what they are set against in it."""
    query = f"""
    SELECT {_KEYS}, {", ".join(made.columns)} FROM
    (SELECT week({at}) AS w, site, product_code, sum({base}) AS x, count(*) AS n
     FROM ({exposure}) GROUP BY ALL)
    LEFT JOIN (SELECT week({happened}) AS w, site, product_code, sum(y) AS y
               FROM ({events}) GROUP BY ALL) USING ({_KEYS})"""
    return query, (made,)


def _rate(scale: float) -> Sums:
    return Sums(limits.rate, ("coalesce(y, 0)", "x", "n"), scale)


_PART = Sums(limits.share, ("coalesce(y, 0)", "x"), 100)
_MADE = "SELECT * FROM batch WHERE ended_us IS NOT NULL"
_DUE = f"""
SELECT *, due_day(promised_on) AS due FROM batch WHERE promised_on IS NOT NULL
AND (decided_us IS NOT NULL OR (aborted_us IS NULL AND due_day(promised_on) < {END_US // DAY_US}))
AND decision IS DISTINCT FROM 'rejected'"""
_PLANNED = f"""
SELECT * FROM batch WHERE planned_start_us IS NOT NULL AND planned_end_us IS NOT NULL
AND (ended_us IS NOT NULL OR aborted_us IS NOT NULL OR planned_end_us + {DAY_US} < {END_US})"""
_KEPT_PLAN = f"coalesce(abs(started_us - planned_start_us) <= {DAY_US}"
_KEPT_PLAN += f" AND abs(ended_us - planned_end_us) <= {DAY_US}, false)"
_CHANGES = """
SELECT *, CASE WHEN effective_us IS NOT NULL AND first_used_us IS NOT NULL
THEN greatest(effective_us, first_used_us) END AS in_use_us FROM mbr_change"""
LEGS = {
    "K26": ("requested_us", "in_use_us"),
    "K26wait": ("requested_us", "drafted_us"),
    "K26author": ("drafted_us", "submitted_us"),
    "K26review": ("submitted_us", "approved_us"),
    "K26validation": ("approved_us", "validated_us"),
    "K26training": ("validated_us", "trained_us"),
    "K26rollout": ("trained_us", "effective_us"),
    "K26use": ("effective_us", "first_used_us"),
}
_VERSIONS = """
SELECT site, product_code, mbr_id, mbr_version, count(*) AS batches, sum(deviations) AS deviations,
max(started_us) AS last_us
FROM (SELECT * FROM batch WHERE started_us IS NOT NULL AND mbr_id <> '' AND mbr_version IS NOT NULL
QUALIFY row_number()
 OVER (PARTITION BY site, mbr_id, mbr_version ORDER BY started_us, batch_id) <= 10)
GROUP BY ALL"""
_EQUIPMENT = (
    "SELECT * FROM equipment_state WHERE to_us IS NOT NULL AND hours IS NOT NULL AND state IN"
)
_OEE = f"""
WITH a AS (SELECT week(to_us) AS w, site, product_code,
 sum(CASE state WHEN 'busy' THEN hours ELSE 0 END) / nullif(sum(hours), 0) AS v,
 count(*) FILTER (hours > 0) AS n
 FROM ({_EQUIPMENT} ('busy', 'setup', 'down')) GROUP BY ALL),
e AS (SELECT week(ended_us) AS w, site, product_code,
 sum(planned_end_us - planned_start_us)::DOUBLE / nullif(sum({_TOOK}), 0) AS v,
 count(*) FILTER ({_TOOK} > 0) AS n
 FROM batch WHERE ended_us IS NOT NULL AND started_us IS NOT NULL
 AND planned_end_us > planned_start_us GROUP BY ALL),
q AS (SELECT week(decided_us) AS w, site, product_code,
 avg((decision = 'released')::INT) AS v, count(*) AS n
 FROM batch WHERE decided_us IS NOT NULL GROUP BY ALL)
SELECT {_KEYS}, a.v * e.v * q.v, a.n + e.n + q.n
FROM a JOIN e USING ({_KEYS}) JOIN q USING ({_KEYS})"""
_DONE = "SELECT * FROM step WHERE completed_us IS NOT NULL"
_TOUCH = f"""
SELECT {_KEYS}, {", ".join(_picked("l", "ranks_of_ten", "persons >= 5"))} FROM
(SELECT week(completed_us) AS w, site, product_code,
 list_sort(list(touch_min)) AS l, count(DISTINCT performer) AS persons
 FROM ({_DONE}) WHERE touch_min IS NOT NULL GROUP BY ALL)"""


def _cycle(begun: str, done: str) -> Query:
    """Return the time of changes of a master batch record: few, so by month."""
    took = _median(f"({done} - {begun}) / {DAY_US}.0", "true")
    source = f"SELECT * FROM ({_CHANGES}) WHERE {begun} IS NOT NULL AND {done} IS NOT NULL"
    return _by_week(source, done, {"": took}, "month")


def _units() -> Query:
    at = "coalesce(decided_us, ended_us, aborted_us, started_us, planned_us)"
    return _beside(
        "SELECT *, 1 AS y FROM complaint WHERE received_us IS NOT NULL",
        "received_us",
        "SELECT * FROM batch WHERE units <> 0",
        at,
        "units",
        _rate(1e6),
    )


def _accepted(y: str, started: str) -> Query:
    """Return a share of lots started of which some are told by their disposition."""
    query = f"""
    SELECT {_KEYS}, {started} * x + coalesce(y, 0), x FROM
    (SELECT week(started_us) AS w, site, product_code, count(*) AS x FROM batch
     WHERE started_us IS NOT NULL GROUP BY ALL)
    LEFT JOIN (SELECT week(decided_us) AS w, site, product_code, sum({y}) AS y FROM
     (SELECT *, (site, batch_id) IN (SELECT (site, subject_id) FROM oos
      WHERE subject_kind = 'batch' AND outcome = 'confirmed') AS confirmed
      FROM batch WHERE decided_us IS NOT NULL) GROUP BY ALL) USING ({_KEYS})"""
    return query, (_PART,)


QUERIES: dict[tuple[str, ...], Query] = {
    tuple(_DECIDED): _by_week(
        f"SELECT batch.*, minutes, {_FAILED} AS failed FROM batch LEFT JOIN"
        " (SELECT site, batch_id, sum(active_min) AS minutes FROM review"
        " WHERE function = 'quality' AND active_min IS NOT NULL GROUP BY ALL)"
        " USING (site, batch_id) WHERE decided_us IS NOT NULL",
        "decided_us",
        _DECIDED,
    ),
    tuple(_ENDED): _by_week(
        "SELECT batch.*, busy, touch, wait, coalesce(lost, 0) AS lost FROM batch"
        f" LEFT JOIN ({_STEPS_OF_BATCH}) USING (site, batch_id) LEFT JOIN"
        " (SELECT site, batch_id, count(*) AS lost FROM discrepancy WHERE code = 'missing'"
        " GROUP BY ALL) USING (site, batch_id) WHERE ended_us IS NOT NULL",
        "ended_us",
        _ENDED,
    ),
    ("K2",): _by_week(
        f"{_MADE} AND completeness_us IS NOT NULL",
        "completeness_us",
        {"K2": _median("(completeness_us - ended_us) / 3.6e9", "true")},
    ),
    ("K6nuisance",): _by_week(
        "SELECT * FROM discrepancy WHERE route <> ''",
        "coalesce(closed_us, answered_us, raised_us)",
        {"K6nuisance": _share("route = 'comment'", "true")},
    ),
    ("K9",): _beside(
        "SELECT *, 1 AS y, coalesce(recorded_us, detected_us) AS t FROM deviation"
        " WHERE coalesce(recorded_us, detected_us) IS NOT NULL",
        "t",
        _MADE,
        "ended_us",
        "1",
        _rate(100),
    ),
    ("K9ispe",): _beside(
        "SELECT *, 1 AS y FROM deviation WHERE closed_us IS NOT NULL",
        "closed_us",
        _MADE,
        "ended_us",
        "1",
        _rate(100),
    ),
    ("K10",): _by_week(
        'SELECT * FROM deviation WHERE detected_us IS NOT NULL AND NOT "open"'
        " AND coalesce(last_closed_us, closed_us) IS NOT NULL",
        "coalesce(last_closed_us, closed_us)",
        {
            "K10": _median(
                f"(coalesce(last_closed_us, closed_us) - detected_us) / {DAY_US}.0", "true"
            )
        },
    ),
    ("K10lag",): _by_week(
        "SELECT * FROM deviation WHERE occurred_us IS NOT NULL AND recorded_us IS NOT NULL",
        "recorded_us",
        {"K10lag": _median(f"(recorded_us - occurred_us) / {DAY_US}.0", "true")},
    ),
    ("K11",): _by_week(
        "SELECT * FROM deviation WHERE lower(severity) IS DISTINCT FROM 'minor'"
        " AND assigned_us IS NOT NULL AND cause_us IS NOT NULL",
        "cause_us",
        {"K11": _median(f"(cause_us - assigned_us) / {DAY_US}.0", "true")},
    ),
    ("K12", "K12none", "K15"): _by_week(
        f"WITH d AS ({_DEVIATION}) SELECT d.*, EXISTS (SELECT 1 FROM d AS other WHERE"
        " other.site = d.site AND other.cause = d.cause AND other.place = d.place AND"
        f" other.at_us >= d.at_us - 365 * {DAY_US} AND (other.at_us < d.at_us OR"
        " (other.at_us = d.at_us AND other.deviation_id < d.deviation_id))) AS again"
        " FROM d WHERE closed_us IS NOT NULL",
        "closed_us",
        {
            "K12": _share("again", "at_us IS NOT NULL"),
            "K12none": _share("cause IS NULL OR cause = ''", "at_us IS NOT NULL"),
            "K15": _share(
                "coalesce(replace(lower(trim(category)), ' ', '_') = 'human_error', false)", "true"
            ),
        },
    ),
    ("K14",): _by_week(
        "SELECT *, due_day(due_first_on) AS due FROM deviation WHERE due_first_on IS NOT NULL"
        f" AND (closed_us IS NOT NULL OR due_day(due_first_on) < {END_US // DAY_US})",
        f"(due + 1) * {DAY_US}",
        {"K14": _share(f"coalesce(closed_us // {DAY_US} <= due, false)", "true")},
    ),
    ("K16fda2016",): _accepted("(decision = 'released')::INT", "0"),
    ("K16fda2015",): _accepted("-(decision = 'rejected' AND confirmed)::INT", "1"),
    ("K17fda",): _by_week(
        f"SELECT * FROM ({_OOS}) WHERE counts",
        "decided_us",
        {"K17fda": _share("outcome = 'invalidated'", "true")},
    ),
    ("K17ispe",): _beside(
        f"SELECT *, (outcome = 'invalidated')::INT AS y FROM ({_OOS}) WHERE counts",
        "decided_us",
        "SELECT * FROM result WHERE kind = 'result' AND stage IN ('final', 'stability')"
        " AND final_us IS NOT NULL",
        "final_us",
        "1",
        _PART,
    ),
    ("K18",): _units(),
    ("K19",): _by_week(
        _DUE,
        f"(due + 1) * {DAY_US}",
        {"K19": _share(f"coalesce(decided_us // {DAY_US} <= due, false)", "true")},
    ),
    ("K20",): _by_week(_PLANNED, "planned_end_us", {"K20": _share(_KEPT_PLAN, "true")}),
    ("K21",): _by_week(
        "SELECT * FROM result WHERE kind = 'yield' AND value IS NOT NULL AND"
        " coalesce(final_us, entered_us, started_us) IS NOT NULL",
        "coalesce(final_us, entered_us, started_us)",
        {"K21": _median("value", "true")},
    ),
    ("K23",): (_OEE, (Sums(limits.alone, ("value", "n"), 100),)),
    ("K23availability",): _by_week(
        f"{_EQUIPMENT} ('busy', 'setup', 'down')",
        "to_us",
        {"": _ratio(100, "CASE state WHEN 'busy' THEN hours ELSE 0 END", "hours", "true")},
    ),
    ("K24",): _by_week(
        f"{_EQUIPMENT} ('busy', 'setup')",
        "to_us",
        {"": _ratio(100, "CASE state WHEN 'busy' THEN hours ELSE 0 END", "hours", "true")},
    ),
    ("K25touch",): (_TOUCH, (Sums(limits.median, ("l",), picked=True),)),
    **{(kpi,): _cycle(*leg) for kpi, leg in LEGS.items()},
    ("K27", "K27first"): _by_week(
        "SELECT * FROM mbr_change WHERE approved_us IS NOT NULL",
        "approved_us",
        {"K27": _mean("returned", "true"), "K27first": _share("returned = 0", "true")},
    ),
    ("K28",): _by_week(
        f"SELECT * FROM ({_VERSIONS}) WHERE mbr_version > 1 AND batches >= 10",
        "last_us",
        {"K28": _mean("deviations", "true")},
    ),
    ("K29",): _by_week(
        f"{_DONE} AND method IS NOT NULL AND (method IN ('device', 'interface') OR \"instead\")",
        "completed_us",
        {"K29": _share("method IN ('device', 'interface') AND NOT \"instead\"", "true")},
    ),
}


def prepare(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Name the facts of a folder of `history.make` in a DuckDB of one's own."""
    connection.execute(_MACROS)
    for name, least in (("ranks", 6), ("ranks_of_ten", 10)):
        ranks = [None if np.isnan(rank) else int(rank) for rank in limits.ranks(least)[1:]]
        connection.execute(f"SET VARIABLE {name} = ?", [ranks])
    for fact in sorted(path.name for path in folder.iterdir() if path.is_dir()):
        connection.execute(
            f"CREATE VIEW {fact} AS SELECT * FROM read_parquet('{folder}/{fact}/*.parquet')"
        )


def answers(connection: duckdb.DuckDBPyConnection) -> Iterator[Answer]:
    """Yield each KPI with its columns: start of the week or month, site, product, and `Made`'s."""
    for kpis, (query, figures) in QUERIES.items():
        keys, columns = [], []
        for place, column in enumerate(connection.execute(query).fetchnumpy().values()):
            if place < 3:
                keys.append(column)
            else:
                columns.append(np.ma.filled(np.ma.asarray(column, dtype=float), np.nan))
        for kpi, sums in zip(kpis, figures, strict=True):
            taken = len(Made._fields) if sums.picked else len(sums.columns)
            mine, columns = columns[:taken], columns[taken:]
            yield kpi, [*keys, *sums.made(mine, sums.scale)]
