"""The filter of the performance pages: site, product, line, period, and what it is set against.

It lives in the address alone, so that a page can be sent to somebody and shows them the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.http import urlencode
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web.formats import site_zone, written
from daytwo.insight.detection.board import Asked
from daytwo.insight.kpis.calendar import at, start_of, us
from daytwo.insight.kpis.choices import Choices, current_choices
from daytwo.insight.kpis.cohort import Period, Question
from daytwo.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

WEEKS = {"4w": 4, "12w": 12, "26w": 26, "52w": 52, "104w": 104}
ALL, CUSTOM = "all", "custom"
PREVIOUS, YEAR, NONE = "previous", "year", "none"
DEFAULT = "26w"
PERIODS: tuple[tuple[str, _StrPromise], ...] = (
    ("4w", _("4 weeks")),
    ("12w", _("12 weeks")),
    ("26w", _("26 weeks")),
    ("52w", _("52 weeks")),
    ("104w", _("2 years")),
    (ALL, _("everything")),
    (CUSTOM, _("from day to day")),
)
COMPARES: tuple[tuple[str, _StrPromise], ...] = (
    (PREVIOUS, _("the period before")),
    (YEAR, _("the same a year ago")),
    (NONE, _("nothing")),
)
_LONG = 200
"""Days from which a trend goes by month instead of by week."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asks for.

    Args:
        site: Only this site; empty for all.
        product: Only this product; likewise.
        line: Only this line; likewise.
        period: A key of `PERIODS`.
        since: First day, of the site; None for no bound.
        until: First day that no longer belongs to it; None for up to now.
        compare: A key of `COMPARES`.
        wrong: What of the address could not be read, in words; empty when all could.
        usual: The page's own period, when the address names none.
    """

    site: str = ""
    product: str = ""
    line: str = ""
    period: str = DEFAULT
    since: date | None = None
    until: date | None = None
    compare: str = PREVIOUS
    wrong: str = ""
    usual: str = DEFAULT

    @property
    def where(self) -> dict[str, str]:
        """The dimensions that are narrowed, by the names of the facts."""
        asked = {"site": self.site, "product_code": self.product, "line": self.line}
        return {name: value for name, value in asked.items() if value}

    @property
    def span(self) -> str:
        """What a trend goes by: weeks for short periods, months for long ones."""
        if self.since is None or (self._end - self.since).days > _LONG:
            return "month"
        return "week"

    def question(self, by: Sequence[str] = (), dimensions: Sequence[str] | None = None) -> Question:
        """Return what is asked of a KPI.

        Args:
            by: Dimensions to split by.
            dimensions: Those that the KPI's subjects have; what it cannot be narrowed to is left
                out. None leaves all in.
        """
        return Question(_period(self.since, self.until), self._heard(dimensions), tuple(by))

    def before(self, dimensions: Sequence[str] | None = None) -> Question | None:
        """Return the same question of the period it is set against; None when there is none."""
        if self.since is None or self.compare == NONE:
            return None
        length = self._end - self.since
        back = timedelta(weeks=52) if self.compare == YEAR else length
        period = _period(self.since - back, self._end - back)
        return Question(period, self._heard(dimensions))

    @property
    def asked(self) -> Asked:
        """What is asked of a board of figures."""
        before = self.before()
        return Asked(
            _period(self.since, self.until),
            None if before is None else before.period,
            tuple(self.where.items()),
            self.span,
        )

    def unheard(self, dimensions: Sequence[str]) -> tuple[str, ...]:
        """Return by what a KPI cannot be narrowed although the reader asked for it."""
        return tuple(name for name in self.where if name not in dimensions)

    def query(self, **changes: object) -> dict[str, str]:
        """Return the address's parameters, without those that say the usual."""
        parts: dict[str, object] = {
            "site": self.site,
            "product": self.product,
            "line": self.line,
            "period": "" if self.period == DEFAULT else self.period,
            "compare": "" if self.compare == PREVIOUS else self.compare,
        }
        if self.period == CUSTOM:
            parts["from"] = self.since.isoformat() if self.since else ""
            parts["to"] = (self._end - timedelta(days=1)).isoformat() if self.until else ""
        parts.update(changes)
        return {name: str(value) for name, value in parts.items() if value not in ("", None)}

    @property
    def changed(self) -> bool:
        """Whether the reader asked for anything but the page's usual."""
        parts = self.query()
        if self.period == self.usual:
            parts.pop("period", None)
        return bool(parts) or self.period != self.usual

    def href(self, address: str = "", **changes: object) -> str:
        """Return an address with this filter in it."""
        query = urlencode(self.query(**changes))
        return f"{address}?{query}" if query else address or "?"

    @property
    def words(self) -> str:
        """What is shown, in a line for the page's head and the printed pack."""
        where = [self.site or now_("all sites"), self.product, self.line]
        return " · ".join([*filter(None, where), self.period_words])

    @property
    def period_words(self) -> str:
        """The period in words."""
        last = _written(self._end - timedelta(days=1))
        if self.since is None:
            return now_("everything to %(last)s") % {"last": last}
        if self.period in WEEKS:
            return now_("%(n)s weeks to %(last)s") % {"n": WEEKS[self.period], "last": last}
        return now_("%(first)s to %(last)s") % {"first": _written(self.since), "last": last}

    @property
    def compare_words(self) -> str:
        """What it is set against, in words; empty for nothing."""
        if self.since is None or self.compare == NONE:
            return ""
        return str(dict(COMPARES)[self.compare])

    @property
    def choices(self) -> Choices:
        """What can be chosen from, on the present record."""
        return current_choices()

    @property
    def _end(self) -> date:
        return self.until or _today() + timedelta(days=1)

    def _heard(self, dimensions: Sequence[str] | None) -> dict[str, str]:
        if dimensions is None:
            return self.where
        return {name: value for name, value in self.where.items() if name in dimensions}


