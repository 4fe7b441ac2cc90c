"""The start: each person begins where their work is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("olga", "/live/"),
        ("sam", "/live/"),
        ("quinn", "/release/"),
        ("paula", "/release/"),
        ("ada", "/people/"),
        ("aron", "/masters/"),
        ("lea", "/leadership/"),
        ("ivo", "/imports/"),
        ("stan", "/account/"),
    ],
)
def test_start_is_where_the_work_is(who: str, where: str, site: Path) -> None:
    assert signed_in(who).get("/")["Location"] == where
