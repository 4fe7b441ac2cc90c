"""Each reason not to count, by number: what each definition counts of facts where all occurs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.insight.kpis.motley import motley
from tests.insight.kpis.rules import every_version, name_of, without_each_rule

if TYPE_CHECKING:
    from daytwo.insight.kpis.definition import Definition

SNAPSHOT = Path(__file__).with_name("motley.snapshot.json")
IMPLIED = {
    # Without a disposition and with an end, which is its start: those before have said open.
    ("K1 version 1", 3),
    ("K1rejected version 1", 3),
    # The same reason as the one before.
    ("K22allocation version 1", 4),
    ("K22queue version 1", 4),
    ("K22touch version 1", 4),
    # What came last is the start of this leg.
    ("K26use version 1", 4),
}
"""Reasons of rules that several definitions share, which those before leave nothing to."""


def counted(of: Definition) -> dict[str, Any]:
    """Return how many subjects stand where, why, and the sums of what counts."""
    table = of.subjects(motley())
    sums = {name: table[name].sum() for name in ("value", "numerator", "denominator")}
    found = table.group_by(["kind", "state", "why"]).aggregate(n=table.count(), **sums)
    return {
        " | ".join(filter(None, (row["kind"], row["state"], row["why"]))): [
            row["n"],
            *(None if row[name] is None else float(f"{row[name]:.9g}") for name in sums),
        ]
        for row in motley().engine.rows(found)
    }


@pytest.mark.parametrize("of", every_version(), ids=name_of)
def test_definition_counts_of_motley_facts_what_its_version_always_did(of: Definition) -> None:
    known = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert counted(of) == known[name_of(of)]


@pytest.mark.parametrize("of", every_version(), ids=name_of)
def test_each_reason_taken_away_changes_a_number(
    of: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = counted(of)
    for number, other in without_each_rule(counted, of, monkeypatch):
        same = (name_of(of), number) in IMPLIED
        assert (other == whole) is same, f"rule {number}"
