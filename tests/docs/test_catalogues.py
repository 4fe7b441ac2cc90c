"""The committed catalogues are those that the code gives."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.doors.conftest import daytwo
from tests.house.tree import ROOT

NAMES = ("events.md", "permissions.md", "states.md", "facts.md", "kpis.md")


@cache
def made() -> dict[str, str]:
    """Make the catalogues in a process of their own: other tests register things too."""
    pages: dict[str, str] = json.loads(daytwo("catalogue", "--json").stdout)["pages"]
    return pages


@pytest.mark.parametrize("name", NAMES)
def test_committed_catalogue_is_the_generated_one(name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == made()[name], "run: daytwo catalogue --write docs"


def test_every_catalogue_is_committed() -> None:
    assert set(made()) == set(NAMES)
