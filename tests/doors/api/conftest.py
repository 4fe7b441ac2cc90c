"""Programs at the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doors.api.program import Program

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def nobody(site: Path) -> Program:
    """Return a program that shows neither token nor session."""
    return Program()