def of(request: HttpRequest, default: str = DEFAULT) -> Filter:
    """Return the filter that an address asks for; what cannot be read is said, not guessed.

    Args:
        request: Whose address it is.
        default: The period when the address names none.
    """
    return read(request.GET, default)


def read(asked: Mapping[str, str], default: str = DEFAULT) -> Filter:
    """Return the filter that named texts ask for, such as those of a command line; see `of`."""
    period = asked.get("period") or default
    compare = asked.get("compare") or PREVIOUS
    wrong = ""
    if period not in dict(PERIODS):
        period, wrong = default, now_("There is no such period: shown is the usual one.")
    if compare not in dict(COMPARES):
        compare = PREVIOUS
    since, until = _days(period)
    if period == CUSTOM:
        since, last = _day(asked.get("from", "")), _day(asked.get("to", ""))
        until = last + timedelta(days=1) if last else None
        unread = (asked.get("from") and not since) or (asked.get("to") and not last)
        if unread or (since and until and since >= until):
            wrong = now_("These days make no period: write them as year-month-day, first to last.")
            period, (since, until) = default, _days(default)
    site, product, line = (asked.get(name, "").strip() for name in ("site", "product", "line"))
    return Filter(site, product, line, period, since, until, compare, wrong, default)


def _days(period: str) -> tuple[date | None, date | None]:
    if period not in WEEKS:
        return None, None
    return _today() + timedelta(days=1) - timedelta(weeks=WEEKS[period]), None


def _today() -> date:
    return at(us(clock.now()), site_zone().key).date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _period(since: date | None, until: date | None) -> Period:
    zone = site_zone().key
    return Period(
        None if since is None else start_of(since, zone),
        None if until is None else start_of(until, zone),
    )


def _written(day: date) -> str:
    return written(datetime(day.year, day.month, day.day, tzinfo=site_zone()), "day")
