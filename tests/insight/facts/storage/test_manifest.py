"""The manifest: read back as it was written; another shape of the facts is not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.insight.facts.storage import manifest as manifests
from daytwo.insight.facts.storage.manifest import Manifest, Part, read, shape, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MANIFEST = Manifest(
    generation=3,
    seq=99,
    event="ab" * 32,
    site="main",
    facts={"batch": {"2026-01": Part("f", 2, 100, {"ended_us": (1, 2, 0)})}},
    late={98: 5.5},
    orphans={"batch/B": [("step", ("B", "S"))]},
    shape=shape(),
    written_at="2026-01-01T00:00:00+00:00",
)


def test_manifest_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    assert read(path) is None
    write(path, MANIFEST)
    assert read(path) == MANIFEST
    assert [file.name for file in tmp_path.iterdir()] == ["manifest.json"]


def test_other_declaration_of_a_fact_makes_it_useless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "manifest.json"
    write(path, MANIFEST)
    monkeypatch.setattr(manifests, "all_facts", lambda: ())
    assert read(path) is None
