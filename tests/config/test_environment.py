"""What the environment decides: database, secrets, shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.config.environment import database, secret_key, shifts

if TYPE_CHECKING:
    from pathlib import Path


def test_no_address_means_the_embedded_file(tmp_path: Path) -> None:
    found = database("", tmp_path)
    assert found["NAME"] == str(tmp_path / "daytwo.sqlite3")
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_address_of_postgresql_is_taken_apart(tmp_path: Path) -> None:
    found = database("postgresql://ann:pw@db.example:5433/site?sslmode=require", tmp_path)
    assert (found["NAME"], found["USER"], found["HOST"], found["PORT"]) == (
        "site",
        "ann",
        "db.example",
        "5433",
    )
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_socket_address_is_taken(tmp_path: Path) -> None:
    found = database("postgresql://postgres:@/site?host=/run/pg", tmp_path)
    assert (found["HOST"], found["NAME"]) == ("/run/pg", "site")


def test_other_databases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="postgresql"):
        database("mysql://somewhere/site", tmp_path)


def test_secret_is_made_once_and_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAYTWO_SECRET_KEY")
    first = secret_key(tmp_path)
    assert secret_key(tmp_path) == first
    assert (tmp_path / "keys" / "secret.key").stat().st_mode & 0o077 == 0


def test_secret_before_there_is_a_directory_is_a_passing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAYTWO_SECRET_KEY")
    nowhere = tmp_path / "nothing"
    assert secret_key(nowhere) != secret_key(nowhere)
    assert not nowhere.exists()


def test_given_secret_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYTWO_SECRET_KEY", "given")
    assert secret_key(tmp_path) == "given"


def test_shifts_are_times_of_the_day_in_their_order() -> None:
    assert shifts("06:00 14:00 22:00") == (360, 840, 1320)
    assert shifts("07:30,19:30") == (450, 1170)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "in the order"),
        ("14:00 06:00", "in the order"),
        ("06:00 06:00", "each once"),
        ("6:00", "'6:00' is no time"),
        ("24:00", "'24:00' is no time"),
        ("06:00 early", "'early' is no time"),
    ],
)
def test_other_shifts_are_refused_and_the_word_named(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        shifts(text)
