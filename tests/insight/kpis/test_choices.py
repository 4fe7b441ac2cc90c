"""What figures can be narrowed to."""

from __future__ import annotations

from daytwo.insight.kpis.choices import choices
from tests.insight.kpis.plant import facts


def test_sites_products_and_lines_are_those_of_the_batches():
    rows = [
        {"batch_id": "1", "site": "S", "product_code": "P", "product_name": "Pills", "line": "L2"},
        {"batch_id": "2", "site": "S", "product_code": "P", "product_name": "Pills", "line": "L1"},
        {"batch_id": "3", "site": "T", "product_code": "Q", "line": None},
    ]
    found = choices(facts(batch=rows).engine)
    assert found.site == (("S", ""), ("T", ""))
    assert found.product == (("P", "Pills"), ("Q", ""))
    assert found.line == (("L1", ""), ("L2", ""))


def test_empty_plant_has_nothing_to_choose():
    found = choices(facts(batch=[]).engine)
    assert (found.site, found.product, found.line) == ((), (), ())
