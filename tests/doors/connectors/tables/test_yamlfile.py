"""YAML is read strictly, with the line of every place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.tables.yamlfile import LARGEST, load
from daytwo.kernel.errors import ConnectorError

if TYPE_CHECKING:
    from pathlib import Path

BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)


def planted(folder: Path, data: str | bytes) -> Path:
    path = folder / "m.yaml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_load_gives_data_and_lines(tmp_path: Path) -> None:
    data, lines = load(planted(tmp_path, "a: 1\nb:\n  - x\n  - {c: 2}\n"))
    assert data == {"a": 1, "b": ["x", {"c": 2}]}
    assert lines["a",] == 1
    assert lines["b", 1, "c"] == 4


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3, a: stands twice"),
        ("a: {b: 1, b: 2}\n", "a.b: stands twice"),
        (BOMB, "aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
        ("a: [\n", "line 2"),
        ("a: 1\n---\nb: 2\n", "single document|one document|another document"),
        (b"\xff\xfe", "is not UTF-8"),
        ("a: \x00\n", "is not YAML"),
        ("x" * (LARGEST + 1), "larger than"),
        ("[" * 5000, "YAML|flow"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(tmp_path: Path, data: str | bytes, why: str) -> None:
    with pytest.raises(ConnectorError, match=why) as refused:
        load(planted(tmp_path, data))
    assert refused.value.code == "import.mapping"
    assert refused.value.info["problems"]


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match=r"none\.yaml: cannot be read"):
        load(tmp_path / "none.yaml")


def test_empty_file_is_nothing(tmp_path: Path) -> None:
    assert load(planted(tmp_path, "")) == (None, {})
