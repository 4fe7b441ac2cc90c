"""Tables to take away: the same rows and numbers in CSV and Parquet."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pyarrow.parquet as pq
from django.test import RequestFactory

from daytwo.doors.web import downloads
from daytwo.doors.web.tables import Column

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
COLUMNS = (
    Column("name", "Name", lambda r: r[0]),
    Column("days", "Days", lambda r: r[1], number=True),
    Column("at", "At", lambda r: r[2]),
    Column("", ""),
)
ROWS = [("=1+1", 1, AT), ("b", 2.5, None), (None, None, AT)]


def answer(query: str, table: str = ""):
    return downloads.answer(RequestFactory().get(f"/x/?{query}"), "t", COLUMNS, ROWS, table)


def test_page_is_no_download() -> None:
    assert answer("") is None
    assert answer("format=exe") is None


def test_csv_has_the_titles_and_no_formula() -> None:
    found = answer("format=csv")
    lines = found.content.decode().splitlines()
    assert lines[0] == "Name,Days,At"
    assert lines[1].startswith("'=1+1,1,")
    assert found["Content-Disposition"] == 'attachment; filename="t.csv"'


def test_parquet_has_types_and_unknowns() -> None:
    found = pq.read_table(BytesIO(answer("format=parquet").content))
    assert found.column_names == ["name", "days", "at"]
    assert found["days"].to_pylist() == [1.0, 2.5, None]
    assert found["at"].to_pylist() == [AT, None, AT]
    assert found["name"].to_pylist() == ["=1+1", "b", None]


def test_values_of_several_kinds_become_text() -> None:
    mixed = (Column("x", "X", lambda r: r),)
    request = RequestFactory().get("/x/?format=parquet")
    found = downloads.answer(request, "t", mixed, [1, "a", None])
    assert found is not None
    assert pq.read_table(BytesIO(found.content))["x"].to_pylist() == ["1", "a", None]


def test_one_of_several_tables_is_asked_by_its_name() -> None:
    assert answer("format=csv&table=lost") is None
    assert answer("format=csv&table=lost", "lost") is not None
    assert answer("format=csv", "lost") is None


def test_links_keep_the_filter() -> None:
    request = RequestFactory().get("/x/?product=P&by=site&by=line&format=csv&table=open")
    found = downloads.links(request, "lost")
    assert found.csv == "/x/?product=P&by=site&by=line&format=csv&table=lost"
    assert found.parquet == "/x/?product=P&by=site&by=line&format=parquet&table=lost"
    assert downloads.at("/y/", {"product": "P&Q"}).csv == "/y/?product=P%26Q&format=csv"
