"""The tables of data quality: letters, systems, coverage, reasons, imports, clock, rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from daytwo.doors.web.data_quality.wording import MEANINGS, words_of
from daytwo.doors.web.formats import number, when
from daytwo.doors.web.labels import label
from daytwo.doors.web.listing import Shown, Table, batch_link, link, moment, shown_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daytwo.insight.kpis.coverage import Coverage
    from daytwo.insight.kpis.integrity import Drift, Found, Tally
    from daytwo.record.ledger.models import ImportRun

_FEW = 20
"""Lines shown of what gets less important downwards; all are in the download."""
SystemRow = tuple["Tally", str, int, int]
Reason = tuple[str, bool, int, tuple[str, ...]]


def tables(
    found: Sequence[Tally], imports: Sequence[ImportRun], drifts: Sequence[Drift], *, audit: bool
) -> tuple[Table, ...]:
    """Return the tables of the page but for coverage, which comes later.

    Args:
        found: What the checks found.
        imports: Runs of imports, the latest first.
        drifts: Jumps of the clock.
        audit: Whether the reader may open events in the trail.
    """
    letters = [t for t in found if t.check.letter]
    times = [t for t in found if not t.check.letter]
    return (
        Table(
            "letters",
            _("What breaks data integrity, by principle (ALCOA+)"),
            _LETTERS,
            letters,
            _("No check."),
            60,
        ),
        Table(
            "systems",
            _("The same, by the system it came from"),
            _SYSTEMS,
            _rows(letters),
            _("Nothing breaks a principle in this period."),
            60,
        ),
        Table(
            "times",
            _("Times that are missing, by the system they should come from"),
            _SYSTEMS,
            _rows(times),
            _("No time is missing in this period."),
            60,
        ),
        Table(
            "imports",
            _("Imports: every row accounted for"),
            _IMPORTS,
            imports,
            _("Nothing was imported yet."),
        ),
        Table(
            "clock",
            _("Jumps of the server's clock"),
            _clock(audit=audit),
            drifts,
            _("The clock watch has recorded no jump."),
        ),
    )


def coverage_tables(found: Sequence[Coverage], reasons: Sequence[Reason]) -> tuple[Table, ...]:
    """Return the tables of the KPIs' coverage."""
    return (
        Table(
            "coverage",
            _("How much of the record each KPI can count, the least first"),
            _COVERAGE,
            found,
            _("There is no KPI."),
            _FEW,
        ),
        Table(
            "reasons",
            _("Why something is left out"),
            _REASONS,
            reasons,
            _("Nothing is left out."),
            _FEW,
        ),
    )


def rows_table(found: Sequence[Found], *, audit: bool) -> Table:
    """Return the table of the rows that break a check."""
    columns: tuple[Shown[Found], ...] = (
        Shown("row", _("What"), lambda f: f.subject),
        Shown("batch", _("Batch"), lambda f: f.batch_id, show=lambda f: batch_link(f.batch_id)),
        Shown("system", _("Source system"), lambda f: f.system, show=lambda f: f.system),
        Shown("at", _("When"), lambda f: moment(f.at_us), show=lambda f: shown_moment(f.at_us)),
        Shown(
            "first",
            _("First event"),
            lambda f: f.seq_first,
            number=True,
            show=lambda f: event(f.seq_first, audit=audit),
        ),
        Shown(
            "last",
            _("Last event"),
            lambda f: f.seq_last,
            number=True,
            show=lambda f: event(f.seq_last, audit=audit),
        ),
    )
    return Table(
        "rows",
        _("Records, the latest first"),
        columns,
        found,
        _("No record breaks it in this period."),
        200,
    )


def event(seq: int, *, audit: bool) -> Any:
    """Return an event's number, as a link for those who may read the trail."""
    return link("trail.event", seq, seq=seq) if audit else seq


def _rows(found: Sequence[Tally]) -> list[SystemRow]:
    rows = [(t, name, of, broken) for t in found for name, of, broken in t.systems if broken]
    return sorted(rows, key=lambda row: (-row[3], row[0].check.id, row[1]))


def _check(t: Tally) -> Markup:
    address = reverse("web:data_quality.rows", kwargs={"check_id": t.check.id})
    return Markup('<a href="{}">{}</a>').format(address, words_of(t.check))


