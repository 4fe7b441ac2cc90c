"""Verbs of governance: frozen by a signed act, measured by the same definition, never unproven."""

from __future__ import annotations

import pytest

from daytwo.insight.governance import commands as value
from daytwo.insight.governance.queries import (
    baseline,
    benefits,
    initiative,
    measurements,
    target_content,
)
from daytwo.insight.kpis import asking
from daytwo.kernel.canonical import digest
from daytwo.kernel.errors import Denied, Refused, Unknown
from daytwo.record.access.errors import SignatureRefused
from daytwo.record.ledger.reading import stream_events
from tests.insight.governance.history import SPRING, WINTER, winter_and_spring

IT = {"initiative_id": "V-1"}
SUMS = {
    "recurring_eur_per_year": "153425",
    "one_off_eur": "1917808",
    "run_cost_eur_per_year": "20000",
    "rationale": "400 lots, 250 k€, 8 %",
}


@pytest.fixture
def stated(site, lea):
    winter_and_spring()
    lea.does(
        value.state_hypothesis,
        **IT,
        title="Release by exception",
        kpi_id="K1",
        promised_eur_per_year="200000",
        rationale="Half of the pages are never looked at",
    )


@pytest.fixture
def frozen(stated, lea):
    lea.does(value.freeze_baseline, **IT, since=WINTER[0], until=WINTER[1])


@pytest.fixture
def measured(frozen, lea):
    lea.does(value.go_live, **IT, live_on="2026-04-01", action="Review by exception")
    lea.does(value.measure, **IT, since=SPRING[0], until=SPRING[1])


def types():
    return [event.type for event in stream_events("value/V-1")]


def test_baseline_is_frozen_by_a_signature_with_its_data(frozen):
    assert types() == [
        "value.hypothesis.stated",
        "access.signature.applied",
        "value.baseline.frozen",
    ]
    found = baseline("K1")
    assert found is not None
    assert (found.value, found.n, found.kpi_version) == (9.875, 8, 1)
    assert found.interval == (9.0, 10.75)
    event = stream_events("value/V-1")[-1]
    assert len(event.payload["subjects_sha256"]) == 64
    assert 0 < event.payload["ledger_seq"] < event.seq
    signature = stream_events("value/V-1")[1].payload
    assert (signature["meaning"], signature["signer_id"]) == ("frozen as baseline", "lea")


def test_baseline_stays_when_the_data_go_on(frozen):
    before = baseline("K1")
    winter_again = asking.show("K1", since=WINTER[0], until="2026-12-31")
    assert winter_again.value != before.value
    assert baseline("K1") == before


def test_baseline_is_of_its_site_and_product_only(frozen):
    assert baseline("K1", product_code="P") is None
    assert baseline("K9") is None


def test_target_needs_a_baseline_and_a_reason(stated, lea):
    given = {"target": "5", "due_on": "2026-12-31"}
    with pytest.raises(Refused, match="baseline first"):
        lea.does(value.set_target, **IT, **given, reason="promised")
    lea.does(value.freeze_baseline, **IT, since=WINTER[0], until=WINTER[1])
    with pytest.raises(Refused, match="reason"):
        lea.does(value.set_target, **IT, **given, reason="")
    lea.does(value.set_target, **IT, **given, reason="promised to the board")
    found = baseline("K1")
    assert (found.target, found.target_on) == (5.0, "2026-12-31")


def test_measured_by_the_definition_of_the_baseline(measured):
    [found] = measurements("V-1")
    assert (found.value, found.change, found.beyond_noise, found.n) == ("4.875", "-5.0", True, 8)
    assert initiative("V-1").state == "measured"


def test_benefit_is_confirmed_by_another_person(measured, lea, quinn):
    with pytest.raises(Refused, match="another person"):
        lea.does(value.sign, **IT, **SUMS)
    quinn.does(value.sign, **IT, **SUMS)
    found = benefits()
    assert (found.signed, found.recurring_eur_per_year, found.one_off_eur) == (1, 133425, 1917808)
    assert found.realised == pytest.approx(133425 / 200000)


def test_change_within_noise_is_worth_nothing(frozen, lea, quinn):
    lea.does(value.go_live, **IT, live_on="2026-04-01", action="Nothing really")
    lea.does(value.measure, **IT, since="2026-04-01", until="2026-04-13")
    assert not measurements("V-1")[0].beyond_noise
    with pytest.raises(Refused, match="beyond noise"):
        quinn.does(value.sign, **IT, **SUMS)
    assert benefits().signed == 0
    nothing = dict.fromkeys(SUMS, "0") | {"rationale": "no change found"}
    quinn.does(value.sign, **IT, **nothing)
    assert benefits().recurring_eur_per_year == 0


