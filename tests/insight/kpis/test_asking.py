"""Asking in words: days of the site, filters, dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.insight.kpis import asking
from daytwo.insight.kpis.cohort import Period
from daytwo.kernel.errors import Refused, Unknown
from tests.insight.kpis.plant import on
from tests.record import walking

if TYPE_CHECKING:
    from pathlib import Path


def test_days_are_those_of_the_site_and_the_last_one_belongs() -> None:
    found = asking.question(since="2026-03-01", until="2026-03-31")
    assert found.period == Period(on("2026-02-28T23:00"), on("2026-03-31T22:00"))


def test_filters_and_dimensions() -> None:
    found = asking.question(product_code="P", by=("product", "line"))
    assert found.where == {"product_code": "P"}
    assert found.by == ("product_code", "line")
    assert asking.question(by=("product", "line", "product_code")).by == found.by


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refused, match="YYYY-MM-DD"):
        asking.question(since="01.03.2026")
    with pytest.raises(Refused, match="colour"):
        asking.question(by=("colour",))
    with pytest.raises(Unknown):
        asking.show("K99")


def test_committed_batch_is_in_the_answer_at_once(site: Path) -> None:
    assert asking.show("K1").n == 0
    walking.release_one(site)
    found = asking.show("K1")
    assert (found.n, found.coverage) == (1, 1)
    assert asking.show("K1", product_code="another").n == 0
    assert [v.n for v in asking.groups("K1", by=("product",))] == [1]
    assert sum(v.n for v in asking.trend("K1", "week")) == 1
    assert [s.state for s in asking.subject("K1", "B-0001")] == ["counted"]
