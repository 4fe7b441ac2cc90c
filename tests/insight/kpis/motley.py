"""Facts in which nearly all occurs that a definition can ask about: every fact, every column.

What is in a cell follows from a hash of its place, so the same facts are made everywhere, and one
column more changes no other. They are no plant: rows contradict each other, as bad exports do.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import ibis.expr.operations as ops

from daytwo.insight.facts.declare import Kind
from daytwo.insight.facts.registry import all_facts
from daytwo.insight.kpis.subjects import COUNTED, EXCLUDED, OPEN
from tests.insight.kpis.plant import day, facts
from tests.insight.kpis.rules import every_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.insight.facts.declare import Column, Fact
    from daytwo.insight.kpis.subjects import Facts

ROWS = 600
DAYS = 200
"""From 1 January; the present is day 181."""
UNKNOWN, SPARSE = 3, 8
"""Of ten cells so many are empty; in every third row more."""
_NO_WORDS = {"", COUNTED, EXCLUDED, OPEN, "day"}
"""States of a subject, and the unit in which days are told apart."""
FEW = 60
"""Identifiers of other facts: few, so that rows find each other."""


@cache
def motley() -> Facts:
    """Return the facts."""
    words = _words()
    tables = {
        fact.name: [_row(fact, number, words) for number in range(ROWS)] for fact in all_facts()
    }
    return facts(**tables)


def _words() -> Mapping[str, list[str]]:
    """Return the words that definitions compare a column with, by its name."""
    found: dict[str, set[str]] = defaultdict(set)
    nothing = facts()
    for of in every_version():
        for table in (of.subjects(nothing), *of.population(nothing)):
            for node in table.op().find((ops.Equals, ops.NotEquals, ops.InValues)):
                words = {one.value for one in node.find(ops.Literal, filter=ops.Value)}
                for column in node.find(ops.Field, filter=ops.Value):
                    found[column.name] |= {one for one in words if isinstance(one, str)}
    return {name: sorted(some - _NO_WORDS) for name, some in found.items()}


def _row(fact: Fact, number: int, words: Mapping[str, list[str]]) -> dict[str, Any]:
    row = {}
    for column in fact.columns:
        chance = int(hashlib.sha256(f"{fact.name} {column.name} {number}".encode()).hexdigest(), 16)
        if column.name in fact.key_names and column.name not in ("site", "batch_id"):
            row[column.name] = _key(column, number)
        else:
            unknown = SPARSE if number % 3 == 0 else UNKNOWN
            row[column.name] = _cell(column, chance, unknown, words.get(column.name, []))
    # A batch is one row; of others a batch has several.
    identity = f"thing {number if fact.name == 'batch' else number % FEW}"
    mine = {"site": "S1", "batch_id": identity, "seq_first": 2 * number + 1}
    mine["seq_last"] = 2 * number + 2
    return row | {name: value for name, value in mine.items() if name in row}


def _key(column: Column, number: int) -> Any:
    return number if column.kind is Kind.I64 else f"thing {number}"


def _cell(column: Column, chance: int, unknown: int, words: list[str]) -> Any:
    chance, often = divmod(chance, 10)
    if column.kind is Kind.BOOL:
        return often < 4
    if often < unknown:
        return column.default if column.name.endswith("_id") else None
    if column.name.endswith("_us"):
        return day(chance % (DAYS * 1000) / 1000)
    if column.name.endswith("_on"):
        return (date(2026, 1, 1) + timedelta(days=chance % (DAYS + 60))).isoformat()
    if column.kind is Kind.I64:
        return chance % 4
    if column.kind is Kind.F64:
        return (chance % 200 - 20) / 4
    some = [*words, "", "other"] if words else [f"thing {chance % FEW}"]
    return some[chance % len(some)]
