"""Expressions made once: the same for the same table and question, and nobody else's."""

from __future__ import annotations

import ibis

from daytwo.insight.kpis.expressions import made_once

made = []


@made_once
def above(table, limit, *, by=()):
    made.append(limit)
    kept = table.filter(table.n > limit)
    return kept.group_by(list(by)).aggregate(n=kept.count()) if by else kept


def test_the_same_question_of_the_same_table_is_made_once():
    made.clear()
    first = above(ibis.table({"n": "int64", "site": "string"}, name="t"), 3, by=("site",))
    second = above(ibis.table({"n": "int64", "site": "string"}, name="t"), 3, by=("site",))
    assert second.op() is first.op()
    assert made == [3]


def test_another_table_or_question_is_made_anew():
    made.clear()
    t = ibis.table({"n": "int64", "site": "string"}, name="t")
    other_name = ibis.table({"n": "int64", "site": "string"}, name="other")
    other_type = ibis.table({"n": "float64", "site": "string"}, name="t")
    for table in (t, other_name, other_type):
        for limit in (1, 2):
            for by in ((), ("site",)):
                found = above(table, limit, by=by)
                kept = table.filter(table.n > limit)
                wanted = kept.group_by(list(by)).aggregate(n=kept.count()) if by else kept
                assert found.equals(wanted)
    assert len(made) == 12
