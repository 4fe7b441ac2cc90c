"""What is left out is left out with a reason, and nothing of the catalogue is forgotten."""

from __future__ import annotations

import re

from daytwo.insight.kpis.definition import all_definitions
from daytwo.insight.kpis.notyet import NOT_YET

ELSEWHERE = {35: "realised benefit: governance"}


def test_every_kpi_of_the_catalogue_is_defined_or_said_to_be_missing():
    defined = {int(re.search(r"\d+", d.id)[0]) for d in all_definitions()}
    told = {int(re.search(r"\d+", key)[0]) for key in NOT_YET}
    assert defined | told | set(ELSEWHERE) == set(range(1, 37))


def test_reasons_are_sentences():
    assert all(name and why.endswith(".") for name, why in NOT_YET.values())
