"""A table of a performance page: cells, how many are shown, links, and the whole as a file."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from daytwo.doors.web import listing
from daytwo.doors.web.listing import Shown, Table

COLUMNS = (
    Shown("name", "Name", lambda r: r[0]),
    Shown("days", "Days", lambda r: r[1], number=True),
    Shown("link", "Link", lambda r: r[0], show=lambda r: listing.batch_link(r[0])),
)


def table(rows: list[tuple[str, float | None]]) -> Table:
    return Table("slowest", "Slowest", COLUMNS, rows, "None yet.", shown=2)


def test_cells_are_shown_by_their_columns_and_nothing_is_unknown() -> None:
    made = table([("B-1", 2.26), ("B-2", None), ("B-3", 1.0)])
    found = made.listing(RequestFactory().get("/release-flow/"))
    assert found.total == 3
    assert len(found.rows) == 2
    name, days, link = found.rows[0]
    assert (name, str(days)) == ("B-1", "2.3")
    assert link == '<a href="/batches/B-1/">B-1</a>'
    assert "unknown" in str(found.rows[1][1])


def test_hostile_text_is_escaped_in_a_link() -> None:
    assert "<script>" not in listing.link("batches.batch", "<script>", batch_id="B-1")


@pytest.mark.parametrize(("query", "taken"), [("", False), ("?format=csv&table=slowest", True)])
def test_whole_table_is_taken_away_where_the_address_asks(query: str, taken: bool) -> None:
    rows = [(f"B-{n}", float(n)) for n in range(5)]
    request = RequestFactory().get(f"/release-flow/{query}")
    answer = listing.taken_away(request, "release-flow", [table(rows)])
    assert (answer is not None) == taken
    if answer is not None:
        assert len(answer.content.decode().splitlines()) == 6


def test_time_that_is_not_known_is_nothing() -> None:
    assert listing.moment(None) is None
    assert listing.shown_moment(None) is None
    assert listing.moment(0).year == 1970
