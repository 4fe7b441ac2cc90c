"""Enough persons: marks tell of most groups, and what they do not tell is counted."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from daytwo.insight.kpis.persons import MARKS, about, marked, persons
from tests.insight.kpis.plant import facts

BY = ["site", "product_code"]
NAMES = st.one_of(st.none(), st.text(max_size=6), st.integers(0, 200).map("person-{}".format))


def told(rows: list[dict[str, Any]], enough: int) -> tuple[list[int], list[int], list[int]]:
    """Return how many are told of in each group, how many there are, and of how many was asked."""
    made = facts(step=[{"batch_id": "B", "step_id": f"{n}", **row} for n, row in enumerate(rows)])
    step = made.table("step")
    of = {"counted": step.performer.count(), "marks": marked(step.performer)}
    exactly = step.group_by(BY).aggregate(persons=step.performer.nunique())
    (sums,) = made.engine.arrows([step.group_by(BY).aggregate(**of).order_by(BY)])
    (truth,) = made.engine.arrows([exactly.order_by(BY)])
    asked = []

    def count(groups: pa.Table) -> pa.Table:
        asked.append(groups.num_rows)
        (found,) = made.engine.arrows([about(exactly, groups)])
        return found

    found = persons(sums, BY, enough, count)
    return [int(n) for n in found], truth["persons"].to_pylist(), asked


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "site": st.sampled_from("AB"),
                "product_code": st.sampled_from(["P", None]),
                "performer": NAMES,
            }
        ),
        min_size=1,
        max_size=40,
    ),
    st.integers(2, 9),
)
def test_enough_are_told_of_exactly_where_enough_there_are(rows, enough):
    found, truth, _ = told(rows, enough)
    assert [n >= enough for n in found] == [n >= enough for n in truth]
    assert all(n <= true for n, true in zip(found, truth, strict=True))


def test_persons_of_one_mark_are_counted():
    names = [f"person-{n}" for n in range(400)]
    made = facts(step=[{"batch_id": "B", "step_id": n, "performer": n} for n in names])
    step = made.table("step")
    alone = step.group_by("step_id").aggregate(marks=marked(step.performer))
    found = {row["step_id"]: row["marks"] for row in made.engine.rows(alone)}
    assert len(set(found.values())) == MARKS
    same = [name for name in names if found[name] == found[names[0]]][:5]
    assert len(same) == 5
    rows = [{"site": "A", "product_code": "P", "performer": name} for name in same]
    assert told(rows, 5) == ([5], [5], [1])


def test_where_marks_tell_nobody_is_counted():
    rows = [{"site": "A", "product_code": "P", "performer": f"person-{n}"} for n in range(97)]
    rows += [{"site": "B", "product_code": "P", "performer": "olga"}] * 4
    found, truth, asked = told(rows, 5)
    assert found[0] >= 5
    assert (truth, asked) == ([97, 1], [])


def test_only_groups_asked_for_are_counted():
    groups = pa.table({"site": ["A", "A"], "product_code": ["P", None]})
    rows = [{"site": site, "product_code": "P", "performer": "x"} for site in "AB"]
    made = facts(step=[{"batch_id": "B", "step_id": s["site"], **s} for s in rows])
    every = made.table("step").group_by(BY).count()
    assert [row["site"] for row in made.engine.rows(about(every, groups))] == ["A"]
