"""Files come in by the disk, bounded, for who may import, and leave nothing behind otherwise."""

from __future__ import annotations

import hashlib
import os
import time
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler

from daytwo.doors.importing import desk
from daytwo.doors.web.imports import receiver
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse


@pytest.fixture(autouse=True)
def _data(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", site)


def sent(who: str, name: str, content: bytes, path: str = "/imports/new/") -> HttpResponse:
    stream = BytesIO(content)
    stream.name = name
    return signed_in(who).post(path, {"files": stream})


def left(site: Path) -> list[str]:
    return [path.name for path in (site / "uploads").glob("arriving/*")]


def test_file_arrives_whole_with_its_digest(site: Path) -> None:
    content = os.urandom(3 * 1024 * 1024 + 7)
    answer = sent("ivo", "big.csv", content)
    assert answer.status_code == 302
    (upload,) = desk().uploads()
    (file,) = upload.files
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (site / "uploads" / upload.id / "files" / "big.csv").read_bytes() == content
    assert (upload.by, upload.by_name) == ("ivo", "Ivo Kunz")
    assert left(site) == []


def test_no_handler_keeps_files_in_memory() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ("daytwo.doors.web.imports.receiver.Receiver",)
    assert not issubclass(receiver.Receiver, MemoryFileUploadHandler)


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("olga", "/imports/new/", 403),
        ("luis", "/imports/new/", 403),
        ("ivo", "/imports/", 405),
        ("sam", "/orders/issue/", 200),
    ],
)
def test_file_of_who_may_not_or_elsewhere_is_not_even_read(
    who: str, path: str, status: int, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*args: object) -> None:
        raise AssertionError

    monkeypatch.setattr(receiver, "Arrived", opened)
    answer = sent(who, "a.csv", b"a;b\n", path)
    assert answer.status_code in {status, 400, 409}
    assert desk().uploads() == []


def test_anonymous_file_is_not_even_read(
    site: Path, anyone: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = BytesIO(b"a;b\n")
    stream.name = "a.csv"
    answer = anyone.post("/imports/new/", {"files": stream})
    assert answer["Location"].startswith("/sign-in/")
    assert left(site) == []


def test_too_large_is_refused_by_what_the_sender_says(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "LARGEST", 10)
    monkeypatch.setattr(receiver.Receiver, "chunk_size", 16)
    answer = sent("ivo", "a.csv", b"x" * 2000)
    assert answer.status_code == 413
    assert "None of them was kept" in answer.content.decode()
    assert (left(site), desk().uploads()) == ([], [])


def test_too_large_is_refused_by_what_really_comes(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender's word on the length is not trusted: bytes are counted."""
    monkeypatch.setattr(receiver, "LARGEST", 4000)
    monkeypatch.setattr(receiver.Receiver, "chunk_size", 1024)
    answer = sent("ivo", "a.csv", b"x" * 4500)
    assert answer.status_code == 413
    assert (left(site), desk().uploads()) == ([], [])


def test_full_disk_is_told_before_a_byte_is_read(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "SPARE", 1 << 62)
    answer = sent("ivo", "a.csv", b"x")
    assert answer.status_code == 409
    assert "The disk has no room" in answer.content.decode()
    assert (left(site), desk().uploads()) == ([], [])


@pytest.mark.parametrize("name", ["../../../evil.csv", "..\\evil.csv", "/etc/evil.csv"])
def test_name_leads_nowhere(name: str, site: Path) -> None:
    sent("ivo", name, b"a;b\n")
    (upload,) = desk().uploads()
    assert [file.name for file in upload.files] == ["evil.csv"]
    assert not list(site.parent.glob("evil.csv"))


def test_refused_kind_leaves_no_file_behind(site: Path) -> None:
    answer = sent("ivo", "a.exe", b"MZ")
    assert answer.status_code == 409
    assert "cannot be read here" in answer.content.decode()
    assert left(site) == []


def test_form_without_its_token_leaves_no_file_behind(site: Path) -> None:
    client = signed_in("ivo")
    client.handler.enforce_csrf_checks = True
    stream = BytesIO(b"a;b\n")
    stream.name = "a.csv"
    assert client.post("/imports/new/", {"files": stream}).status_code == 403
    assert (left(site), desk().uploads()) == ([], [])


def test_forgotten_arrival_is_taken_away(site: Path) -> None:
    folder = receiver.arrivals()
    old, fresh = folder / "old.part", folder / "fresh.part"
    old.touch()
    fresh.touch()
    long_ago = time.time() - 2 * receiver.FORGOTTEN_S
    os.utime(old, (long_ago, long_ago))
    receiver.arrivals()
    assert left(site) == ["fresh.part"]
