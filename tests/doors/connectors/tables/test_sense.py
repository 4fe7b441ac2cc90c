"""A mapping that fits the schema may still be senseless; each way is named where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from daytwo.doors.connectors.tables.sense import senseless
from tests.doors.connectors.sample import MAPPING, changed

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = ("files", 1)
COLUMNS = (*FILE, "columns")
RECORDS = (*FILE, "records")


def findings(text: str) -> list[tuple[str, str]]:
    return [(".".join(map(str, at)), what) for at, what in senseless(yaml.safe_load(text))]


def test_sample_makes_sense() -> None:
    assert findings(MAPPING) == []


@pytest.mark.parametrize(
    ("path", "value", "where", "what"),
    [
        (["time_zone"], "Vienna", "time_zone", "not an IANA time zone"),
        (["time_zone"], "../etc/passwd", "time_zone", "not an IANA time zone"),
        ([*FILE, "name"], "products", "files.1.name", "two files"),
        ([*FILE, "path"], "../x.csv", "files.1.path", "must stay under"),
        ([*FILE, "path"], "/etc/passwd", "files.1.path", "must stay under"),
        ([*FILE, "path"], "a\\..\\x.csv", "files.1.path", "must stay under"),
        ([*FILE, "delimiter"], ",", "files.1", "must differ"),
        ([*FILE, "thousands"], ",", "files.1", "must differ"),
        ([*FILE, "quote"], ";", "files.1", "must differ"),
        ([*FILE, "part"], "x", "files.1.part", "is one table: leave `part` out"),
        ([*FILE, "format"], "excel", "files.1", "has several tables: name one as `part`"),
        ([*FILE, "format"], "xes", "files.1.encoding", "'xes' has no encoding: leave it out"),
        ([*COLUMNS, "begun", "format"], "ISO", "columns.begun", "MON needs `months`"),
        ([*FILE, "key"], ["bach"], "files.1.key", "did you mean 'batch'"),
        ([*COLUMNS, "low"], {"headers": ["high"], "type": "number"}, "columns.high", "claimed by"),
        ([*COLUMNS, "water", "type"], "text", "columns.water.unit", "only numbers have a unit"),
        ([*COLUMNS, "lot"], {"values": "month"}, "columns.lot.values", "did you mean 'months'"),
        ([*COLUMNS, "lot"], {"format": "MM.YY"}, "columns.lot", "a date needs `format`"),
        ([*COLUMNS, "begun", "format"], "MON", "columns.begun.format", "needs YYYY"),
        ([*COLUMNS, "begun", "months"], None, "columns.begun", "MON needs `months`"),
        (["values", "months", "maj"], "13", "values.months.maj", "not a month's number"),
        ([*COLUMNS, "unread"], {}, "columns.unread", "nothing is made of it"),
        (["files", 0, "columns", "unread"], {}, "columns.unread", "nothing is made of it"),
        ([*COLUMNS, "begun", "required"], False, "records.0", "a batch is made of 'begun'"),
        ([*FILE, "lookups", "of", "file"], "batches", "lookups.of.file", "file above"),
        ([*FILE, "lookups", "of", "match"], {"title": "lot"}, "of.match", "match the whole key"),
        ([*FILE, "lookups", "of", "match"], {"product": "x"}, "of.match", "no column 'x'"),
        (["files", 0, "key"], None, "of.match", "none: declare one"),
        ([*FILE, "checks", 0, "ascending"], ["lot", "high"], "checks.0", "must be a number"),
        ([*FILE, "checks", 1, "range", "low"], "low", "range.low", "not a number"),
        ([*FILE, "checks", 1, "range", "low"], "NaN", "range.low", "not a number"),
        ([*RECORDS, 0, "id"], "{batsh}", "records.0.id", "did you mean 'batch'"),
        ([*RECORDS, 0, "id"], "{batch", "records.0.id", "brace"),
        ([*RECORDS, 0, "product_name"], "{off.title}", "records.0.product_name", "no lookup"),
        ([*RECORDS, 0, "product_name"], "{of.titel}", "records.0", "did you mean 'of.title'"),
        ([*RECORDS, 0, "started"], "lot", "records.0.started", "must be a date"),
        ([*RECORDS, 0, "size"], "low", "records.0.size", "none of the record's units"),
        ([*RECORDS, 0, "size"], "lot", "records.0.size", "must be a number"),
        ([*RECORDS, 3, "tests"], {"watr": "Water"}, "tests.watr", "did you mean 'water'"),
        ([*RECORDS, 3, "batch"], "{batch}", "records.3", "name one of them"),
        ([*RECORDS, 3, "stage"], "final", "records.3", "incoming results belong to a lot"),
        ([*RECORDS, 4], {"make": "yields", "batch": "{batch}", "of": {"low": "x"}}, "of.low", "%"),
    ],
)
def test_what_cannot_be_meant_is_named(
    path: Sequence[str | int], value: object, where: str, what: str
) -> None:
    found = findings(changed(*path, to=value))
    assert any(where in place and what in said for place, said in found), found
