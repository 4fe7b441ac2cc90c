"""Refusals of execution carry a code of their family, the words, and what would help."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Refused
from daytwo.record.batches.errors import BatchRefused, EntryRefused, StepRefused


@pytest.mark.parametrize(
    ("error", "code", "info"),
    [
        (StepRefused("order", "Not yet.", {"now": ["A-010"]}), "step.order", {"now": ["A-010"]}),
        (BatchRefused("state", "Not so."), "batch.state", {}),
        (EntryRefused("number", "value", "Not a number."), "entry.number", {"field": "value"}),
    ],
)
def test_refusal_names_its_family(error, code, info):
    assert isinstance(error, Refused)
    assert error.code == code
    assert (error.info or {}) == info
    assert str(error) == error.detail
