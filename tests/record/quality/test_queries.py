"""Readings of quality: what is judged, what is open, and what was signed."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Unknown
from daytwo.record.batches import queries as q
from daytwo.record.quality import queries
from tests import floor
from tests.record.quality.test_commands import classify, close

BATCH = floor.BATCH


def test_judged_and_unjudged_are_told_apart(judged_next, quinn):
    assert [d.number for d in queries.unclassified(BATCH)] == [1, 2]
    classify(quinn)
    assert [d.number for d in queries.unclassified(BATCH)] == [2]
    [(name, row)] = queries.classifications(BATCH).items()
    assert (name, row.route, row.by_name) == (f"{BATCH}/1", "comment", "Quinn Meier")


def test_open_deviations_are_found_until_closed(judged_next, quinn, quentin):
    assert queries.deviations(BATCH) == []
    classify(quinn, 2, "deviation", "major")
    assert [d.id for d in queries.deviations(open_only=True)] == [f"D-{BATCH}-2"]
    close(quentin)
    assert queries.deviations(BATCH, open_only=True) == []
    assert [d.id for d in queries.deviations(BATCH)] == [f"D-{BATCH}-2"]
    assert queries.deviations("B-9") == []
    with pytest.raises(Unknown, match="D-9"):
        queries.deviation("D-9")


@pytest.mark.requirement("R16")
def test_what_is_signed_changes_with_any_part_of_a_judgement(judged_next, quinn, quentin):
    row = q.discrepancies(BATCH)[0]
    parts = ["comment", "seen", ""]
    whole = queries.classification_content(row, *parts)
    for place, other in enumerate(["exception", "looked at", "minor"]):
        changed = queries.classification_content(row, *parts[:place], other, *parts[place + 1 :])
        assert changed != whole
    classify(quinn, 2, "deviation", "major")
    close(quentin)
    found = queries.quality_digests(BATCH)
    assert set(found) == {"classification/2", f"deviation/D-{BATCH}-2"}
    assert set(queries.quality_digests(BATCH, until="2000")) == {"classification/2"}
