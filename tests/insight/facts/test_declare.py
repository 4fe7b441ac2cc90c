"""Declarations: columns laid out once, and what cannot be meant is refused."""

from __future__ import annotations

from typing import Any

import pytest

from daytwo.insight.facts.declare import (
    BORN,
    STATE,
    Fact,
    Fold,
    Inherited,
    Kind,
    count,
    flag,
    moment,
    number,
    sum_of,
    text,
    whole,
)
from daytwo.kernel.errors import Fault

FOLD = Fold(lambda it: ((it.seq,),), lambda _row, _it: {})
BASE: dict[str, Any] = {
    "name": "thing",
    "grain": "one thing",
    "key": text("thing_id", "its number"),
    "anchor": ("begun_us",),
    "own": (*moment("begun", "begun", seq=True), *count("times", "times"), *flag("hot", "hot")),
    "folds": {"a.happened": FOLD},
}


def test_columns_are_key_own_and_standard() -> None:
    fact = Fact(**BASE)
    assert [c.name for c in fact.columns] == [
        "thing_id",
        "begun_us",
        "begun_seq",
        "times",
        "hot",
        "site",
        "origin",
        "seq_first",
        "seq_last",
        "month",
    ]


def test_new_row_is_unknown_where_nothing_counts_up() -> None:
    row = Fact(**BASE).new(("T",))
    assert (row["thing_id"], row["begun_us"], row["times"], row["hot"]) == ("T", None, 0, False)
    assert (row[STATE], row[BORN]) == ({}, False)
    assert Fact(**BASE).key_of(row) == ("T",)


@pytest.mark.parametrize(
    ("declared", "kind", "default"),
    [
        (text("a", "m"), Kind.TEXT, None),
        (whole("a", "m"), Kind.I64, None),
        (count("a", "m"), Kind.I64, 0),
        (number("a_h", "m"), Kind.F64, None),
        (sum_of("a_h", "m"), Kind.F64, 0.0),
        (flag("a", "m"), Kind.BOOL, False),
    ],
)
def test_kinds_and_defaults(declared: Any, kind: Kind, default: Any) -> None:
    ((column,),) = (declared,)
    assert (column.kind, column.default) == (kind, default)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"own": (*BASE["own"], *text("times", "again"))}, "facts.duplicate"),
        ({"own": (*BASE["own"], *text("site", "of its own"))}, "facts.duplicate"),
        ({"anchor": ("ended_us",)}, "facts.column"),
        ({"inherits": Inherited("batch", "batch_id", ())}, "facts.column"),
        ({"inherits": Inherited("batch", "thing_id", ("line",))}, "facts.column"),
        ({"born": frozenset({"b.happened"})}, "facts.event"),
    ],
)
def test_declaration_that_cannot_be_meant_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Fault) as refused:
        Fact(**(BASE | change))
    assert refused.value.code == code
