"""Uploads: plain names, folders nobody leads out of, files kept until they are discarded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.desk import store
from daytwo.doors.importing import Reading
from daytwo.kernel.errors import Refused, Unknown
from tests.doors.connectors.desk.hand import IVO, arrived

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Export März (2).csv", "Export März (2).csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\boot.csv", "boot.csv"),
        ("/abs/olute.csv", "olute.csv"),
        ("a*b?[c].csv", "a_b__c_.csv"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("...csv", "csv"),
        ("", "file"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("<script>.csv", "_script_.csv"),
    ],
)
def test_name_is_made_of_plain_signs(given: str, kept: str) -> None:
    assert store.plain_name(given) == kept


@pytest.mark.parametrize("name", ["../x", "..", "", "busy", "a/b", "0" * 36])
def test_upload_of_another_name_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "upload.json").write_text("{}")
    with pytest.raises(Unknown):
        store.place(name)


def test_files_are_kept_with_who_brought_them(tmp_path: Path) -> None:
    upload = store.take_in(IVO, [arrived(tmp_path, "b.csv", "b"), arrived(tmp_path, "a.csv", "a")])
    assert [file.name for file in upload.files] == ["a.csv", "b.csv"]
    assert (upload.by, upload.by_name) == ("ivo", "Ivo Kunz")
    path = store.files_of(upload.id) / "a.csv"
    assert path.read_bytes() == b"a"
    assert path.stat().st_mode & 0o077 == 0
    assert list((tmp_path / "arriving").iterdir()) == []
    assert store.uploads() == [upload]


def test_second_file_of_a_name_gets_another(tmp_path: Path) -> None:
    upload = store.take_in(IVO, [arrived(tmp_path, "a.csv", "1"), arrived(tmp_path, "A.CSV", "2")])
    upload = store.add(upload.id, [arrived(tmp_path, "a.csv", "3")])
    assert [file.name for file in upload.files] == ["A-2.CSV", "a-3.csv", "a.csv"]
    assert (store.files_of(upload.id) / "a.csv").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([], "import.no_file"),
        (["a.exe"], "import.file_kind"),
        (["a.csv"] * 201, "import.too_many_files"),
    ],
)
def test_what_cannot_be_read_is_not_kept(tmp_path: Path, names: list[str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        store.take_in(IVO, [arrived(tmp_path, name, "x") for name in names])
    assert refused.value.code == code
    assert store.uploads() == []


def test_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="empty"):
        store.take_in(IVO, [arrived(tmp_path, "a.csv", "")])


def test_reading_is_confirmed_for_one_file(tmp_path: Path) -> None:
    upload = store.take_in(IVO, [arrived(tmp_path, "a.csv", "a"), arrived(tmp_path, "b.csv", "b")])
    store.confirm(upload.id, "a.csv", Reading("cp1250", "|", ",", ""))
    a, b = store.upload(upload.id).files
    assert (a.confirmed, a.reading) == (True, Reading("cp1250", "|", ",", ""))
    assert (b.confirmed, b.reading) == (False, None)


def test_file_is_taken_out_and_upload_discarded(tmp_path: Path) -> None:
    upload = store.take_in(IVO, [arrived(tmp_path, "a.csv", "a"), arrived(tmp_path, "b.csv", "b")])
    store.remove(upload.id, "a.csv")
    assert [file.name for file in store.upload(upload.id).files] == ["b.csv"]
    assert not (store.files_of(upload.id) / "a.csv").exists()
    with pytest.raises(Unknown):
        store.remove(upload.id, "../upload.json")
    store.discard(upload.id)
    assert store.uploads() == []
    assert not (store.folder() / upload.id).exists()


def test_json_is_seen_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert store.read_json(path) is None
    store.write_json(path, {"a": "ü"})
    assert store.read_json(path) == {"a": "ü"}
    path.write_text(json.dumps({"a": 1})[:-2])
    assert store.read_json(path) is None
