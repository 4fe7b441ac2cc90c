"""Readings are made once for each state of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.kpis.kept import kept
from tests import floor
from tests.conftest import Person

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.insight.kpis.subjects import Facts

made: list[str] = []


def orders(facts: Facts, product: str) -> int:
    made.append(product)
    batch = facts.table("batch")
    return len(facts.engine.rows(batch.filter(batch.product_code == product)))


def test_reading_is_made_again_only_when_the_ledger_moved_or_another_is_asked(site: Path) -> None:
    made.clear()
    sam, quinn = Person("sam"), Person("quinn")
    floor.approve_master(Person("aron"), sam, quinn)
    assert [kept(orders, "MET-50"), kept(orders, "MET-50"), kept(orders, "other")] == [0, 0, 0]
    assert made == ["MET-50", "other"]
    floor.stock(sam, quinn, times=2)
    floor.issue(sam, "B-1")
    assert kept(orders, "MET-50") == 1
    assert made == ["MET-50", "other", "MET-50"]
