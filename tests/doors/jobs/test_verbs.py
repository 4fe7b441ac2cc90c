"""The verbs of the command line: their JSON is a contract, their exit codes are too."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from daytwo.doors.jobs.demo.cast import PASSWORD
from daytwo.doors.jobs.demo.weeks import FINISHED
from tests.doors.conftest import copied, daytwo, free_port

NATIVE = FINISHED - 1
"""Batches that the demonstration's own weeks of work released; one was rejected."""


def test_init_makes_a_site_that_verifies(tmp_path: Path) -> None:
    data = tmp_path / "site"
    password = "correct horse battery"
    made = daytwo("init", "--data", str(data), "--administrator", "ada", "--password", password)
    assert "ready" in made.stdout
    found = json.loads(daytwo("verify", "--data", str(data), "--json").stdout)
    assert found == {"events": 3, "streams": 1, "checkpoints": 0, "ok": True, "broken": []}
    key = data / "keys" / "secret.key"
    assert key.stat().st_mode & 0o077 == 0


def test_verbs_say_where_there_is_no_site(tmp_path: Path) -> None:
    found = daytwo("verify", "--data", str(tmp_path / "nothing"), check=False)
    assert found.returncode == 1
    assert "daytwo init" in found.stderr


def test_verify_is_silent_on_a_good_site(demo: Path) -> None:
    found = daytwo("verify", "--data", str(demo))
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_verify_names_a_changed_event_and_exits_1(demo: Path, tmp_path: Path) -> None:
    data = tmp_path / "site"
    copied(demo, data)
    with closing(sqlite3.connect(data / "daytwo.sqlite3")) as raw:
        raw.execute("DROP TRIGGER ledger_event_no_update")
        stream, version, seq = raw.execute(
            "SELECT stream, version, seq FROM ledger_event WHERE type = 'batch.step.value_entered'"
            " LIMIT 1"
        ).fetchone()
        raw.execute(
            "UPDATE ledger_event SET payload = replace(payload, 'manual', 'device') WHERE seq = ?",
            (seq,),
        )
        raw.commit()
    found = daytwo("verify", "--data", str(data), "--json", check=False)
    assert found.returncode == 1
    answer = json.loads(found.stdout)
    assert answer["ok"] is False
    assert {"stream": stream, "version": version} in [
        {key: broken[key] for key in ("stream", "version")} for broken in answer["broken"]
    ]


def test_demo_ends_with_an_exported_checkpoint_and_equal_rows(demo: Path) -> None:
    assert (demo / "checkpoints" / "000001.json").is_file()
    found = json.loads(daytwo("rebuild", "--check", "--data", str(demo), "--json").stdout)
    assert (found["equal"], found["differing"]) == (True, [])
    assert found["projections"] > 5


def test_demo_made_again_changes_nothing(demo: Path) -> None:
    before = json.loads(daytwo("verify", "--data", str(demo), "--json").stdout)["events"]
    again = json.loads(daytwo("demo", "--no-serve", "--data", str(demo), "--json").stdout)
    assert again["made"] is False
    after = json.loads(daytwo("verify", "--data", str(demo), "--json").stdout)["events"]
    assert after == before


def counted(demo: Path) -> list[dict[str, object]]:
    """Return the batches that K1 counts."""
    found = json.loads(daytwo("kpi", "explain", "K1", "--data", str(demo), "--json").stdout)
    return [row for row in found["rows"] if row["value"] is not None]


def test_kpi_show_follows_the_contract(demo: Path) -> None:
    found = json.loads(daytwo("kpi", "show", "K1", "--data", str(demo), "--json").stdout)
    assert {"id", "version", "value", "unit", "n", "coverage", "interval", "excluded"} <= set(found)
    assert (found["id"], found["unit"], found["n"]) == ("K1", "d", len(counted(demo)))
    assert 0 < found["interval"][0] <= found["value"] <= found["interval"][1]
    assert {e["why"]: e["n"] for e in found["excluded"]}["rejected, shown apart"] >= 1


def test_kpi_explain_leads_to_events_that_exist(demo: Path) -> None:
    rows = counted(demo)
    assert sum(row["subject"].startswith("B-2026-") for row in rows) == NATIVE
    assert len(rows) > NATIVE, "and those of the simulated plant"
    with closing(sqlite3.connect(demo / "daytwo.sqlite3")) as raw:
        for row in rows:
            for event in (row["start"], row["stop"]):
                query = "SELECT hash FROM ledger_event WHERE stream = ? AND version = ?"
                stored = raw.execute(query, (event["stream"], event["version"])).fetchone()
                assert stored == (event["hash"],)


