"""`daytwo refresh` and `daytwo facts`: files made, listed, compared, made anew."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from tests.doors.conftest import copied, daytwo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def site(demo: Path, tmp_path: Path) -> Path:
    data = tmp_path / "site"
    copied(demo, data)
    shutil.rmtree(data / "facts", ignore_errors=True)
    return data


def test_facts_are_refreshed_listed_and_compared(site: Path) -> None:
    made = json.loads(daytwo("refresh", "--data", str(site), "--json").stdout)
    assert made["events"] == made["seq"] > 100
    assert (site / "facts" / "manifest.json").exists()
    again = json.loads(daytwo("refresh", "--data", str(site), "--json").stdout)
    assert again == made | {"events": 0}
    listed = json.loads(daytwo("facts", "--data", str(site), "--json").stdout)
    assert listed["seq"] == listed["seq_in_files"] == made["seq"]
    rows = {fact["name"]: fact["rows"] for fact in listed["facts"]}
    assert rows["batch"] >= 3
    assert rows["step"] > 20
    compared = daytwo("facts", "--data", str(site), "--check", "--json")
    assert json.loads(compared.stdout) == {"equal": True, "differing": []}
    text = daytwo("facts", "--data", str(site), "--rebuild").stdout
    assert "batch" in text
    assert f"Event {made['seq']} of the ledger" in text


def test_publishing_to_no_database_is_said_in_a_sentence(site: Path) -> None:
    address = "postgresql://127.0.0.1:1/none?connect_timeout=2"
    found = daytwo("facts", "--data", str(site), "--publish", address, check=False)
    assert found.returncode == 1
    assert "[engine.postgresql]" in found.stderr
    assert "Traceback" not in found.stderr


def test_sql_is_answered_in_each_form(site: Path, tmp_path: Path) -> None:
    ask = ("facts", "--data", str(site), "--sql", "SELECT count(*) AS n, 'a,b' AS t FROM step")
    header, row = daytwo(*ask).stdout.splitlines()
    assert header == '"n","t"'
    number, text = row.split(",", 1)
    assert int(number) > 20
    assert text == '"a,b"'
    assert json.loads(daytwo(*ask, "--json").stdout) == {"n": int(number), "t": "a,b"}
    file = tmp_path / "steps.parquet"
    daytwo(*ask, "--format", "parquet", "--out", str(file))
    assert pq.read_table(file).to_pylist() == [{"n": int(number), "t": "a,b"}]


def test_answer_that_breaks_off_leaves_what_was_there(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.csv"
    file.write_text("of before", encoding="ascii")
    late = "SELECT CASE WHEN i = 200000 THEN error('stop') ELSE i END AS i FROM range(300000) t(i)"
    for sql in (late, "SELECT [1, 2] AS several"):
        given = ("facts", "--data", str(site), "--sql", sql, "--out", str(file))
        found = daytwo(*given, check=False)
        assert found.returncode == 1
        assert "[facts.sql]" in found.stderr
        assert "Traceback" not in found.stderr
        assert file.read_text(encoding="ascii") == "of before"
        assert [path.name for path in tmp_path.glob("*answer*")] == ["answer.csv"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--sql", "DROP VIEW step"), "[facts.sql]"),
        (("--sql", "SELECT * FROM read_text('/etc/hostname')"), "[facts.sql]"),
        (("--sql", "SELECT 1", "--format", "parquet"), "--out"),
    ],
)
def test_sql_that_is_not_answered_is_said_in_a_sentence(
    site: Path, given: tuple[str, ...], said: str
) -> None:
    found = daytwo("facts", "--data", str(site), *given, check=False)
    assert found.returncode > 0
    assert found.stdout == ""
    assert said in found.stderr
    assert "Traceback" not in found.stderr
