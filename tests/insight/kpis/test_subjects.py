"""The subject table: the first rule that holds is the reason, and nothing is lost."""

from __future__ import annotations

from daytwo.insight.kpis.subjects import (
    BATCH_DIMENSIONS,
    DIMENSIONS,
    SHIFT,
    lacking,
    leave_out,
    subjects,
    together,
    waiting,
    with_version,
)
from tests.insight.kpis.plant import facts


def told(made, table):
    return {row["subject"]: row for row in made.engine.rows(table)}


def test_first_rule_that_holds_is_the_reason_and_unknown_is_no():
    made = facts(
        batch=[
            {"batch_id": "both", "line": "L", "decision": "rejected"},
            {"batch_id": "second", "line": "M", "decision": "rejected"},
            {"batch_id": "unknown", "line": "M"},
            {"batch_id": "open", "line": "O"},
        ]
    )
    b = made.table("batch")
    found = told(
        made,
        subjects(
            b,
            subject=b.batch_id,
            rules=[
                leave_out(b.line == "L", "first"),
                lacking(b.decision == "rejected", "second"),
                waiting(b.line == "O"),
            ],
            value=b.seq_first,
            stop_us=b.seq_last,
        ),
    )
    assert [(r["state"], r["why"], r["missing"]) for r in found.values()] == [
        ("excluded", "first", False),
        ("excluded", "second", True),
        ("counted", "", False),
        ("open", "", False),
    ]
    assert [r["value"] for r in found.values()] == [None, None, 1, None]
    assert [r["stop_us"] for r in found.values()] == [2, 2, 2, None]


def test_dimensions_are_those_of_the_table_and_those_given():
    made = facts(batch=[{"batch_id": "B", "line": "L", "mbr_id": "M", "mbr_version": 3}])
    b = made.table("batch")
    given = {"team": b.product_code.coalesce("nobody")}
    row = told(made, subjects(b, subject=b.batch_id, stop_us=b.seq_last, dimensions=given))["B"]
    assert (row["line"], row["mbr"], row["team"], row["severity"]) == ("L", "M v3", "nobody", None)
    assert set(BATCH_DIMENSIONS) <= set(DIMENSIONS) - {SHIFT} <= set(row)


def test_lineage_falls_back_to_the_rows_first_and_last_event():
    made = facts(batch=[{"batch_id": "B", "ended_seq": 7}, {"batch_id": "C"}])
    b = made.table("batch")
    table = subjects(b, subject=b.batch_id, stop_us=b.seq_last, start_seq=b.ended_seq)
    assert {k: (r["start_seq"], r["stop_seq"]) for k, r in told(made, table).items()} == {
        "B": (7, 2),
        "C": (1, 2),
    }


def test_version_comes_from_the_batch_and_no_row_is_lost():
    made = facts(
        batch=[{"batch_id": "B", "mbr_version": 4}],
        deviation=[{"deviation_id": "D1", "batch_id": "B"}, {"deviation_id": "D2"}],
    )
    rows = made.engine.rows(with_version(made, made.table("deviation")))
    assert {r["deviation_id"]: r["mbr_version"] for r in rows} == {"D1": 4, "D2": None}


def test_together_keeps_both_sides():
    made = facts(batch=[{"batch_id": "B"}])
    b = made.table("batch")
    one = subjects(b, subject=b.batch_id, stop_us=b.seq_last, kind="one")
    two = subjects(b, subject=b.batch_id, stop_us=b.seq_last, kind="two")
    kinds = sorted(row["kind"] for row in made.engine.rows(together(one, two)))
    assert kinds == ["one", "two"]
