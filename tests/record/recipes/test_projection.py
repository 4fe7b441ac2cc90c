"""Rows of masters follow from the ledger alone, through a whole life cycle."""

from __future__ import annotations

from daytwo.record.ledger.rebuild import compare, rebuild
from daytwo.record.recipes import commands as r
from daytwo.record.recipes.projection import recipes
from daytwo.record.recipes.queries import version
from tests import floor
from tests.record.recipes.example import TEXT, changed

ONE = {"mbr_id": floor.MASTER.id, "number": 1}
TWO = {"mbr_id": floor.MASTER.id, "number": 2}


def test_rebuilt_rows_are_the_live_ones(site, aron, sam, quinn):
    other = changed(lambda _, steps: steps["CMP-060"].update(title="Weight"))
    aron.does(r.draft, mbr_id=ONE["mbr_id"], yaml=TEXT, reason="first version")
    aron.does(r.submit, **ONE)
    sam.does(r.return_version, **ONE, reason="unclear")
    aron.does(r.draft, mbr_id=ONE["mbr_id"], yaml=other, reason="")
    for number in (ONE, TWO):
        aron.does(r.submit, **number)
        quinn.does(r.approve, **number)
        assert compare().equal
        sam.does(r.check, **number)
        if number is ONE:
            aron.does(r.draft, mbr_id=ONE["mbr_id"], yaml=TEXT, reason="as it was")
    live = [list(model.objects.order_by("pk").values_list()) for model in recipes.models]
    assert compare().equal
    rebuild()
    assert [list(m.objects.order_by("pk").values_list()) for m in recipes.models] == live
    row = version(ONE["mbr_id"], 1)
    assert (row.status, row.approval_round, row.return_reason) == ("superseded", 2, "unclear")
    assert row.product_name == floor.MASTER.header.product.name