def _principle(t: Tally) -> Markup:
    meaning = MEANINGS.get(t.check.letter, "")
    return Markup('{}<div class="muted small">{}</div>').format(label(t.check.letter), meaning)


def _share(t: Tally) -> float | None:
    return t.share


_LETTERS: tuple[Shown[Tally], ...] = (
    Shown("letter", _("Principle"), lambda t: t.check.letter, show=_principle),
    Shown("check", _("What breaks it"), lambda t: t.check.words, show=_check, long=True),
    Shown("broken", _("Found"), lambda t: t.broken, number=True),
    Shown("of", _("Looked at"), lambda t: t.of, number=True),
    Shown(
        "share",
        _("Share, %"),
        _share,
        number=True,
        show=lambda t: None if t.share is None else number(t.share, 2),
    ),
    Shown(
        "system",
        _("Most from"),
        lambda t: t.systems[0][0] if t.broken else None,
        show=lambda t: t.systems[0][0] if t.broken else now_("none"),
    ),
)

_SYSTEMS: tuple[Shown[SystemRow], ...] = (
    Shown("check", _("What"), lambda r: r[0].check.words, show=lambda r: _check(r[0]), long=True),
    Shown("system", _("Source system"), lambda r: r[1]),
    Shown("broken", _("Found"), lambda r: r[3], number=True),
    Shown("of", _("Looked at"), lambda r: r[2], number=True),
    Shown("share", _("Share, %"), lambda r: 100 * r[3] / r[2], number=True),
)


def _reasons(c: Coverage) -> str:
    return "; ".join(f"{why} ({n})" for why, n, _lacks in c.excluded)


_COVERAGE: tuple[Shown[Coverage], ...] = (
    Shown(
        "kpi",
        _("KPI"),
        lambda c: c.of.id,
        show=lambda c: link("kpis.kpi", f"{c.of.id} {c.of.name}", kpi_id=c.of.id),
        long=True,
    ),
    Shown(
        "coverage",
        _("Coverage, %"),
        lambda c: None if c.coverage is None else 100 * c.coverage,
        number=True,
    ),
    Shown("counted", _("Counted"), lambda c: c.counted, number=True),
    Shown("missing", _("Left out: data missing"), lambda c: c.missing, number=True),
    Shown("open", _("Still open"), lambda c: c.open, number=True),
    Shown("undated", _("Without a date"), lambda c: c.undated, number=True),
    Shown(
        "excluded",
        _("Left out, and why"),
        lambda c: _reasons(c) or None,
        show=lambda c: _reasons(c) or now_("nothing"),
        long=True,
    ),
)

_REASONS: tuple[Shown[Reason], ...] = (
    Shown("why", _("Reason"), lambda r: r[0], long=True),
    Shown(
        "lacks",
        _("Kind"),
        lambda r: r[1],
        show=lambda r: now_("data is missing") if r[1] else now_("by definition"),
    ),
    Shown("n", _("How often, over all KPIs"), lambda r: r[2], number=True),
    Shown("kpis", _("KPIs"), lambda r: " ".join(r[3]), long=True),
)

_IMPORTS: tuple[Shown[ImportRun], ...] = (
    Shown("at", _("Run"), lambda r: r.at, show=lambda r: when(r.at)),
    Shown("system", _("System"), lambda r: r.system),
    Shown("mapping", _("Mapping"), lambda r: r.mapping),
    Shown("read", _("Rows read"), lambda r: r.read, number=True),
    Shown("made", _("Made"), lambda r: r.made, number=True),
    Shown("already", _("There already"), lambda r: r.already, number=True),
    Shown("passed_over", _("Passed over"), lambda r: r.passed_over, number=True),
    Shown("rows", _("Rows set aside"), lambda r: r.rows_set_aside, number=True),
    Shown("fields", _("Cells set aside: not legible"), lambda r: r.fields_set_aside, number=True),
)


def _clock(*, audit: bool) -> tuple[Shown[Drift], ...]:
    return (
        Shown("at", _("When"), lambda d: d.at, show=lambda d: when(d.at, "second")),
        Shown("drift", _("Jump, ms"), lambda d: d.drift_ms, number=True),
        Shown(
            "event",
            _("Event"),
            lambda d: d.seq,
            number=True,
            show=lambda d: event(d.seq, audit=audit),
        ),
    )
