"""Every KPI of a product, written again for three engines by hand: the definitions agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bench import contenders, history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Groups = dict[tuple[float, str, str], tuple[float, ...]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("history")
    history.make(made, 400_000)
    return made


def by_group(columns: Sequence[Any]) -> Groups:
    """Return the figures of each week (or month), site and product that has a value.

    They are value, n, P90 and the two limits.
    """
    started, *figures = (contenders.numbers(columns[place]) for place in (0, *range(3, 8)))
    groups = zip(started, *(map(str, column) for column in columns[1:3]), strict=True)
    found = dict(zip(groups, zip(*figures, strict=True), strict=True))
    assert len(found) == len(started)
    return {group: figure for group, figure in found.items() if not np.isnan(figure[0])}


@pytest.fixture(scope="module")
def ours(folder: Path) -> Iterator[dict[str, Groups]]:
    yield {kpi: by_group(columns) for kpi, columns in contenders.every(folder)}
    for opened in (contenders.duck, contenders.connection):
        opened.cache_clear()


@pytest.mark.parametrize("name", ["every-sql", "every-polars", "every-pandas"])
def test_every_figure_of_every_week_site_and_product_is_the_same(
    name: str, folder: Path, ours: dict[str, Groups]
) -> None:
    hand = {kpi: by_group(columns) for kpi, columns in contenders.EVERY[name](folder)}
    assert ours.keys() == hand.keys()
    assert len(ours) > 60
    for kpi, groups in ours.items():
        assert groups, kpi
        assert groups.keys() == hand[kpi].keys(), kpi
        one, other = (np.array([of[group] for group in groups]) for of in (groups, hand[kpi]))
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, err_msg=kpi)
