"""Any record: strategies made from the form itself, so that a new field is tried at once."""

from __future__ import annotations

import dataclasses
import typing
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from hypothesis import strategies as st

from daytwo.kernel.quantity import Quantity
from daytwo.kernel.units import UNITS
from daytwo.record.recipes.document import MasterBatchRecord
from daytwo.record.recipes.document.fields import IsUnit, Range
from daytwo.record.recipes.document.steps import STEP_CLASSES, Step

QUANTITIES = st.builds(
    Quantity,
    st.decimals(min_value=Decimal(-99999), max_value=Decimal(99999), places=3, allow_nan=False).map(
        lambda value: value + Decimal(0)
    ),
    st.sampled_from(sorted(UNITS)),
)
TRICKY = ["no", "12:30", "1_000", "0x1f", "2026-06-15", "5", "5.0", "~", "null", "- a", "a: b"]


def ruled(rule: Any) -> st.SearchStrategy[Any]:
    if isinstance(rule, Range):
        return st.integers(rule.low, rule.high)
    if isinstance(rule, IsUnit):
        return st.sampled_from(sorted(UNITS))
    texts = st.from_regex(rule.pattern, fullmatch=True)
    fitting = [text for text in TRICKY if rule.pattern.fullmatch(text)]
    return texts | st.sampled_from(fitting) if fitting else texts


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the annotated type of a field: the form itself makes the examples."""
    arguments = typing.get_args(hint)
    if hint == Step:
        return st.one_of([objects_of(cls) for cls in STEP_CLASSES])
    if type(None) in arguments:
        (inner,) = (part for part in arguments if part is not type(None))
        return st.none() | values_of(inner)
    if typing.get_origin(hint) is Annotated:
        return ruled(arguments[1])
    if typing.get_origin(hint) is tuple:
        return st.lists(values_of(arguments[0]), max_size=2).map(tuple)
    if hint is Quantity:
        return QUANTITIES
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    return st.booleans() if hint is bool else objects_of(hint)


def objects_of(cls: Any) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(cls, include_extras=True)
    fields = {entry.name: values_of(hints[entry.name]) for entry in dataclasses.fields(cls)}
    return st.builds(cls, **fields)


RECORDS = st.deferred(lambda: objects_of(MasterBatchRecord))
