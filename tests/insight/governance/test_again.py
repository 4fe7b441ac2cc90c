"""A frozen figure made again from its snapshot: equal, whatever came after; told when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from daytwo.insight.governance import commands as value
from daytwo.insight.governance import queries
from daytwo.insight.governance.again import again, make_again
from daytwo.kernel.errors import Refused
from tests.insight.governance.history import WINTER, told, winter_and_spring

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.insight.governance.queries import Baseline
    from tests.conftest import Person


@pytest.fixture
def base(site: Path, lea: Person) -> Baseline:
    winter_and_spring()
    lea.does(
        value.freeze_baseline,
        initiative_id="V-1",
        kpi_id="K1",
        title="Winter",
        since=WINTER[0],
        until=WINTER[1],
    )
    return queries.frozen("V-1")


def test_late_data_move_the_present_figure_and_not_the_frozen_one(base: Baseline) -> None:
    told(datetime(2026, 2, 1, tzinfo=UTC), [3.0, 2.0], "late")
    present = queries.figure("K1", 1, since=WINTER[0], until=WINTER[1])
    assert present.value.value != base.value
    made = make_again(base)
    assert made.equal
    assert made.signed
    assert made.made.value.value == base.value
    assert made.made.ledger_seq == base.ledger_seq


@pytest.mark.parametrize(
    "changed",
    [
        {"value": 9.874},
        {"interval": (9.0, 10.7)},
        {"n": 9},
        {"subjects_sha256": "0" * 64},
    ],
)
def test_anything_else_than_was_frozen_is_told(base: Baseline, changed: dict[str, object]) -> None:
    assert not again(replace(base, **changed)).equal


def test_later_snapshot_gives_another_figure(base: Baseline) -> None:
    told(datetime(2026, 2, 1, tzinfo=UTC), [3.0, 2.0], "late")
    made = make_again(replace(base, ledger_seq=base.ledger_seq + 10))
    assert not made.equal
    assert not made.signed


def test_baseline_without_a_snapshot_is_refused(base: Baseline) -> None:
    with pytest.raises(Refused, match="no place in the ledger"):
        make_again(replace(base, ledger_seq=0))
