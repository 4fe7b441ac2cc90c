"""Definitions with one of their rules taken away: whatever is computed then must be seen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from daytwo.insight.kpis import subjects
from daytwo.insight.kpis.definition import all_definitions, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from daytwo.insight.kpis.definition import Definition

T = TypeVar("T")


def every_version() -> list[Definition]:
    """Return every version of every definition."""
    return [of for one in all_definitions() for of in versions(one.id)]


def name_of(of: Definition) -> str:
    return f"{of.id} version {of.version}"


def anew(of: Definition) -> Definition:
    """Return the same definition as another one: nothing that was made of it before is its own."""
    return replace(of, subjects=partial(of.subjects))


def without_each_rule(
    compute: Callable[[Definition], T], of: Definition, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[int, T]]:
    """Yield the number of each rule, from 1, and what is computed without it."""
    judged, met, gone = subjects._judged, 0, 0

    def without_one(rules):
        nonlocal met
        left = [rule for number, rule in enumerate(rules, start=met) if number != gone]
        met += len(rules)
        return judged(left)

    monkeypatch.setattr(subjects, "_judged", without_one)
    while True:
        met = 0
        computed = compute(anew(of))
        if gone >= met:
            return
        gone += 1
        yield gone, computed
