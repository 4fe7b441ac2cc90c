"""Any table of a page to take away: as CSV for a spreadsheet, as Parquet for a program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from daytwo.doors.web import tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMATS = ("csv", "parquet")


@dataclass(frozen=True, slots=True)
class Links:
    """Where a table can be had."""

    csv: str
    parquet: str


def links(request: HttpRequest, table: str = "") -> Links:
    """Return the addresses of a table of this page, with the reader's filter kept.

    Args:
        request: The page's.
        table: Its name, when the page has more than one.
    """
    return at(request.path, dict(request.GET.lists()), table)


def at(path: str, query: Mapping[str, str | Sequence[str]], table: str = "") -> Links:
    """Return the addresses of a table of the page at an address; see `links`."""
    kept = {name: value for name, value in query.items() if name not in {"format", "table"}}
    named = {"table": table} if table else {}
    return Links(
        *(f"{path}?{urlencode({**kept, 'format': kind, **named}, doseq=True)}" for kind in FORMATS)
    )


def answer(
    request: HttpRequest,
    name: str,
    columns: Sequence[tables.Column[Any]],
    rows: Sequence[Any],
    table: str = "",
) -> HttpResponse | None:
    """Return a table in the format that the address asks for, or None when it asks for a page.

    Args:
        request: Its `format` is `csv` or `parquet`; its `table` names the table.
        name: Name of the file, without its ending.
        columns: Those with a value; the CSV has their titles, Parquet their keys.
        rows: The rows as shown, in their order.
        table: Name of this table on its page.
    """
    kind = request.GET.get("format")
    if kind not in FORMATS or request.GET.get("table", "") != table:
        return None
    kept = [column for column in columns if column.value is not None]
    if kind == "csv":
        return tables.csv_answer(name, kept, rows)
    return HttpResponse(
        _parquet(kept, rows),
        content_type="application/vnd.apache.parquet",
        headers={"Content-Disposition": f'attachment; filename="{name}.parquet"'},
    )


def _parquet(columns: Sequence[tables.Column[Any]], rows: Sequence[Any]) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - only for those who take a table away
    import pyarrow.parquet as pq  # noqa: PLC0415 - likewise

    arrays = {column.key: pa.array(_plain(column, rows)) for column in columns}
    buffer = BytesIO()
    pq.write_table(pa.table(arrays), buffer)
    return buffer.getvalue()


def _plain(column: tables.Column[Any], rows: Sequence[Any]) -> list[Any]:
    """Return a column's values of one type; text where they are of several."""
    values = [column.value(row) if column.value else None for row in rows]
    known = {type(value) for value in values if value is not None}
    if known <= {int, float} and len(known) > 1:
        return [None if value is None else float(value) for value in values]
    if len(known) > 1 or not known <= {bool, int, float, str, date, datetime}:
        return [None if value is None else str(value) for value in values]
    return values
