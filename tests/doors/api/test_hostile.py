"""Random and hostile requests: none fails, and what is refused changes nothing.

The whole drill is `python -m soak.hostile --cases 10000`; this is a small share of it, and single
cases that once were, or could have been, trouble.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from daytwo.config.wsgi import application
from daytwo.record.batches import commands as b
from daytwo.record.ledger.reading import last_seq
from daytwo.record.ledger.rebuild import compare
from daytwo.record.ledger.verify import verify
from daytwo.record.recipes.models import MbrVersion
from soak.hostile import ground
from soak.hostile.campaign import Campaign
from soak.hostile.material import RAW, YAMLS
from soak.hostile.wire import Sent, Wire
from tests import floor
from tests.conftest import PASSWORD, Person
from tests.doors.api.program import HOST, Program, by_session, by_token, filled, operations

if TYPE_CHECKING:
    from pathlib import Path

CASES = 600


@pytest.fixture
def inhabited(aron: Person, sam: Person, quinn: Person, olga: Person, otto: Person) -> None:
    """Furnish the site: a batch that runs, with a discrepancy, and one that has not begun."""
    floor.approve_master(aron, sam, quinn)
    floor.stock(sam, quinn)
    floor.issue(sam)
    floor.issue(sam, "B-0002")
    for _ in range(6):
        floor.do_step(olga, otto)
    olga.does(
        b.report_discrepancy,
        batch_id=floor.BATCH,
        step_id=None,
        description="a drum stands in the way",
        stop_work=False,
    )


def test_hostile_requests_neither_fail_nor_change(inhabited: None, site: Path) -> None:
    wire = Wire(application)
    callers = ground.callers(wire, PASSWORD)
    campaign = Campaign(wire, callers, ground.known(PASSWORD, floor.EXAMPLE))
    report = campaign.run(CASES, 2026)
    assert report.broken == []
    assert report.total >= CASES
    assert {200, 400, 401, 403, 404, 405, 409, 422} <= set(report.statuses), report.line()
    assert verify(site).ok
    assert compare().equal


def test_campaign_sees_what_breaks(inhabited: None) -> None:
    """A drill that could not fail would show nothing: an answer of 500, and a silent change."""
    wire = Wire(application)
    callers = ground.callers(wire, PASSWORD)
    campaign = Campaign(wire, callers, ground.known(PASSWORD, floor.EXAMPLE))
    nobody, sent = callers[0], Sent("GET", "/api/v1/health")
    refused = wire.send(sent)
    assert refused.status == 401
    campaign._judge("hostile", nobody, "GET /x", "said", refused)
    assert campaign.report.broken == []
    Person("sam").does(b.hold_batch, batch_id=floor.BATCH, reason="behind its back")
    campaign._judge("hostile", nobody, "GET /x", "said", refused)
    assert "changed ['batch/B-0001']" in campaign.report.broken[0]
    wire.application = lambda *_: 1 / 0  # type: ignore[assignment]
    campaign._judge("hostile", nobody, "GET /x", "said", wire.send(sent))
    assert "ZeroDivisionError" in campaign.report.broken[1]
    assert "unchanged by what was refused: no" in campaign.report.line()


@pytest.mark.parametrize("body", RAW, ids=range(len(RAW)))
def test_raw_body_is_refused_at_every_act(site: Path, body: bytes) -> None:
    program = by_token("sam")
    before = last_seq()
    for method, path, operation in operations():
        if method == "post" and operation["x-permission"] in {"order.issue", "batch.supervise"}:
            answer = program.send(method, filled(path), body)
            assert answer.status_code in {400, 422}, (path, answer.content)
            assert set(answer.json()) == {"code", "detail", "info"}
    assert Program().post("session", body).status_code in {400, 422}
    assert last_seq() == before


@pytest.mark.parametrize("yaml", YAMLS, ids=range(len(YAMLS)))
def test_hostile_document_is_refused(site: Path, yaml: str) -> None:
    answer = by_token("aron").act("recipes/draft", mbr_id="M-0001", yaml=yaml, reason="x")
    assert answer.status_code in {409, 422}, answer.content
    assert not MbrVersion.objects.exists()


@pytest.mark.parametrize(
    "cookie",
    [
        'daytwo="\\000abcdefgh"',
        'daytwo="\\377\\000\\001\\002\\003\\004\\005\\006"',
        f"daytwo={'x' * 300}",
        'csrftoken="\\000"',
        'django_language="\\000en"',
        "=;=;;,",
    ],
)
def test_odd_cookie_is_nobody(site: Path, cookie: str) -> None:
    for method, body in (("get", None), ("delete", {})):
        assert Program().send(method, "/api/v1/session", body, cookie=cookie).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "", "localhost:x", "\u00ff", "a" * 300])
def test_wrong_host_is_refused_as_json(site: Path, host: str) -> None:
    answer = Program().send("get", "/api/v1/health", host=host)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "detail", "info"}


@pytest.mark.parametrize("length", ["-1", "two", "0", "1", "99999999999999999999", ""])
def test_length_that_lies_is_refused(site: Path, length: str) -> None:
    secret = by_token("sam").headers["authorization"]
    headers = {
        "Authorization": secret,
        "Content-Type": "application/json",
        "Content-Length": length,
    }
    body = json.dumps({"batch_id": "B-1", "reason": "x", "command_id": "command-01"}).encode()
    sent = Sent("POST", "/api/v1/batches/hold_batch", headers=headers, body=body)
    assert Wire(application).send(sent).status in {400, 413, 422}


def test_query_with_thousands_of_members_is_refused(site: Path) -> None:
    query = "&".join(f"a{n}=1" for n in range(20_000))
    answer = by_token("luis").get(f"batches?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "api.unreadable")


@pytest.mark.parametrize("secret", ["A" * 31, "A" * 35, "a" * 32, "\u00e9" * 32, "A" * 32])
@pytest.mark.parametrize("code", ["~\u00de\u00fd", "\u0661" * 6, "000000"])
def test_odd_second_factor_is_refused(site: Path, secret: str, code: str) -> None:
    """Found by the drill: signs beyond ASCII, and a length that base32 does not have."""
    program = by_session("olga")
    assert program.act("access/enrol_totp", secret=secret, code=code).status_code in {409, 422}
    body = {"person": "olga", "password": PASSWORD, "totp": "\u00de"}
    assert Program().post("session", body).status_code == 422


def test_header_of_the_pages_changes_nothing_here(site: Path) -> None:
    program = by_session("luis")
    answer = program.client.get("/api/none", headers={"host": HOST, "HX-Request": "true"})
    assert answer.json()["code"] == "api.unknown_address"
