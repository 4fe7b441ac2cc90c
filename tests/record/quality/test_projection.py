"""Rows of quality follow from the ledger alone."""

from __future__ import annotations

from daytwo.record.ledger.rebuild import compare, rebuild
from daytwo.record.quality.projection import quality
from tests.record.quality.test_commands import classify, close


def test_rebuilt_rows_are_the_live_ones(judged_next, quinn, quentin):
    classify(quinn)
    classify(quinn, 2, "deviation", "major")
    assert compare().equal
    close(quentin)
    assert compare().equal
    live = [list(model.objects.order_by("pk").values_list()) for model in quality.models]
    rebuild()
    assert [list(m.objects.order_by("pk").values_list()) for m in quality.models] == live
    assert [len(rows) for rows in live] == [2, 1, 0, 0, 0]
