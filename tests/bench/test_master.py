from __future__ import annotations

import pytest

from bench import master
from daytwo.record.recipes.analysis import analyse
from daytwo.record.recipes.document import load
from daytwo.record.recipes.enums import SignatureNeed
from daytwo.record.recipes.issues import errors_in


@pytest.mark.parametrize("signed", [True, False])
def test_master_of_the_measurement_can_be_submitted(signed: bool) -> None:
    record = load(master.text(master.UNSIGNED, signed=signed))
    assert errors_in(analyse(record)) == ()
    measured = [placed.step for placed in record.steps()[: master.STEPS]]
    needs = {step.signatures for step in measured}
    assert needs == {SignatureNeed.PERFORMED if signed else SignatureNeed.NONE}
    assert measured[0].id == master.step_id(1)
