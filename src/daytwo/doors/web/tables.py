"""A table as the reader asked for it: sorted and filtered by the address, and as CSV."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.utils.functional import _StrPromise

Row = TypeVar("Row")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a table.

    Args:
        key: Its name in the address.
        title: Its heading; empty for a column of buttons.
        value: The plain value of a row, for sorting, filtering and CSV; None when it has none.
        number: Set to the right.
    """

    key: str
    title: _StrPromise | str
    value: Callable[[Row], Any] | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One heading as the template draws it."""

    title: _StrPromise | str
    number: bool
    sorted: str
    href: str


@dataclass(frozen=True, slots=True)
class View(Generic[Row]):
    """The table as asked for: headings with their links, and the rows to show."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    query: str
    sort: str
    shown: int
    total: int
    csv_href: str
    href: Callable[..., str]


def view(
    request: HttpRequest,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    *,
    sort: str = "",
    total: int | None = None,
) -> View[Row]:
    """Return the rows as the address asks: `?sort=-promised&q=metoprolol`.

    Args:
        request: Whose address says the order and the filter.
        columns: The columns, left to right.
        rows: All rows; a query has already bounded their number.
        sort: The order when the address names none: a column's key, `-` for descending.
        total: How many there are, where a query gives only the first of them.
    """
    asked = request.GET.get("sort") or sort
    query = request.GET.get("q", "").strip()
    by_key = {c.key: c for c in columns if c.value is not None}
    kept = [r for r in rows if _matches(r, by_key.values(), query)] if query else list(rows)
    column = by_key.get(asked.lstrip("-"))
    if column is not None and column.value is not None:
        kept = _ordered(kept, column.value, descending=asked.startswith("-"))
    return _view(request, columns, kept, asked, total=len(rows) if total is None else total)


def arranged(
    request: HttpRequest, columns: Sequence[Column[Row]], rows: Sequence[Row], sort: str
) -> View[Row]:
    """Return rows that a query has sorted and narrowed already; headings still link to orders."""
    return _view(request, columns, rows, sort, total=len(rows))


def _view(
    request: HttpRequest,
    columns: Sequence[Column[Row]],
    rows: Sequence[Row],
    sort: str,
    *,
    total: int,
) -> View[Row]:
    return View(
        heads=tuple(_head(request, c, sort) for c in columns),
        rows=tuple(rows),
        query=request.GET.get("q", "").strip(),
        sort=request.GET.get("sort", ""),
        shown=len(rows),
        total=total,
        csv_href=_href(request, format="csv"),
        href=functools.partial(_href, request),
    )


def as_csv(
    request: HttpRequest, name: str, columns: Sequence[Column[Row]], shown: View[Row]
) -> HttpResponse | None:
    """Return the table as CSV when the address asks for it, else None.

    A cell that a spreadsheet would take for a formula is set behind an apostrophe (OWASP, CSV
    injection): the text came from people.
    """
    if request.GET.get("format") != "csv":
        return None
    return csv_answer(name, columns, shown.rows)


def csv_answer(name: str, columns: Sequence[Column[Row]], rows: Sequence[Row]) -> HttpResponse:
    """Return rows as a CSV file to take away; see `as_csv`."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    valued = [(c, c.value) for c in columns if c.value is not None]
    writer.writerow([str(c.title) for c, _ in valued])
    writer.writerows([_cell(value(row)) for _, value in valued] for row in rows)
    disposition = f'attachment; filename="{name}.csv"'
    return HttpResponse(
        buffer.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


def _ordered(rows: list[Row], value: Callable[[Row], Any], *, descending: bool) -> list[Row]:
    """Sort, with the rows of which the value is unknown last in either direction."""
    with_value = [row for row in rows if value(row) is not None]
    without = [row for row in rows if value(row) is None]
    return [*sorted(with_value, key=value, reverse=descending), *without]


def _matches(row: Row, columns: Any, query: str) -> bool:
    words = query.casefold().split()
    text = " ".join(str(c.value(row)) for c in columns).casefold()
    return all(word in text for word in words)


def _head(request: HttpRequest, column: Column[Row], asked: str) -> Head:
    if column.value is None:
        return Head(column.title, column.number, "", "")
    here = asked.lstrip("-") == column.key
    descending = asked.startswith("-")
    following = f"-{column.key}" if here and not descending else column.key
    state = ("descending" if descending else "ascending") if here else ""
    return Head(column.title, column.number, state, _href(request, sort=following))


def _href(request: HttpRequest, **changes: object) -> str:
    parts = request.GET.copy()
    parts.pop("format", None)
    for key, value in changes.items():
        parts[key] = str(value)
    return f"?{parts.urlencode()}"


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
