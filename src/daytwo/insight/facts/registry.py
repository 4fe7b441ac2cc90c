"""The facts of the house, found by folder, and what each event means to them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from daytwo.insight.facts import tables
from daytwo.kernel.errors import Fault, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Fact, Fold


@cache
def all_facts() -> tuple[Fact, ...]:
    """Return every declared fact, by name."""
    found = [
        importlib.import_module(module.name).FACT
        for module in pkgutil.iter_modules(tables.__path__, f"{tables.__name__}.")
    ]
    return tuple(sorted(found, key=lambda fact: fact.name))


@cache
def by_name() -> Mapping[str, Fact]:
    """Return the facts by their names."""
    return {fact.name: fact for fact in all_facts()}


def fact(name: str) -> Fact:
    """Return one fact; `Unknown` when there is none of this name."""
    found = by_name().get(name)
    if found is None:
        raise Unknown(
            "facts.unknown", f"There is no fact {name}. There are: {', '.join(by_name())}."
        )
    return found


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return facts so that each comes behind those whose rows it reads.

    Raises:
        Fault: Two read each other, or one reads a fact that does not exist.
    """
    known = {fact.name: fact for fact in facts}
    graph = {fact.name: fact.after for fact in known.values()}
    strangers = {name for after in graph.values() for name in after} - set(known)
    if strangers:
        raise Fault("facts.after", f"Facts read {sorted(strangers)}, which do not exist.")
    try:
        names = tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise Fault("facts.cycle", f"Facts read each other: {error.args[1]}.") from error
    return tuple(known[name] for name in names)


@cache
def plan() -> Mapping[str, tuple[tuple[Fact, Fold], ...]]:
    """Return, for each event type, the facts that fold it, in order."""
    return planned(all_facts())


def planned(facts: Iterable[Fact]) -> Mapping[str, tuple[tuple[Fact, Fold], ...]]:
    """Return what each event type means to some facts, in order."""
    found: dict[str, list[tuple[Fact, Fold]]] = {}
    for one in in_order(facts):
        for type_, fold in one.folds.items():
            found.setdefault(type_, []).append((one, fold))
    return {type_: tuple(folds) for type_, folds in found.items()}


def check(facts: Iterable[Fact], known_types: Iterable[str]) -> None:
    """Refuse facts that fold events which the catalogue does not have.

    Raises:
        Fault: There is such an event type, or two facts have one name.
    """
    facts = tuple(facts)
    names = [one.name for one in facts]
    if len(set(names)) != len(names):
        raise Fault("facts.duplicate", f"Two facts have one name: {sorted(names)}.")
    known = set(known_types)
    for one in facts:
        if strangers := sorted(set(one.folds) - known):
            raise Fault("facts.event", f"{one.name} folds {strangers}, which no event is named.")
