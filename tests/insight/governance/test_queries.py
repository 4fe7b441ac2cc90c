"""Readings of governance: a frozen figure can be made again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daytwo.insight.governance import commands as value
from daytwo.insight.governance import queries
from daytwo.kernel.errors import Unknown
from daytwo.record.ledger.checkpoint import make_checkpoint
from tests.insight.governance.history import WINTER, told, winter_and_spring

PERIOD = {"since": WINTER[0], "until": WINTER[1]}


def test_figure_and_its_digest_come_out_the_same_again(site):
    winter_and_spring()
    one, two = (queries.figure("K1", 1, **PERIOD) for _ in range(2))
    assert one.subjects_sha256 == two.subjects_sha256
    assert one.value.value == 9.875
    told(datetime(2026, 2, 1, tzinfo=UTC), [3.0], "late")
    again = queries.figure("K1", 1, **PERIOD)
    assert again.subjects_sha256 != one.subjects_sha256
    assert again.ledger_seq > one.ledger_seq


def test_checkpoint_of_the_moment_is_named(site):
    assert queries.checkpoint() == (0, "")
    made = make_checkpoint(site)
    assert queries.checkpoint() == (1, made.body["root"])


def test_latest_baseline_of_each_kpi(site, lea):
    winter_and_spring()
    for number, kpi in (("V-1", "K1"), ("V-2", "K1"), ("V-3", "K1start")):
        lea.does(value.state_hypothesis, initiative_id=number, title=number, kpi_id=kpi)
    for number in ("V-1", "V-2"):
        lea.does(value.freeze_baseline, initiative_id=number, **PERIOD)
    assert {k: b.title for k, b in queries.baselines().items()} == {"K1": "V-2"}
    assert [row.initiative_id for row in queries.initiatives("K1")] == ["V-2", "V-1"]
    assert len(queries.initiatives()) == 3


def test_unknown_initiative_is_not_found(site):
    with pytest.raises(Unknown):
        queries.initiative("V-9")


def test_nothing_signed_is_worth_nothing(site):
    found = queries.benefits()
    assert (found.signed, found.recurring_eur_per_year, found.realised) == (0, 0, None)


@pytest.mark.parametrize("number", [9.875, -0.1, 1e-9, None])
def test_number_reads_back_to_the_same(number):
    assert queries.read(queries.written(number)) == number


def test_last_digits_of_a_sum_are_not_signed():
    assert queries.written(0.1 + 0.2) == queries.written(0.3) == "0.3"
    assert queries.written(6.523073963846302) == queries.written(6.523073963846304)


def test_baselines_of_a_site_or_product_stand_apart(site, lea):
    winter_and_spring()
    given = {"kpi_id": "K1", "title": "t", **PERIOD}
    assert queries.next_number("K1") == "K1-baseline-1"
    lea.does(value.freeze_baseline, initiative_id="K1-baseline-1", **given)
    lea.does(value.freeze_baseline, initiative_id="K1-baseline-2", **given, product_code="P")
    assert queries.next_number("K1") == "K1-baseline-3"
    assert queries.baselines()["K1"].initiative_id == "K1-baseline-1"
    assert queries.baselines(product_code="P")["K1"].initiative_id == "K1-baseline-2"
    assert queries.baselines(site="elsewhere") == {}
    assert [b.initiative_id for b in queries.all_frozen()] == ["K1-baseline-2", "K1-baseline-1"]


def test_initiative_without_a_baseline_has_none_frozen(site, lea):
    lea.does(value.state_hypothesis, initiative_id="V-1", title="t", kpi_id="K1")
    with pytest.raises(Unknown, match="froze no baseline"):
        queries.frozen("V-1")
