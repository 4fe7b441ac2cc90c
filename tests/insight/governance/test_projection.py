"""Rows of governance follow from the ledger alone."""

from __future__ import annotations

from daytwo.insight.governance import commands as value
from daytwo.insight.governance.models import Initiative, Measurement
from daytwo.record.ledger.rebuild import rebuild
from tests.insight.governance.history import SPRING, WINTER, winter_and_spring

IT = {"initiative_id": "V-1"}


def test_rebuilt_rows_are_the_live_ones(site, lea, quinn):
    winter_and_spring()
    lea.does(value.state_hypothesis, **IT, title="t", kpi_id="K1")
    lea.does(value.freeze_baseline, **IT, since=WINTER[0], until=WINTER[1])
    lea.does(value.set_target, **IT, target="5", due_on="2026-12-31", reason="promised")
    lea.does(value.go_live, **IT, live_on="2026-04-01", action="x", confounders="new mix")
    lea.does(value.measure, **IT, since=SPRING[0], until=SPRING[1])
    sums = {"recurring_eur_per_year": "1", "one_off_eur": "2", "run_cost_eur_per_year": "0"}
    quinn.does(value.sign, **IT, **sums, rationale="r")
    lea.does(value.state_hypothesis, initiative_id="V-2", title="u", kpi_id="K9")
    lea.does(value.withdraw, initiative_id="V-2", reason="no")
    live = [list(m.objects.order_by("pk").values()) for m in (Initiative, Measurement)]
    assert [len(rows) for rows in live] == [2, 1]
    rebuild()
    assert [list(m.objects.order_by("pk").values()) for m in (Initiative, Measurement)] == live
    row = live[0][0]
    assert (row["state"], row["target"], row["signed_by"]) == ("signed", "5", "Quinn Meier")
