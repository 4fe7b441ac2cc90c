"""A table of a performance page: the rows shown, the links in them, and the way to take it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.urls import reverse
from markupsafe import Markup

from daytwo.doors.web import downloads
from daytwo.doors.web.formats import known, number, when
from daytwo.doors.web.tables import Column
from daytwo.insight.kpis.calendar import at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    from daytwo.doors.web.downloads import Links

Row = TypeVar("Row")
SHOWN = 50
"""Rows on a page; all of them are in the download."""


@dataclass(frozen=True, slots=True)
class Shown(Column[Row]):
    """A column with its own way of being shown; without one its value is shown as it is.

    One of running text, `long`, keeps a width that can be read, also on a tablet.
    """

    show: Callable[[Row], Any] | None = None
    long: bool = False

    def cell(self, row: Row) -> Any:
        """Return what stands in a row's cell; `unknown` where there is nothing."""
        if self.show is not None:
            return known(self.show(row))
        value = self.value(row) if self.value is not None else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return number(value, 1 if isinstance(value, float) else None)
        return known(value)


@dataclass(frozen=True, slots=True)
class Listing:
    """A table as the template draws it.

    Args:
        name: Of the table on its page, for the address.
        title: Its heading.
        columns: Left to right; the first is the row's own heading.
        rows: Cells of the rows shown.
        total: How many rows there are.
        links: Where all of them can be had.
        empty: What is said when there is none.
    """

    name: str
    title: _StrPromise | str
    columns: tuple[Shown[Any], ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    links: Links
    empty: _StrPromise | str


@dataclass(frozen=True, slots=True)
class Table:
    """A table before it is shown: what it is called and holds."""

    name: str
    title: _StrPromise | str
    columns: tuple[Shown[Any], ...]
    rows: Sequence[Any]
    empty: _StrPromise | str
    shown: int = SHOWN

    def listing(self, request: HttpRequest) -> Listing:
        """Return the table as the template draws it."""
        cells = tuple(tuple(c.cell(row) for c in self.columns) for row in self.rows[: self.shown])
        links = downloads.links(request, self.name)
        return Listing(
            self.name, self.title, self.columns, cells, len(self.rows), links, self.empty
        )


def taken_away(request: HttpRequest, page: str, tables: Sequence[Table]) -> HttpResponse | None:
    """Return the table that the address asks for as a file, or None when it asks for the page."""
    for table in tables:
        name = f"{page}-{table.name}"
        found = downloads.answer(request, name, table.columns, table.rows, table.name)
        if found is not None:
            return found
    return None


def link(name: str, text: object, **parts: object) -> Markup:
    """Return a link to a view of this door, `<folder>.<function>`."""
    address = reverse(f"web:{name}", kwargs=parts)
    return Markup('<a href="{}">{}</a>').format(address, text)


def batch_link(batch_id: str | None) -> Markup | None:
    """Return a link to a batch, or None without one."""
    return link("batches.batch", batch_id, batch_id=batch_id) if batch_id else None


def subject_link(kpi_id: str, subject: str) -> Markup:
    """Return a link to what a KPI says of a subject, down to its events."""
    return link("kpis.explain", subject, kpi_id=kpi_id, subject=subject)


def moment(instant_us: int | None) -> datetime | None:
    """Return microseconds UTC as a time, for a file."""
    return None if instant_us is None else at(instant_us)


def shown_moment(instant_us: int | None, style: str = "minute") -> Markup | None:
    """Return microseconds UTC as the page writes a time, or None."""
    return None if instant_us is None else when(at(instant_us), style)
