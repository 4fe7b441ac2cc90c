"""Every KPI of a product, written a second time by hand in SQL: the definitions give the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest

from bench import byhand, contenders, history

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("history")
    history.make(made, 400_000)
    return made


def by_group(answer: list[np.ndarray]) -> list[np.ndarray]:
    """Return value, n and P90 of the groups that have a value, each in its own order."""
    value, n, p90 = (np.ma.filled(np.ma.asarray(c, dtype=float), np.nan) for c in answer)
    known = ~np.isnan(value)
    return [np.sort(column[known]) for column in (value, n, p90)]


def test_every_figure_of_every_week_site_and_product_is_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contenders, "_ENGINE", [])
    ours = dict(contenders.every((), folder))
    connection = duckdb.connect()
    byhand.prepare(connection, folder)
    hand = {kpi: list(rows[3:]) for kpi, rows in byhand.answers(connection)}
    assert ours.keys() == hand.keys()
    assert len(ours) > 60
    for kpi, answer in ours.items():
        for one, other in zip(by_group(list(answer)), by_group(hand[kpi]), strict=True):
            assert len(one) > 0, kpi
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, err_msg=kpi)
