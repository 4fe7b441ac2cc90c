"""`/metrics`: closed to all but a token with the right; true figures; no person in them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from daytwo.insight.facts.follow import follower
from daytwo.record.access.account import sign_in
from daytwo.record.access.enums import Permission, Role
from daytwo.record.access.errors import CredentialsRefused
from daytwo.record.access.rules import FAILURES_BEFORE_LOCK, MATRIX
from daytwo.record.ledger.reading import last_seq
from tests.doors.api.program import Program, by_session, by_token

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def figures(text: str) -> Figures:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read() -> Figures:
    answer = by_token("ada").send("get", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return figures(answer.content.decode())


def test_nobody_is_let_in(site: Path) -> None:
    for headers in ({}, {"Authorization": "Bearer dt_wrong"}, {"Authorization": "Basic YTpi"}):
        answer = Program().send("get", "/metrics", **headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert b"daytwo_" not in answer.content


def test_session_of_a_browser_is_nobody(site: Path) -> None:
    assert by_session("ada").send("get", "/metrics").status_code == 401


def test_only_whoever_runs_the_system_may_read(site: Path, sam: Person, quinn: Person) -> None:
    assert MATRIX[Permission.METRICS_READ] == {Role.ADMINISTRATOR, Role.INTEGRATOR}
    for name in ("sam", "quinn"):
        answer = by_token(name).send("get", "/metrics")
        assert answer.status_code == 403
        assert b"daytwo_" not in answer.content


def test_ledger_facts_and_alerts_are_as_they_are(site: Path, sam: Person) -> None:
    follower().refresh()
    for _ in range(FAILURES_BEFORE_LOCK):
        with pytest.raises(CredentialsRefused):
            sign_in("sam", "wrong password here")
    found = read()
    assert found["daytwo_ledger_seq", ()] == last_seq()
    behind = last_seq() - follower().cache.manifest.seq
    assert found["daytwo_facts_behind_events", ()] == behind > FAILURES_BEFORE_LOCK
    assert found["daytwo_facts_written_timestamp_seconds", ()] > 1.7e9
    assert found["daytwo_writer_waiting", ()] == 0
    assert found["daytwo_alerts_open", (("kind", "account locked"),)] == 1
    assert found["daytwo_import_runs_total", ()] == 0
    assert found["daytwo_import_rows_total", (("became", "made"),)] == 0


def test_requests_appends_and_refusals_are_counted(site: Path, sam: Person) -> None:
    before = read()
    asked = (("method", "GET"), ("route", "metrics"), ("status", "200"))
    with pytest.raises(CredentialsRefused):
        sign_in("sam", "wrong password here")
    after = read()
    for name, labels, by in (
        ("daytwo_requests_total", asked, 1),
        ("daytwo_request_seconds_count", asked[:2], 1),
        ("daytwo_credentials_refused_total", (), 1),
        ("daytwo_accounts_locked_total", (), 0),
        ("daytwo_events_appended_total", (), 2),
        ("daytwo_append_seconds_count", (), 2),
    ):
        assert after[name, labels] - before.get((name, labels), 0) == by, name


def test_labels_hold_patterns_and_no_person(site: Path, sam: Person) -> None:
    program = by_token("ada")
    program.get("access/people/sam")
    program.send("get", "/no/such/sam-keller")
    program.send("get", "/static/daytwo/base.css").close()
    text = program.send("get", "/metrics").content.decode()
    assert 'route="none",status="404"' in text
    assert 'route="static"' in text
    for word in ("sam", "ada", "Keller", "keller"):
        assert not [line for line in text.splitlines() if f'"{word}' in line or f"/{word}" in line]


COUNT = """
import os, sys
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
import django
django.setup()
from daytwo.doors.monitoring.requests import REQUESTS
REQUESTS.labels("GET", "x", "200").inc(int(sys.argv[2]))
if sys.argv[3] == "read":
    from daytwo.doors.monitoring import exposition
    exposition._OF_HERE.collect = lambda: iter(())
    sys.stdout.buffer.write(exposition._text())
"""


def test_counters_of_several_processes_add_up(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "counters"
    folder.mkdir()

    def process(number: str, then: str) -> str:
        command = [sys.executable, "-c", COUNT, str(folder), number, then]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    process("2", "end")
    found = figures(process("3", "read"))
    labels = (("method", "GET"), ("route", "x"), ("status", "200"))
    assert found["daytwo_requests_total", labels] == 5
