"""Large JSON is read entry by entry; what is broken is named with its line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.ocel import jsonstream
from daytwo.doors.connectors.ocel.jsonstream import read_sections


class Dribble:
    """Gives a few bytes at a time, whatever is asked for."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step = io.BytesIO(data), step

    def read(self, _size: int) -> bytes:
        return self.data.read(self.step)


def read(text: str | bytes, step: int = 1 << 20) -> list[tuple[str, Any]]:
    data = text.encode() if isinstance(text, str) else text
    return [*read_sections(Dribble(data, step))]


def refused(text: str | bytes, step: int = 1 << 20) -> str:
    with pytest.raises(Misfit) as error:
        read(text, step)
    return str(error.value)


TEXT = '{"a": [1, {"b": [2.50, -3e2]}, "x"], "c": [], "d": true, "e": [null]}'
FOUND = [("a", "1"), ("a", {"b": ["2.50", "-3e2"]}), ("a", "x"), ("d", True), ("e", None)]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_entries_come_whole_however_the_bytes_come(step: int) -> None:
    assert read(TEXT, step) == FOUND
    assert read(b"\xef\xbb\xbf" + TEXT.encode(), step) == FOUND


NODES = st.recursive(
    st.text() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(NODES, max_size=5), st.integers(1, 9))
def test_any_entries_are_read_as_json_reads_them(entries: list[Any], step: int) -> None:
    text = json.dumps({"events": entries}, ensure_ascii=False)
    assert read(text.encode(errors="surrogatepass"), step) == [("events", e) for e in entries]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: is cut off"),
        ("[]", "has '[' where '{' belongs"),
        ('{"a": [1,\n2', "line 2: is cut off"),
        ('{"a": [1,\n{"b": 2', "line 2: is not JSON"),
        ('{"a": [1,\n"b', "line 2: is not JSON"),
        ('{"a": [1 2]}', "has '2' where ',' belongs"),
        ('{"a": [1],}', "has no key where one belongs"),
        ('{"a": [1]} x', "goes on after its end"),
        ('{"a": [], "a": []}', "has the key 'a' twice"),
        ("{1: []}", "has no key where one belongs"),
        ('{"a" []}', "has '[' where ':' belongs"),
        ('{"a": [NaN]}', "holds NaN, which is no JSON"),
        ('{"a": [' + "[" * 100_000, "inside each other without end"),
        (b'{"a": ["\xe9"]}', "is not UTF-8 from here on: it holds the byte 0xE9"),
        ('{"a": ["x"]}'.encode("utf-16"), "is not UTF-8"),
    ],
)
def test_what_is_broken_is_named_with_its_line(text: str | bytes, why: str) -> None:
    assert why in refused(text)


def test_entry_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonstream, "LARGEST", 100_000)
    assert len(read(json.dumps({"a": ["x" * 90_000]}), 8_000)) == 1
    assert "has an entry of more than" in refused(json.dumps({"a": ["x" * 900_000]}), 8_000)