@pytest.mark.parametrize(
    ("verb", "given", "why"),
    [
        (value.freeze_baseline, {"since": "2025-01-01", "until": "2025-02-01"}, "Nothing counts"),
        (value.freeze_baseline, {"since": "2026-03-01", "until": "2026-02-01"}, "last day"),
        (value.freeze_baseline, {"since": "winter", "until": "2026-02-01"}, "YYYY-MM-DD"),
        (value.go_live, {"live_on": "2026-04-01", "action": "x"}, "stated"),
        (value.measure, {"since": "2026-04-01", "until": "2026-05-01"}, "stated"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_happens(stated, lea, verb, given, why):
    with pytest.raises(Refused, match=why):
        lea.does(verb, **IT, **given)
    assert types() == ["value.hypothesis.stated"]


def test_action_goes_live_after_the_baselines_period(frozen, lea):
    with pytest.raises(Refused, match="ended before"):
        lea.does(value.go_live, **IT, live_on=WINTER[1], action="x")
    lea.does(value.go_live, **IT, live_on="2026-04-01", action="x")
    with pytest.raises(Refused, match="went live"):
        lea.does(value.measure, **IT, since="2026-03-01", until="2026-05-01")


def test_withdrawn_baseline_counts_no_more(frozen, lea):
    lea.does(value.withdraw, **IT, reason="another way was found")
    assert baseline("K1") is None
    assert initiative("V-1").ended_reason == "another way was found"
    with pytest.raises(Refused, match="withdrawn"):
        lea.does(value.go_live, **IT, live_on="2026-04-01", action="x")


def test_number_is_given_once_and_the_kpi_must_exist(stated, lea):
    given = {"title": "Again", "kpi_id": "K1"}
    with pytest.raises(Refused, match="already"):
        lea.does(value.state_hypothesis, **IT, **given)
    with pytest.raises(Unknown):
        lea.does(value.state_hypothesis, initiative_id="V-2", title="t", kpi_id="K99")
    with pytest.raises(Refused, match="number"):
        lea.does(value.state_hypothesis, initiative_id="V-2", **given, expected_change="a lot less")


def test_operator_manages_no_value(stated, olga):
    with pytest.raises(Denied):
        olga.does(value.withdraw, **IT, reason="attempt")


def test_baseline_alone_is_one_signed_act(site, lea):
    winter_and_spring()
    given = {"kpi_id": "K1", "title": "Winter", "since": WINTER[0], "until": WINTER[1]}
    lea.does(value.freeze_baseline, **IT, **given)
    assert types() == [
        "value.hypothesis.stated",
        "access.signature.applied",
        "value.baseline.frozen",
    ]
    assert (initiative("V-1").state, initiative("V-1").expected_change) == ("frozen", "")
    with pytest.raises(Refused, match="already"):
        lea.does(value.freeze_baseline, **IT, **given)


def test_baseline_alone_is_refused_whole(site, lea):
    winter_and_spring()
    given = {"kpi_id": "K25", "title": "t", "since": WINTER[0], "until": WINTER[1]}
    with pytest.raises(Refused, match="narrowed to a product"):
        lea.does(value.freeze_baseline, **IT, **given, product_code="P")
    with pytest.raises(Refused, match="Nothing counts"):
        lea.does(value.freeze_baseline, **IT, **given)
    with pytest.raises(Unknown):
        lea.does(value.freeze_baseline, **IT, since=WINTER[0], until=WINTER[1])
    assert types() == []


def test_target_is_signed_with_what_it_is_set_against(frozen, lea):
    with pytest.raises(Refused, match="after the baseline"):
        lea.does(value.set_target, **IT, target="5", due_on=WINTER[1], reason="x")
    lea.does(value.set_target, **IT, target="5", due_on="2026-12-31", reason="agreed")
    signature, event = stream_events("value/V-1")[-2:]
    assert signature.payload["meaning"] == "set as target"
    assert event.type == "value.target.set"
    content = target_content(initiative("V-1"), "5", "2026-12-31", "agreed")
    assert digest(content) == signature.payload["content_sha256"]
    assert (content["baseline"], content["unit"]) == ("9.875", "d")


def test_target_without_a_signature_is_refused(frozen, lea):
    with pytest.raises(SignatureRefused):
        value.set_target(
            lea.by,
            command_id="command-1234",
            **IT,
            target="5",
            due_on="2026-12-31",
            reason="agreed",
        )
    assert baseline("K1").target is None
