"""`daytwo refresh`: says where there is no site; the rest is in `test_facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.doors.conftest import daytwo

if TYPE_CHECKING:
    from pathlib import Path


def test_refresh_of_no_site_is_refused(tmp_path: Path) -> None:
    found = daytwo("refresh", "--data", str(tmp_path / "nothing"), check=False)
    assert found.returncode == 1
    assert "daytwo init" in found.stderr
    assert not (tmp_path / "nothing").exists()
