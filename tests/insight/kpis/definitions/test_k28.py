"""K28 by hand: deviations of the first ten batches of a version."""

from __future__ import annotations

from daytwo.insight.kpis.definition import definition
from daytwo.insight.kpis.evaluate import evaluate
from tests.insight.kpis.plant import day, facts


def batches(version, number, deviations):
    return [
        {
            "batch_id": f"V{version}-{i}",
            "mbr_id": "M",
            "mbr_version": version,
            "product_code": "P",
            "started_us": day(version * 30 + i),
            "deviations": deviations(i),
        }
        for i in range(number)
    ]


def test_first_ten_batches_of_a_version_count():
    rows = batches(1, 12, lambda _: 5)
    rows += batches(2, 12, lambda i: 1 if i in {0, 9, 10} else 0)
    rows += batches(3, 9, lambda _: 1)
    found = evaluate(definition("K28"), facts(batch=rows))
    assert (found.value, found.n, found.open) == (2, 1, 1)
    assert dict(found.excluded) == {"first version: no change": 1}
