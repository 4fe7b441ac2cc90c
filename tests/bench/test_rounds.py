from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.rounds import alternate, medians, percentile, sync_ms

if TYPE_CHECKING:
    from pathlib import Path


def test_sides_alternate_and_take_turns_at_being_first() -> None:
    order: list[str] = []

    def side(name: str) -> float:
        order.append(name)
        return float(len(order))

    found = alternate(2, {"a": lambda: side("a"), "b": lambda: side("b")})
    assert order == ["a", "b", "b", "a"]
    assert found == {"a": [1.0, 4.0], "b": [2.0, 3.0]}
    assert medians(found) == {"a": 2.5, "b": 2.5}


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_probe_of_the_disk_leaves_nothing(tmp_path: Path) -> None:
    assert sync_ms(tmp_path, times=3) > 0
    assert list(tmp_path.iterdir()) == []