def test_unknown_kpi_is_a_sentence_not_a_traceback(demo: Path) -> None:
    found = daytwo("kpi", "show", "K99", "--data", str(demo), check=False)
    assert found.returncode == 1
    assert "K99" in found.stderr
    assert "Traceback" not in found.stderr


def test_rebuild_makes_doctored_rows_right_again(demo: Path, tmp_path: Path) -> None:
    data = tmp_path / "site"
    copied(demo, data)
    with closing(sqlite3.connect(data / "daytwo.sqlite3")) as raw:
        raw.execute("UPDATE batches_batch SET product_name = 'something else'")
        raw.commit()
    found = daytwo("rebuild", "--check", "--data", str(data), "--json", check=False)
    assert found.returncode == 1
    assert [d["table"] for d in json.loads(found.stdout)["differing"]] == ["batches_batch"]
    daytwo("rebuild", "--data", str(data))
    assert json.loads(daytwo("rebuild", "--check", "--data", str(data), "--json").stdout)["equal"]


def test_export_verifies_offline_and_a_doctored_one_does_not(demo: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "site", tmp_path / "out"
    copied(demo, data)
    daytwo("export", "--stream", "batch/B-2026-0001", "--out", str(out), "--data", str(data))
    command = [sys.executable, "-I", "verify_export.py", "record.json", "public.key"]
    good = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout
    text = (out / "record.json").read_text(encoding="utf-8")
    (out / "record.json").write_text(text.replace('"confirmed": "yes"', '"confirmed": "no"', 1))
    bad = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert "does not match its hash" in bad.stdout


def test_export_of_an_unknown_stream_is_refused(demo: Path, tmp_path: Path) -> None:
    found = daytwo(
        "export", "--stream", "batch/NONE", "--out", str(tmp_path), "--data", str(demo), check=False
    )
    assert found.returncode == 1
    assert "batch/NONE" in found.stderr


def test_checkpoint_counts_on(demo: Path, tmp_path: Path) -> None:
    data = tmp_path / "site"
    copied(demo, data)
    found = json.loads(daytwo("checkpoint", "--data", str(data), "--json").stdout)
    assert found["number"] == 2
    assert Path(found["file"]).is_file()
    assert json.loads(daytwo("verify", "--data", str(data), "--json").stdout)["checkpoints"] == 2


def test_serve_answers_until_it_is_stopped(demo: Path, tmp_path: Path) -> None:
    data = tmp_path / "site"
    copied(demo, data)
    port = str(free_port())
    command = [sys.executable, "-m", "daytwo.config.cli", "serve", "--data", str(data)]
    server = subprocess.Popen(
        [*command, "--port", port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with suppress(OSError):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                    assert page.status == 200
                break
            time.sleep(0.2)
        else:
            pytest.fail("the server did not answer within 20 s")
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_demonstration_just_made_lets_people_in_and_shows_them_figures(tmp_path: Path) -> None:
    """What worked in the process that made it must not be waited for by the one that serves it."""
    port, told = free_port(), tmp_path / "told"
    command = [sys.executable, "-P", "-m", "daytwo.config.cli", "demo", "--json", "--years", "0.1"]
    here = tmp_path / "here"
    here.mkdir()
    (here / "click.py").write_text("raise SystemExit('loaded from where somebody works')")
    with told.open("wb") as out:
        server = subprocess.Popen(
            [*command, "--data", str(tmp_path / "site"), "--port", str(port)],
            stdout=out,
            stderr=subprocess.DEVNULL,
            cwd=here,
        )
    try:
        for _ in range(600):
            assert server.poll() is None
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.2)
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as door:
            person = json.dumps({"person": "lea", "password": PASSWORD})
            door.request("POST", "/api/v1/session", person, {"Content-Type": "application/json"})
            signed_in = door.getresponse()
            signed_in.read()
            assert signed_in.status == 200
            cookies = signed_in.headers.get_all("Set-Cookie") or []
            door.request(
                "GET",
                "/leadership/",
                headers={"Cookie": "; ".join(c.split(";")[0] for c in cookies)},
            )
            page = door.getresponse()
            assert (page.status, b"K1" in page.read()) == (200, True)
    finally:
        server.terminate()
        server.wait(timeout=20)
    (line,) = told.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["made"] is True
