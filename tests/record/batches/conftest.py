"""A batch with but its last step to do, in the middle of the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import floor
from tests.conftest import Person

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def made_but_last(compressing: Path) -> Path:
    """Return a batch whose last step, the yield of the batch, is due."""
    floor.do_until(Person("olga"), Person("otto"), "COT-090")
    return compressing
