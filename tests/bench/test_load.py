from __future__ import annotations

import threading
import time

import pytest

from bench.load import drive


def test_every_hand_works_in_a_thread_of_its_own() -> None:
    seen: set[int] = set()
    meet = threading.Barrier(3, timeout=10)

    def piece() -> None:
        meet.wait()
        seen.add(threading.get_ident())

    taken = drive([[piece]] * 3)
    assert len(seen) == 3
    assert len(taken.waits) == 3
    assert taken.rate > 0


def test_piece_that_times_itself_is_believed() -> None:
    def piece() -> float:
        time.sleep(0.02)
        return 0.001

    assert drive([[piece]]).waits == [0.001]


def test_failing_piece_spoils_the_figure() -> None:
    def piece() -> None:
        raise ValueError

    with pytest.raises(RuntimeError, match="1 of 2"):
        drive([[piece], [lambda: None]])
