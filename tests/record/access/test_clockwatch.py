"""The clock watch: time is the server's, and a jump of it is recorded and seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from daytwo.kernel.clock import clock_set
from daytwo.record.access import commands as c
from daytwo.record.access.clockwatch import TOLERANCE_MS, forget_anchor, watch_clock
from daytwo.record.access.queries import open_alerts
from daytwo.record.ledger.reading import stream_events
from daytwo.record.ledger.rebuild import compare
from tests.record.access.acts import Watch

pytestmark = pytest.mark.requirement("R10")


def shifted(seconds: float):
    return clock_set(lambda: datetime.now(UTC) + timedelta(seconds=seconds))


@pytest.fixture(autouse=True)
def fresh():
    forget_anchor()
    yield
    forget_anchor()


def test_steady_clock_is_silent(site):
    assert [watch_clock() for _ in range(5)] == [0] * 5
    assert stream_events("system/clock") == []


def test_jump_of_the_clock_is_recorded_and_raises_an_alert(site):
    for seconds in (10, -10, 86_400, -86_400):
        forget_anchor()
        watch_clock()
        with shifted(seconds):
            drift = watch_clock()
            assert abs(drift - seconds * 1000) < 1000
            assert watch_clock() == 0, "told once a jump"
        event = stream_events("system/clock")[-1]
        assert event.data.drift_ms == drift
        assert event.actor.role == "system"
        alert = open_alerts()[0]
        assert (alert.kind, alert.event_seq) == ("clock drift", event.seq)
        assert str(drift) in alert.subject
    assert len(open_alerts()) == 4
    assert compare().equal


def test_jump_back_is_another_one(site):
    watch_clock()
    with shifted(10):
        watch_clock()
    watch_clock()
    drifts = [event.data.drift_ms for event in stream_events("system/clock")]
    assert [round(drift, -3) for drift in drifts] == [10_000, -10_000]


def test_small_unsteadiness_is_borne(site):
    watch_clock()
    with shifted(TOLERANCE_MS / 1000 * 0.8):
        assert watch_clock() == 0


def test_each_command_looks_at_the_clock(site, olga):
    olga.does(c.attest, statement=c.ATTESTATION)
    watch = Watch()
    with shifted(3600):
        olga.does(c.attest, statement=c.ATTESTATION)
    assert watch.types() == ["access.person.attested", "system.clock.drifted"]


def test_time_of_an_event_is_the_servers_and_not_the_senders(site, olga):
    moment = datetime(2030, 1, 1, 12, tzinfo=UTC)
    with clock_set(lambda: moment):
        (event,) = olga.does(c.attest, statement=c.ATTESTATION).events
    assert event.recorded_at == event.occurred_at == moment
