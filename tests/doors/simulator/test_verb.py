"""The verb: files with rows and checksums, as JSON and as words."""

from __future__ import annotations

import json
from hashlib import sha256

from click.testing import CliRunner

from daytwo.config.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["simulate", *arguments])


def test_verb_prints_files_with_rows_and_checksums(tmp_path):
    out = tmp_path / "plant"
    done = run("--out", str(out), "--seed", "3", "--years", "0.1", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["seed"] == 3
    assert {"mes/steps.csv", "qms/deviations.csv", "answers.json"} <= {
        f["name"] for f in found["files"]
    }
    for file in found["files"]:
        content = (out / file["name"]).read_bytes()
        assert sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["bytes"]
    assert found["kpis"]["batches_started"] > 0


def test_verb_speaks_to_people_and_refuses_a_full_folder(tmp_path):
    done = run("--out", str(tmp_path / "a"), "--years", "0.1", "--batches-per-year", "12")
    assert "Simulated plant of seed 1" in done.output
    assert "mes/orders.csv" in done.output
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    refused = run("--out", str(tmp_path), "--years", "0.1")
    assert refused.exit_code == 1
    assert "mine.txt" in refused.output
    assert not (tmp_path / "mes").exists()


def test_verb_takes_a_file_of_parameters(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("plant: {years: 99}\n", encoding="utf-8")
    refused = run("--out", str(tmp_path / "a"), "--parameters", str(path))
    assert refused.exit_code == 1
    assert "plant.years is 99" in refused.output
