"""`daytwo import`: its JSON is a contract, its words name file, row and field."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import click
import pytest

from daytwo.doors.connectors.verb import mapping_at, mapping_file
from daytwo.record.access.commands import save_mapping
from daytwo.record.access.queries import find_mapping
from daytwo.record.ledger.envelope import Actor
from tests.doors.conftest import copied, daytwo
from tests.doors.connectors import sample

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person


@pytest.fixture
def data(tmp_path: Path) -> Path:
    daytwo("init", "--data", str(tmp_path / "site"))
    return tmp_path / "site"


def test_import_twice_follows_the_contract(data: Path, reference: Path) -> None:
    command = ("import", str(reference / "tablets"), "--data", str(data), "--json")
    first, second = (json.loads(daytwo(*command).stdout) for _ in range(2))
    assert (first["read"], first["made"], first["already"], first["set_aside"]) == (102, 102, 0, [])
    assert (second["read"], second["made"], second["already"]) == (102, 0, 102)


def test_dirt_is_set_aside_by_file_row_and_field(
    data: Path, reference: Path, tmp_path: Path
) -> None:
    dirty = tmp_path / "tablets"
    shutil.copytree(reference / "tablets", dirty)
    path = dirty / "Laboratory.csv"
    lines = path.read_bytes().split(b"\r\n")
    lines[3] = lines[3].replace(b"97.33", b"97,3x")
    path.write_bytes(b"\r\n".join(lines))
    found = json.loads(daytwo("import", str(dirty), "--data", str(data), "--json").stdout)
    assert [(r["file"], r["row"], r["field"]) for r in found["set_aside"]] == [
        ("Laboratory.csv", 4, "dissolution_av")
    ]
    assert found["made"] == 102
    words = daytwo("import", str(dirty), "--data", str(data)).stdout
    assert "Laboratory.csv row 4, dissolution_av" in words


def test_missing_file_is_explained_before_anything_is_written(data: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = daytwo("import", str(tmp_path / "empty"), "--data", str(data), check=False)
    assert found.returncode == 1
    assert "Laboratory.csv" in found.stderr
    assert "Traceback" not in found.stderr
    assert json.loads(daytwo("verify", "--data", str(data), "--json").stdout)["events"] == 0


def test_person_without_the_right_imports_nothing(demo: Path, reference: Path) -> None:
    folder = str(reference / "tablets")
    found = daytwo(
        "import",
        folder,
        "--as",
        "olga",
        "--password",
        "daytwo demo 2026",
        "--data",
        str(demo),
        check=False,
    )
    assert found.returncode == 1
    assert "integrator" in found.stderr


def test_wrong_password_imports_nothing(demo: Path, reference: Path, tmp_path: Path) -> None:
    data = tmp_path / "site"
    copied(demo, data)
    found = daytwo(
        "import",
        str(reference / "tablets"),
        "--as",
        "ivo",
        "--password",
        "guessed",
        "--data",
        str(data),
        check=False,
    )
    assert found.returncode == 1
    assert "password" in found.stderr


def test_mapping_is_found_by_name_or_path(tmp_path: Path) -> None:
    shipped = mapping_file("tablets")
    assert shipped.is_file()
    own = tmp_path / "own.yaml"
    own.write_bytes(shipped.read_bytes())
    assert mapping_file(str(own)) == own
    with pytest.raises(click.ClickException, match="nonsense"):
        mapping_file("nonsense")
    with pytest.raises(click.ClickException, match="missing"):
        mapping_file(str(tmp_path / "missing.yaml"))


def test_mapping_on_the_record_is_found_by_name_and_version(site: Path, ivo: Person) -> None:
    for number, text in ((1, "version: 1\n"), (2, "version: 2\n")):
        ivo.does(save_mapping, mapping_id="tablets", version=number, title="T", text=text)
    for name, text in (("tablets", "version: 2\n"), ("tablets@1", "version: 1\n")):
        with mapping_at(name) as path:
            assert path.read_text() == text
        assert not path.exists()
    with mapping_at("plant-mes") as path:
        assert path == mapping_file("plant-mes")
    for name in ("tablets@3", "nonsense", "tablets@x"):
        with pytest.raises(click.ClickException), mapping_at(name):
            raise AssertionError


def test_import_by_a_mapping_on_the_record_names_its_version(site: Path, ivo: Person) -> None:
    from daytwo.doors.connectors.run import run_import
    from daytwo.record.ledger.models import ImportRun

    ivo.does(save_mapping, mapping_id="sample", version=3, title="A", text=sample.MAPPING)
    folder = site / "in"
    folder.mkdir()
    sample.plant(folder)
    with mapping_at("sample@3") as path:
        run_import(path, folder, Actor("ivo", "Ivo Kunz", "integrator"))
    row = ImportRun.objects.get()
    kept = json.loads(row.detail)["mapping"]
    assert (row.mapping, kept["id"], kept["version"]) == ("sample v3", "sample", 3)
    assert kept["sha256"] == find_mapping("sample", 3).sha256
