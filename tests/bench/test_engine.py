"""The engines side by side: none is compared by other figures, and who cannot answer is named."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from bench import engine


def answer(seconds: float, **changed: list[float]) -> dict[str, Any]:
    figures = {f"K{number}": [2.0, 3e15, 10.0, 50.0, 1.5] for number in range(60)}
    return {"first": 9, "seconds": seconds, "peak_mb": 100, "figures": figures | changed}


def found(**changed: list[float]) -> dict[str, list[dict[str, Any]]]:
    polars = [answer(8, **changed)]
    return {"every": [answer(6)], "every-sql": [answer(5)], "every-polars": polars}


@pytest.mark.parametrize("place", range(5))
def test_times_of_other_figures_are_not_compared(place: int) -> None:
    engine._same(found())
    other = answer(0)["figures"]["K7"]
    other[place] *= 1 + 1e-8
    with pytest.raises(RuntimeError, match=r"differ: \['K7'\]"):
        engine._same(found(K7=other))


def test_who_gave_no_answer_is_named_and_the_others_are_compared() -> None:
    silent = {"every-pandas": "its process ended with -9", "every-spark": "not installed here"}
    lines = list(engine._lines(found(), silent))
    assert [line.work for line in lines if line.value is None] == [
        "  beside pandas: its process ended with -9",
        "  beside Spark: not installed here",
    ]
    held = {(line.beside_what, line.ratio, line.met) for line in lines if line.budget}
    assert held == {
        ("hand-written SQL", 1.2, True),
        ("hand-written SQL", 1.0, True),
        ("Polars", 0.75, True),
    }


def test_why_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    killed = subprocess.CalledProcessError(-9, "python")
    assert engine._why("every-pandas", killed) == "its process ended with -9"
    late = subprocess.TimeoutExpired("python", engine.LONGEST_S)
    assert engine._why("every-polars", late) == "not in 1800 s"
    monkeypatch.setenv("PATH", "")
    assert engine._why("every-spark", killed) == "not installed here"
