"""Facts of five years at eight sites, made by chance that is always the same: a file a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import duckdb

MONTHS, SITES, PRODUCTS, STEPS_A_BATCH = 60, 8, 12, 40
VERSIONS = 20
DAY_US = 86_400_000_000
BEGIN_US = 1_577_836_800_000_000
"""1 January 2020."""
END_US = BEGIN_US + MONTHS * 30 * DAY_US
"""The present: what would come later has not happened."""

_MACROS = f"""
CREATE MACRO u(n, k) AS (hash(n, k) % 1000003) / 1000003.0;
CREATE MACRO days(x) AS (x * {DAY_US})::BIGINT;
CREATE MACRO past(t) AS CASE WHEN t < {END_US} THEN t END;
CREATE MACRO day(t) AS strftime(make_timestamp(t), '%Y-%m-%d');
CREATE MACRO pick(n, k, words) AS words[1 + (u(n, k) * len(words))::BIGINT % len(words)];
"""
_SITE = f"'site-' || (hash(b) % {SITES})"
_PRODUCT = f"'P-' || (hash(b * 7) % {PRODUCTS})"
_OF_BATCH = {
    "batch_id": "'B-' || b",
    "site": _SITE,
    "product_code": _PRODUCT,
    "line": "'L' || (hash(b) % 3)",
    "origin": "'native'",
    "seq_first": "n",
    "seq_last": "n",
}
"""What every row about a batch has; `b` is the batch's number, `n` the row's."""

_STEP = {
    **_OF_BATCH,
    "step_id": f"'S-' || (n % {STEPS_A_BATCH})",
    "title": f"'Step ' || (n % {STEPS_A_BATCH})",
    "completed_us": "past(t)",
    "claimed_us": "past(t) - (touch * 60000000)::BIGINT",
    "touch_min": "touch",
    "wait_min": "round(-30 * ln(1 - u(n, 2)), 3)",
    "entries": "1 + (u(n, 3) * 3)::BIGINT",
    "signatures": "1 + (u(n, 4) * 1.2)::BIGINT",
    "witnesses": "(u(n, 5) * 1.1)::BIGINT",
    "method": "CASE WHEN u(n, 6) < 0.3 THEN 'device' WHEN u(n, 6) < 0.99 THEN 'manual' END",
    "instead": "u(n, 7) < 0.05",
    "performer": "'person-' || (n % 97)",
    "corrected_after": "(u(n, 8) < 0.01)::BIGINT",
    "workaround": "u(n, 9) < 0.07",
    "late": "u(n, 10) < 0.03",
    "paper": "u(n, 11) < 0.01",
}
_BATCH = {
    **_OF_BATCH,
    "mbr_id": "'M-' || (hash(b * 7) % 12)",
    "mbr_version": f"1 + n * {VERSIONS} // of_all",
    "promised_on": "CASE WHEN u(n, 20) < 0.95 THEN day(e + days(14)) END",
    "planned_us": "t - days(20)",
    "planned_start_us": "t - days(u(n, 21) * 2)",
    "planned_end_us": "e + days(u(n, 22) * 2 - 1)",
    "started_us": "past(t)",
    "ended_us": "CASE WHEN NOT gone THEN past(e) END",
    "aborted_us": "CASE WHEN gone THEN past(t + days(1)) END",
    "completeness_us": "CASE WHEN NOT gone AND u(n, 23) < 0.98 THEN past(c) END",
    "reviewed_us": "CASE WHEN NOT gone AND u(n, 24) < 0.97 THEN past(c + days(1)) END",
    "lab_final_us": "CASE WHEN NOT gone AND u(n, 25) < 0.97 THEN past(e + days(6 * u(n, 26))) END",
    "decided_us": "decided",
    "decision": "CASE WHEN decided IS NOT NULL THEN"
    " CASE WHEN u(n, 27) < 0.03 THEN 'rejected' ELSE 'released' END END",
    "deviations": "(u(n, 28) * 1.6)::BIGINT",
    "discrepancies": "(u(n, 29) * 4)::BIGINT",
    "steps": f"CASE WHEN u(n, 30) < 0.99 THEN {STEPS_A_BATCH} ELSE 0 END",
    "entries": f"CASE WHEN u(n, 31) < 0.99 THEN {2 * STEPS_A_BATCH} ELSE 0 END",
    "late_entries": "(u(n, 32) * 4)::BIGINT",
    "na_entries": "(u(n, 33) * 2)::BIGINT",
    "workarounds": "(u(n, 34) * 6)::BIGINT",
    "corrections_after": "(u(n, 35) * 1.4)::BIGINT",
    "paper_steps": "(u(n, 36) * 1.3)::BIGINT",
    "signatures": "40 + (u(n, 37) * 9)::BIGINT",
    "automated_signatures": "(u(n, 38) * 9)::BIGINT",
    "reworked": "u(n, 39) < 0.04",
    "units": "CASE WHEN u(n, 40) < 0.99 THEN 90000 + (u(n, 41) * 9000)::BIGINT ELSE 0 END",
}
_REVIEW = {
    **_OF_BATCH,
    "function": "CASE WHEN n % 2 = 0 THEN 'quality' ELSE 'production' END",
    "number": "n",
    "opened_us": "past(t + days(5))",
    "active_min": "CASE WHEN u(n, 50) < 0.95 THEN round(-90 * ln(1 - u(n, 51)), 2) END",
}
_DISCREPANCY = {
    **_OF_BATCH,
    "discrepancy_id": "'D-' || n",
    "code": "pick(n, 60, ['missing', 'late', 'override', 'limit'])",
    "raised_us": "past(t)",
    "answered_us": "past(t + days(1))",
    "closed_us": "CASE WHEN u(n, 61) < 0.97 THEN past(t + days(6 * u(n, 62))) END",
    "route": "CASE WHEN u(n, 63) < 0.9 THEN pick(n, 64, ['comment', 'deviation', 'accept']) END",
}
_RESULT = {
    **_OF_BATCH,
    "row_id": "'R-' || n",
    "seq": "n",
    "kind": "CASE WHEN n % 5 = 4 THEN 'yield' ELSE 'result' END",
    "result_id": "'R-' || n",
    "sample_id": "'S-' || b",
    "stage": "CASE n % 5 WHEN 4 THEN NULL WHEN 3 THEN 'in_process' ELSE 'final' END",
    "value": "round(90 + 12 * u(n, 70), 3)",
    "verdict": "CASE WHEN n % 200 = 0 THEN 'oos' ELSE 'pass' END",
    "final_us": "past(t + days(2 + 5 * u(n, 71)))",
}
_OOS = {
    **_OF_BATCH,
    "oos_id": "'O-' || n",
    "result_id": "'R-' || (n * 200)",
    "sample_id": "'S-' || b",
    "subject_kind": "'batch'",
    "subject_id": "'B-' || b",
    "opened_us": "past(t + days(8))",
    "decided_us": "CASE WHEN u(n, 80) < 0.95 THEN past(t + days(10 + 20 * u(n, 81))) END",
    "outcome": "pick(n, 82, ['confirmed', 'invalidated', 'inconclusive'])",
}
_SAMPLE = {
    **_OF_BATCH,
    "sample_id": "'S-' || n",
    "stage": "'final'",
    "taken_us": "past(t + days(2))",
}
_DEVIATION = {
    **_OF_BATCH,
    "deviation_id": "'V-' || n",
    "area": "pick(n, 90, ['Granulation', 'compression ', 'Coating', NULL])",
    "process": "'P' || (n % 7)",
    "severity": "pick(n, 91, ['Minor', 'major', 'critical'])",
    "root_cause": "CASE WHEN u(n, 92) < 0.9 THEN 'cause ' || (u(n, 93) * 400)::BIGINT END",
    "category": "pick(n, 94, ['Human error', 'equipment', 'method', NULL])",
    "occurred_us": "CASE WHEN u(n, 95) < 0.97 THEN past(t) END",
    "detected_us": "past(t + days(u(n, 96)))",
    "recorded_us": "past(t + days(1 + u(n, 97)))",
    "assigned_us": "CASE WHEN u(n, 98) < 0.97 THEN past(t + days(3)) END",
    "cause_us": "CASE WHEN u(n, 99) < 0.9 THEN past(t + days(5 + 20 * u(n, 100))) END",
    "closed_us": "closed",
    "last_closed_us": "closed",
    "open": "closed IS NULL",
    "due_first_on": "CASE WHEN u(n, 101) < 0.95 THEN day(t + days(31)) END",
}
_COMPLAINT = {
    **_OF_BATCH,
    "complaint_id": "'C-' || n",
    "received_us": "past(t + days(90))",
}
_EQUIPMENT = {
    **_OF_BATCH,
    "equipment_id": "'E-' || (n % 40)",
    "number": "n",
    "state": "pick(n, 110, ['busy', 'setup', 'down', 'idle', 'cleaning'])",
    "from_us": "t",
    "to_us": "past(t + days(took / 24))",
    "hours": "CASE WHEN u(n, 111) < 0.99 THEN took END",
}
_CHANGE = {
    **_OF_BATCH,
    "site": f"'site-' || (n % {SITES})",
    "product_code": f"'P-' || (n // {SITES} % {PRODUCTS})",
    "mbr_id": f"'M-' || (n // {SITES} % {PRODUCTS})",
    "version": f"1 + n // {SITES * PRODUCTS}",
    "requested_us": "CASE WHEN u(n, 120) < 0.95 THEN past(t) END",
    "drafted_us": "past(t + days(10 * u(n, 121)))",
    "submitted_us": "past(t + days(12 + 9 * u(n, 122)))",
    "returned": "(u(n, 123) * 2.4)::BIGINT",
    "approved_us": "past(t + days(24 + 9 * u(n, 124)))",
    "validated_us": "CASE WHEN u(n, 125) < 0.9 THEN past(t + days(36)) END",
    "trained_us": "past(t + days(38 + 9 * u(n, 126)))",
    "effective_us": "past(t + days(50))",
    "first_used_us": "past(t + days(51 + 9 * u(n, 127)))",
    "superseded_us": "CASE WHEN u(n, 128) < 0.5 THEN past(t + days(120)) END",
}
_FURTHER = {
    "step": "round(-12 * ln(1 - u(n, 1)), 3) AS touch",
    "batch": "u(n, 10) < 0.02 AS gone, t + days(0.5 + 2 * u(n, 11)) AS e,"
    " e + days(0.1 + 1.5 * u(n, 12)) AS c,"
    " CASE WHEN NOT gone THEN past(e + days(2 + 12 * u(n, 13))) END AS decided",
    "deviation": "CASE WHEN u(n, 102) < 0.96 THEN past(t + days(4 + 40 * u(n, 103))) END AS closed",
    "equipment_state": "round(1 + 9 * u(n, 112), 2) AS took",
}
"""What several columns of a row are made of."""


def _facts(steps: int) -> dict[str, tuple[int, Mapping[str, str]]]:
    batches = max(1, steps // STEPS_A_BATCH)
    return {
        "step": (steps, _STEP),
        "batch": (batches, _BATCH),
        "review": (2 * batches, _REVIEW),
        "discrepancy": (4 * batches // 5, _DISCREPANCY),
        "result": (5 * batches, _RESULT),
        "oos": (batches // 40, _OOS),
        "sample": (batches, _SAMPLE),
        "deviation": (batches // 2, _DEVIATION),
        "complaint": (batches // 50, _COMPLAINT),
        "equipment_state": (2 * batches, _EQUIPMENT),
        "mbr_change": (SITES * PRODUCTS * VERSIONS, _CHANGE),
    }


def make(folder: Path, steps: int) -> None:
    """Write every fact that a KPI of a product reads, with so many steps, a file a month.

    Args:
        folder: An empty one; a folder each is made in it.
        steps: Rows of the step fact; the others follow from it.
    """
    import duckdb  # noqa: PLC0415 - after setup

    connection = duckdb.connect()
    connection.execute(_MACROS)
    for name, (count, made) in _facts(steps).items():
        (folder / name).mkdir()
        _write(connection, folder / name, name, (count, steps), made)


def _write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    counts: tuple[int, int],
    made: Mapping[str, str],
) -> None:
    count, steps = counts
    batches = max(1, steps // STEPS_A_BATCH)
    columns = _columns(name, made)
    further = _FURTHER.get(name, "")
    span = END_US - BEGIN_US
    for month in range(MONTHS):
        first, after = count * month // MONTHS, count * (month + 1) // MONTHS
        path = folder / f"{2020 + month // 12}-{month % 12 + 1:02d}.parquet"
        rows = (
            f"SELECT n, {count} AS of_all,"
            f" (n::HUGEINT * {batches} // {max(count, 1)})::BIGINT AS b,"
            f" ({BEGIN_US} + n::HUGEINT * {span} // {max(count, 1)})::BIGINT AS t"
            f" FROM range({first}, {after}) AS r(n)"
        )
        if further:
            rows = f"SELECT *, {further} FROM ({rows})"
        connection.execute(
            f"COPY (SELECT {columns} FROM ({rows})) TO '{path}'"
            " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
        )


def _columns(name: str, made: Mapping[str, str]) -> str:
    """Return every column of a fact: as made here, else its default."""
    from daytwo.insight.facts.declare import Kind  # noqa: PLC0415 - after setup
    from daytwo.insight.facts.registry import fact  # noqa: PLC0415

    types = {Kind.TEXT: "VARCHAR", Kind.I64: "BIGINT", Kind.F64: "DOUBLE", Kind.BOOL: "BOOLEAN"}
    return ", ".join(
        f"CAST({made.get(c.name, _constant(c.default))} AS {types[c.kind]}) AS {c.name}"
        for c in fact(name).columns
    )


def _constant(default: object) -> str:
    if default is None:
        return "NULL"
    return f"'{default}'" if isinstance(default, str) else str(default).lower()
