"""The audit trail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from daytwo.record.access.commands import save_mapping
from daytwo.record.batches.events import BatchImported
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.reading import last_seq, stream_events
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Person


def rows(query: str) -> list[str]:
    text = signed_in("luis").get(f"/trail/?{query}").content.decode()
    return re.findall(r'<a href="/trail/(\d+)/">', text)


@pytest.mark.requirement("R08")
def test_trail_is_searched_by_who_what_when_and_why(walked: Path) -> None:
    assert rows("actor=olga&type=batch.step.claimed")
    assert rows("stream=batch/B-3&type=batch.planned")
    assert rows("reason=cast&type=access.role")
    assert rows("since=2000-01-01&until=2099-01-01")
    assert rows("since=2099-01-01") == []
    assert rows("actor=nobody") == []


@pytest.mark.requirement("R08")
def test_trail_is_sorted_by_any_of_them(walked: Path) -> None:
    ascending = [int(n) for n in rows("sort=seq")]
    descending = [int(n) for n in rows("sort=-seq")]
    assert ascending == sorted(ascending)
    assert descending[0] == last_seq()
    assert rows("sort=actor_id")
    assert rows("sort=payload") == rows("")


def test_trail_goes_on_to_the_next_page(walked: Path) -> None:
    first, second = rows("sort=seq"), rows("sort=seq&page=1")
    assert len(first) == 100
    assert int(second[0]) == int(first[-1]) + 1


def test_nonsense_is_no_fault(walked: Path) -> None:
    client = signed_in("luis")
    for query in ("since=x&until=9999-12-31", "page=-1", "sort=%27", "stream=%25_!"):
        assert client.get(f"/trail/?{query}").status_code == 200, query
    for seq in ("0", "99999999", "9" * 30):
        assert client.get(f"/trail/{seq}/").status_code == 404


@pytest.mark.requirement("R06")
def test_event_shows_its_whole_envelope(walked: Path) -> None:
    event = stream_events("batch/B-1")[0]
    text = signed_in("luis").get(f"/trail/{event.seq}/").content.decode()
    for part in (event.hash, event.prev_hash, event.command_id, event.actor.name, "batch/B-1"):
        assert part in text
    assert "Metoprolol" in text


def test_imported_event_leads_back_to_its_row_and_mapping(site: Path, ivo: Person) -> None:
    event = BatchImported("B-9", "P", "Pills", "5 mg", None, "2024-01", "month", "released")
    ref = {"file": "<b>.csv", "row": 7, "field": "", "mapping": "north v2", "site": "n"}
    intent = Intent(
        "import-1",
        "import.batch",
        "",
        Actor("ivo", "Ivo", "integrator"),
        Origin("import", "old-mes", ref),
    )
    receipt = transact(intent, lambda: [Pending("batch/B-9", event)])
    path = f"/trail/{receipt.events[0].seq}/"
    text = signed_in("luis").get(path).content.decode()
    assert "&lt;b&gt;.csv, row 7" in text
    assert "/imports/mappings/north/2/" not in text
    ivo.does(save_mapping, mapping_id="north", version=2, title="N", text="version: 2\n")
    assert "/imports/mappings/north/2/" in signed_in("luis").get(path).content.decode()
