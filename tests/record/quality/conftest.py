"""A completed record with one discrepancy, answered, that quality has to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.record.batches import commands as b
from tests import floor
from tests.conftest import Person

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def judged_next(made: Path) -> Path:
    """Return a site with discrepancies 1 (minor) and 2 (major) of a completed record."""
    sam, here = Person("sam"), {"batch_id": floor.BATCH}
    for number, stop in ((1, False), (2, True)):
        Person("olga").does(
            b.report_discrepancy,
            **here,
            step_id=None,
            description="tablets stick",
            stop_work=stop,
        )
        name = f"{floor.BATCH}/{number}"
        sam.does(b.answer_discrepancy, **here, discrepancy_id=name, answer="press adjusted")
    sam.does(b.complete_record, **here)
    return made
