"""Ledger verification."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from daytwo.record.ledger.checkpoint import make_checkpoint
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _directory(walked: Path, settings_data_dir: None) -> None:
    """The page verifies against the checkpoints of its own site."""


@pytest.fixture
def settings_data_dir(walked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "DATA_DIR", walked)


def test_sound_ledger_is_said_to_be_sound(walked: Path) -> None:
    make_checkpoint(walked)
    client = signed_in("quinn")
    assert "Not verified on this page yet" in client.get("/ledger/").content.decode()
    text = client.post("/ledger/").content.decode()
    assert "Everything is as it was recorded." in text
    assert "against 1 signed checkpoint" in text


@pytest.mark.requirement("R02")
def test_changed_event_is_named_with_stream_and_version(walked: Path) -> None:
    with sqlite3.connect(connection.settings_dict["NAME"]) as raw:
        for (name,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f'DROP TRIGGER "{name}"')
        raw.execute(
            "UPDATE ledger_event SET reason = 'x' WHERE stream = 'batch/B-1' AND version = 3"
        )
    text = signed_in("quinn").post("/ledger/").content.decode()
    assert "The record is not what was recorded." in text
    assert "<code>batch/B-1</code> version 3" in text


def test_streams_are_found_by_a_part_of_their_name(walked: Path) -> None:
    text = signed_in("luis").get("/ledger/?q=batch/B").content.decode()
    assert "batch/B-1" in text
    assert "person/olga" not in text
    assert "No stream fits." in signed_in("luis").get("/ledger/?q=zzz").content.decode()
