"""What every verb takes: a data directory that is there, and answers that are one JSON object."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from daytwo.doors.options import answer, open_site, progress, site_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@site_options
def verb(data: Path, as_json: bool) -> None:
    """Answer with where the data lie."""
    answer(as_json, {"data": str(data), "odd": "\udc80 ü"}, "in words")


def test_words_for_people_json_for_programs(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(verb, ["--data", str(tmp_path)]).output == "in words\n"
    found = json.loads(runner.invoke(verb, ["--data", str(tmp_path), "--json"]).output)
    assert found["data"] == str(tmp_path)


def test_data_comes_from_the_environment_when_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAYTWO_DATA", str(tmp_path))
    found = json.loads(CliRunner().invoke(verb, ["--json"]).output)
    assert found["data"] == str(tmp_path)


def test_missing_site_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYTWO_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(click.ClickException, match="daytwo init"):
        open_site(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_progress_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    report = progress("Working")
    report(1, 2)
    report(2, 2)
    assert capsys.readouterr().err == ""
