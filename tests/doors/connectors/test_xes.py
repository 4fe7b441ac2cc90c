"""XES logs: every event and trace with its attributes, in file order; the real ones whole."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.xes import format as module
from daytwo.doors.connectors.xes.format import FORMAT, parts, rows

if TYPE_CHECKING:
    from pathlib import Path

    from daytwo.doors.connectors.tables.rows import RawRow

TIME = "<date key='time:timestamp' value='2024-05-{}T10:00:00Z'/>"
EVENT = "<event><string key='concept:name' value='{}'/>" + TIME + "</event>"


def log(*traces: str, head: str = "") -> str:
    return f"<log xmlns='http://www.xes-standard.org/'>\n{head}{''.join(traces)}</log>"


def read(folder: Path, text: str, part: str = "events") -> list[RawRow]:
    path = folder / "log.xes"
    path.write_text(text, encoding="utf-8")
    return [*rows(path, SimpleNamespace(part=part))]


def named(found: list[RawRow]) -> list[dict[str, str]]:
    header, *rest = found
    return [dict(zip(header.cells, row.cells, strict=True)) for row in rest]


def refused(folder: Path, text: str) -> str:
    with pytest.raises(Misfit) as error:
        read(folder, text)
    return str(error.value)


def test_events_know_their_trace_their_place_and_the_last(tmp_path: Path) -> None:
    trace = "<trace><string key='concept:name' value='C{}'/>{}</trace>"
    text = log(
        trace.format(1, EVENT.format("a", "01") + EVENT.format("b", "02")),
        trace.format(2, EVENT.format("c", "03")),
        "<trace><string key='late' value='x'/></trace>",
        EVENT.format("outside", "04"),
        head="<extension name='Time'/><global scope='event'><string key='g' value='?'/></global>"
        "<float key='of the log' value='1'><int key='inner' value='2'/></float>",
    )
    found = named(read(tmp_path, text))
    assert [*found[0]] == [
        "case:concept:name",
        "case:late",
        "concept:name",
        "time:timestamp",
        "index",
        "last",
    ]
    assert [(r["case:concept:name"], r["concept:name"], r["index"], r["last"]) for r in found] == [
        ("C1", "a", "1", "no"),
        ("C1", "b", "2", "yes"),
        ("C2", "c", "1", "yes"),
        ("", "outside", "", ""),
    ]


def test_cases_have_their_events_counted_and_their_span(tmp_path: Path) -> None:
    late = "<event><date key='time:timestamp' value='2024-05-01T11:30:00+02:00'/></event>"
    text = log(
        f"<trace><string key='events' value='own'/>{EVENT.format('a', '01')}{late}"
        "<event><date key='time:timestamp' value='soon'/></event></trace>",
        "<trace><string key='who' value='nobody'/></trace>",
    )
    assert named(read(tmp_path, text, "cases")) == [
        {
            "case:events": "own",
            "who": "",
            "events": "3",
            "first": "2024-05-01T11:30:00+02:00",
            "last": "2024-05-01T10:00:00Z",
        },
        {"case:events": "", "who": "nobody", "events": "0", "first": "", "last": ""},
    ]


def test_nested_attributes_and_lists_keep_their_path(tmp_path: Path) -> None:
    text = log(
        "<trace><event><string key='index' value='own'/><string key='cost' value='5'>"
        "<string key='currency' value='EUR'/></string><list key='lots'><values>"
        "<string key='lot' value='L1'/><string key='lot' value='L2'/></values></list>"
        "<string key='case:x' value='clash'/></event></trace>"
    )
    assert named(read(tmp_path, text)) == [
        {
            "event:index": "own",
            "cost": "5",
            "cost/currency": "EUR",
            "lots/lot": "L1|L2",
            "event:case:x": "clash",
            "index": "1",
            "last": "yes",
        }
    ]


def test_doubled_attribute_sets_its_row_aside(tmp_path: Path) -> None:
    twice = "<string key='a' value='1'/>\n<string key='a' value='2'/>"
    text = log(f"<trace><event>{twice}</event><event/></trace>", f"<trace>{twice}<event/></trace>")
    found = read(tmp_path, text)
    assert [row.fault for row in found] == [
        "",
        "has the attribute 'a' twice (line 2)",
        "",
        "has the attribute 'a' twice (line 4)",
    ]
    assert [bool(row.fault) for row in read(tmp_path, text, "cases")] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<html/>", "line 1: is no XES: it begins with <html>, not <log>"),
        (log("<trace><event><event/></event></trace>"), "line 2: <event> has no place there"),
        (log("<trace><trace/></trace>"), "<trace> has no place there"),
        (log("<trace><b/></trace>"), "<b> has no place there in XES"),
        (log("<trace><event><string value='1'/></event></trace>"), "an attribute has no key"),
        (log("<trace><event/><string key='a' value='1'/></trace>"), "stands after its events"),
        (log("<trace><event>"), "mismatched tag"),
        (f"<!DOCTYPE log>{log()}", "document type declaration"),
    ],
)
def test_what_is_no_log_is_refused_with_its_line(tmp_path: Path, text: str, why: str) -> None:
    assert why in refused(tmp_path, text)


def test_number_of_columns_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COLUMNS", 3)
    events = "".join(f"<event><int key='k{n}' value='1'/></event>" for n in range(4))
    assert "more than 3 kinds of attribute" in refused(tmp_path, log(f"<trace>{events}</trace>"))


@pytest.mark.parametrize(
    ("file", "cases", "events"),
    [("06_bpic2013_closed.xes.gz", 1487, 6660), ("08_receipt.xes.gz", 1434, 8577)],
)
def test_published_logs_are_read_whole(reference: Path, file: str, cases: int, events: int) -> None:
    path = reference / "eventlogs" / file
    assert [(part.name, part.rows) for part in parts(path)] == [
        ("events", events),
        ("cases", cases),
    ]


def test_closed_problems_have_the_published_activities(reference: Path) -> None:
    path = reference / "eventlogs" / "06_bpic2013_closed.xes.gz"
    found = named([*FORMAT.rows(path, SimpleNamespace(part="events"))])
    assert Counter(row["concept:name"] for row in found) == {
        "Accepted": 4207,
        "Completed": 1568,
        "Queued": 875,
        "Unmatched": 10,
    }
    assert sum(row["last"] == "yes" for row in found) == 1487
