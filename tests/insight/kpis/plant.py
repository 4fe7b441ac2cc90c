"""Fact tables made from the rows a test needs; every column not given has a plain default."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import duckdb
import ibis
from ibis.backends.sql.compilers import DuckDBCompiler

from daytwo.insight.kpis.calendar import us
from daytwo.insight.kpis.subjects import DAY_US, Facts

NOW = datetime(2026, 7, 1, tzinfo=UTC)
_COUNTS = (
    "promise_changes replans returns holds lab_open deviations deviations_open discrepancies steps"
    " entries manual_entries late_entries na_entries workarounds corrections_after"
    " corrections_before paper_steps signatures witnesses automated_signatures units"
)
_COLUMNS = {
    "batch": "batch_id product_code product_name line mbr_id mbr_version# order_id promised_on"
    " planned_us# planned_start_us# planned_end_us# floor_us# started_us# started_seq# ended_us#"
    " ended_seq# packaged_us# aborted_us# completeness_us# completeness_seq# submitted_us#"
    " submitted_seq# production_closed_us# production_closed_seq# qa_opened_us# qa_closed_us#"
    " reviewed_us# reviewed_seq# decided_us# decided_seq# decision certified_us# hold_h!"
    " lab_taken_us# lab_final_us# lab_final_seq# deviation_first_us# deviation_closed_us#"
    f" deviation_closed_seq# reworked? theoretical_yield_pct! {_COUNTS.replace(' ', '# ')}#",
    "step": "batch_id step_id product_code line mbr_id mbr_version# title unit_procedure operation"
    " phase kind criticality unit position# offered_us# claimed_us# input_us# completed_us#"
    " completed_seq# verified_us# noted_us# performer role_or_team verifier entries# method late?"
    " late_min! corrected# corrected_after# paper? na? override? workaround? discrepancies#"
    " signatures# witnesses# touch_min! wait_min! paused_min!",
    "labour": "person team start_us# end_us# attended_h!",
    "sample": "sample_id subject_kind subject_id stage plan taken_us# received_us# first_test_us#"
    " entered_us# final_us# results# final#",
    "result": "seq# result_id sample_id subject_kind subject_id batch_id product_code stage"
    " test_code test_name unit value! reported verdict started_us# entered_us# final_us# oos_id"
    " kind",
    "oos": "oos_id result_id sample_id subject_kind subject_id test_code opened_us# decided_us#"
    " outcome",
    "deviation": "deviation_id batch_id product_code title area process equipment_id severity"
    " category root_cause method owner occurred_us# detected_us# detected_seq# recorded_us#"
    " recorded_seq# triaged_us# assigned_us# assigned_seq# cause_us# cause_seq# closed_us#"
    " closed_seq# last_closed_us# reopened# due_first_on due_on due_moves# discrepancy_id open?",
    "capa": "capa_id deviation_id owner opened_us# closed_us# due_first_on due_on due_moves#"
    " planned_us# metric baseline target horizon_days# evaluated_us# verdict",
    "change": "change_id title kind mbr_id mbr_version# opened_us# approved_us# implemented_us#"
    " closed_us#",
    "complaint": "complaint_id product_code batch_id category received_us# closed_us#",
    "mbr_change": "mbr_id mbr_version# product_code change_id requested_us# requested_seq#"
    " drafted_us# submitted_us# returned# rounds# approved_us# validated_us# trained_us#"
    " effective_us# effective_seq# first_used_us# first_used_seq# superseded_us# retired_us#",
    "review": "batch_id function reviewer opened_us# closed_us# active_min! outcome",
    "disposition": "batch_id product_code decision decided_us# decided_by certified_us# checks#"
    " checks_justified#",
    "discrepancy": "discrepancy_id batch_id product_code step_id discrepancy_class code severity"
    " blocking? raised_us# raised_seq# answered_us# closed_us# deviation_id route",
    "signature": "seq# batch_id step_id meaning signer role signed_us# automated?",
    "equipment_state": "equipment_id state from_us# to_us# batch_id hours!",
    "usage": "seq# at_us# kind person role name batch_id step_id ref",
}
_TYPES = {"#": "int64", "!": "float64", "?": "boolean"}
SCHEMAS = {
    table: ibis.schema(
        {
            word.rstrip("#!?"): _TYPES.get(word[-1], "string")
            for word in f"{columns} site origin seq_first# seq_last# month".split()
        }
    )
    for table, columns in _COLUMNS.items()
}
_DEFAULTS: dict[str, Any] = {"site": "S1", "origin": "native", "seq_first": 1, "seq_last": 2}
_ZERO = {"boolean": False}


def day(number: float) -> int:
    """Return a time as microseconds UTC: day 0 is 1 January 2026."""
    return us(datetime(2026, 1, 1, tzinfo=UTC)) + int(number * DAY_US)


def on(text: str) -> int:
    """Return an ISO date or time, UTC, as microseconds."""
    return us(datetime.fromisoformat(text).replace(tzinfo=UTC))


class Engine:
    """DuckDB in memory over the rows of a test."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self._connection = duckdb.connect()
        for name, rows in tables.items():
            self._connection.register(name, _arrow(rows, SCHEMAS[name]))

    def table(self, name: str) -> Any:
        return ibis.table(SCHEMAS[name], name=name)

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        compiler = DuckDBCompiler()
        sql = compiler.to_sqlglot(expression).sql(dialect=compiler.dialect)
        names = expression.columns
        return [
            {
                name: int(v) if isinstance(v, Decimal) else v
                for name, v in zip(names, row, strict=True)
            }
            for row in self._connection.execute(sql).fetchall()
        ]


def facts(*, now: datetime = NOW, zone: str = "UTC", **tables: list[dict[str, Any]]) -> Facts:
    """Return facts whose tables have the rows given; tables not named are empty."""
    made = {
        name: [_row(name, schema, row) for row in tables.get(name, [])]
        for name, schema in SCHEMAS.items()
    }
    return Facts(Engine(made), us(now), zone)


def _row(table: str, schema: ibis.Schema, given: dict[str, Any]) -> dict[str, Any]:
    strangers = set(given) - set(schema.names)
    assert not strangers, f"{table} has no column {strangers}"
    counts = dict.fromkeys(_COUNTS.split(), 0) if table == "batch" else {}
    made = {}
    for name, type_ in schema.items():
        default = _DEFAULTS.get(name, counts.get(name, _ZERO.get(str(type_))))
        made[name] = given.get(name, default)
    return made


def _arrow(rows: list[dict[str, Any]], schema: ibis.Schema) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=schema.to_pyarrow())
