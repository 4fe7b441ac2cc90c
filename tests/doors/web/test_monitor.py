"""The process monitor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def imported(site: Path, reference: Path) -> Path:
    from daytwo.doors.connectors.run import run_import
    from daytwo.record.ledger.envelope import Actor

    mapping = next((p for p in _mappings() if p.stem == "tablets"), None)
    if mapping is None:
        pytest.skip("the mapping of the tablets is not where it was")
    run_import(mapping, reference / "tablets", Actor("ivo", "Ivo Kunz", "integrator"))
    return reference


def _mappings() -> list[Path]:
    from pathlib import Path as Folder

    import daytwo

    return list(Folder(daytwo.__file__).parent.rglob("*.yaml"))


def test_limits_of_the_dissolution_are_those_of_the_reference(imported: Path) -> None:
    expected = json.loads((imported / "spc" / "expected_limits_and_rules.json").read_text())
    text = signed_in("lea").get("/monitor/?product=3").content.decode()
    found = json.dumps(expected)
    assert "Dissolution, average" in text
    assert "Yield, batch" in text
    for shown in ("88.134", "81.776", "94.493"):
        assert shown in text
        assert shown[:4] in found


def test_value_is_chosen_in_the_address(imported: Path) -> None:
    text = signed_in("lea").get("/monitor/?product=25&name=tbl_av_hardness").content.decode()
    assert text.count("<figure") == 1
    assert 'value="tbl_av_hardness" selected' in text


def test_nonsense_in_the_address_is_no_fault(walked: Path) -> None:
    client = signed_in("lea")
    for query in ("product=none", "name=none", "product=MET-50&name=%27"):
        assert client.get(f"/monitor/?{query}").status_code == 200


def test_site_without_batches_says_what_to_do(site: Path) -> None:
    text = signed_in("lea").get("/monitor/").content.decode()
    assert "No batch of this product reports a value yet." in text
