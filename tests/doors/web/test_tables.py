"""Tables as the address asks for them."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from daytwo.doors.web import tables

COLUMNS = (
    tables.Column("name", "Name", lambda r: r[0]),
    tables.Column("amount", "Amount", lambda r: r[1], number=True),
    tables.Column("go", ""),
)
ROWS = [("beta", 2), ("alpha", None), ("gamma", 1)]


def view(query: str, sort: str = "") -> tables.View:
    return tables.view(RequestFactory().get(f"/x/?{query}"), COLUMNS, ROWS, sort=sort)


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("sort=name", ["alpha", "beta", "gamma"]),
        ("sort=-name", ["gamma", "beta", "alpha"]),
        ("sort=amount", ["gamma", "beta", "alpha"]),
        ("sort=-amount", ["beta", "gamma", "alpha"]),
        ("sort=nonsense", ["beta", "alpha", "gamma"]),
        ("", ["beta", "alpha", "gamma"]),
    ],
)
def test_order_is_the_address_and_unknown_comes_last(query: str, order: list[str]) -> None:
    assert [row[0] for row in view(query).rows] == order


def test_filter_wants_every_word_in_any_column() -> None:
    found = view("q=BE+2")
    assert [row[0] for row in found.rows] == ["beta"]
    assert (found.shown, found.total) == (1, 3)


def test_heading_says_its_order_and_links_to_the_next_one() -> None:
    head = view("sort=name&q=a").heads[0]
    assert head.sorted == "ascending"
    assert head.href == "?sort=-name&q=a"
    assert view("", sort="name").heads[0].sorted == "ascending"
    assert view("").heads[2].href == ""


def test_csv_has_what_is_shown_and_no_formula() -> None:
    request = RequestFactory().get("/x/?format=csv&q=a")
    rows = [("=cmd()", 1), ("a", None)]
    found = tables.view(request, COLUMNS, rows)
    answer = tables.as_csv(request, "list", COLUMNS, found)
    assert answer is not None
    assert answer.content.decode().splitlines() == ["Name,Amount", "a,"]
    everything = tables.view(RequestFactory().get("/x/"), COLUMNS, rows)
    answer = tables.as_csv(request, "list", COLUMNS, everything)
    assert answer is not None
    assert "'=cmd(),1" in answer.content.decode()
    assert tables.as_csv(RequestFactory().get("/x/"), "list", COLUMNS, found) is None


def test_arranged_rows_stay_in_their_order() -> None:
    found = tables.arranged(RequestFactory().get("/x/?sort=-name"), COLUMNS, ROWS, "-name")
    assert [row[0] for row in found.rows] == ["beta", "alpha", "gamma"]
    assert found.heads[0].sorted == "descending"
    assert found.href(page=2) == "?sort=-name&page=2"


def test_first_rows_of_more_are_not_all() -> None:
    found = tables.view(RequestFactory().get("/x/"), COLUMNS, ROWS, total=373)
    assert (found.shown, found.total) == (3, 373)
