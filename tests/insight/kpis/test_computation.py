"""What a definition computes stays as it was: another computation is another version of it.

The tests of a definition show that it computes what it says. This one shows that nobody changes it
unseen, be it one reason why a subject does not count: a figure of last year would then differ from
the same figure of today under one name.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import ibis.expr.operations as ops
import pytest

from tests.insight.kpis.plant import facts
from tests.insight.kpis.rules import every_version, name_of, without_each_rule

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from daytwo.insight.kpis.definition import Definition

SNAPSHOT = Path(__file__).with_name("computations.snapshot.json")
NOTHING = facts()
EVERY = every_version()


def computation(of: Definition) -> str:
    """Return a digest of all that decides a figure: subjects, population, statistic, bounds."""
    parts = [
        line for table in (of.subjects(NOTHING), *of.population(NOTHING)) for line in _of(table)
    ]
    parts += [repr(of.statistic), repr((of.minimum_n, of.minimum_persons, of.shortest_span))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _of(table: Table) -> list[str]:
    """Return what an expression is made of: operations, columns, constants; in one order."""
    return sorted(
        f"{type(node).__name__} {getattr(node, 'value', '')!s:.200} {getattr(node, 'name', '')}"
        if isinstance(node, ops.Literal | ops.Field | ops.PhysicalTable)
        else type(node).__name__
        for node in table.op().find(ops.Node)
    )


@pytest.mark.parametrize("of", EVERY, ids=name_of)
def test_definition_computes_what_its_version_always_did(of: Definition) -> None:
    known = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert known.get(name_of(of)) == computation(of), (
        f"{name_of(of)} is computed in another way than before. Where figures change, give it the"
        f" next version and keep the old one; then write {computation(of)!r} into {SNAPSHOT.name}."
    )


def test_no_definition_is_gone() -> None:
    known = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert known.keys() == {name_of(of) for of in EVERY}


@pytest.mark.parametrize("of", EVERY, ids=name_of)
def test_each_reason_not_to_count_decides(of: Definition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take each rule of a definition away, one at a time: it is seen."""
    whole = computation(of)
    for number, other in without_each_rule(computation, of, monkeypatch):
        assert other != whole, f"rule {number} decides nothing"
