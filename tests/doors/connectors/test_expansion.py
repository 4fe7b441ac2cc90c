"""Packed files that would fill the computer are refused; so are cut and damaged ones."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors import expansion
from daytwo.doors.connectors.expansion import open_unpacked, refuse_beyond
from daytwo.doors.connectors.formats import Misfit

if TYPE_CHECKING:
    from pathlib import Path


def drain(path: Path) -> int:
    with open_unpacked(path) as stream:
        return sum(len(chunk) for chunk in iter(lambda: stream.read(65536), b""))


@pytest.mark.parametrize(
    ("unpacked", "packed", "refused"),
    [
        (100 << 20, 1, False),
        ((100 << 20) + 1, 1000, True),
        (200 << 20, 1 << 20, False),
        ((200 << 20) + 1, 1 << 20, True),
        (4 << 30, 1 << 30, False),
        ((4 << 30) + 1, 4 << 30, True),
    ],
)
def test_bounds(unpacked: int, packed: int, refused: bool) -> None:
    if refused:
        with pytest.raises(Misfit, match="unpacks to more"):
            refuse_beyond(unpacked, packed)
    else:
        refuse_beyond(unpacked, packed)


def test_gzip_bomb_is_refused_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xes.gz"
    path.write_bytes(gzip.compress(bytes(4 << 20)))
    assert drain(path) == 4 << 20
    monkeypatch.setattr(expansion, "FREE_BYTES", 1 << 20)
    with pytest.raises(Misfit, match="made to exhaust"):
        drain(path)


def test_plain_file_is_given_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "plain.xes"
    path.write_bytes(b"<log/>")
    assert drain(path) == 6


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda data: data[:-20], "cut off"),
        (lambda data: data[:100] + b"\xff" * 40 + data[140:], "damaged"),
        (lambda data: data[:-8] + b"\0" * 8, "damaged"),
    ],
)
def test_cut_and_damaged_data_are_refused(tmp_path: Path, damage, why: str) -> None:
    path = tmp_path / "a.gz"
    text = "".join(f"{n * 7919 % 10007};" for n in range(5000))
    path.write_bytes(damage(gzip.compress(text.encode())))
    with pytest.raises(Misfit, match=why):
        drain(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misfit, match="cannot be read"):
        drain(tmp_path / "none")
