from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.http import UnreadablePostError
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from daytwo.doors.api.bodies import DEPTH_MOST, HeldBody, check_signs, read_body
from daytwo.doors.api.failures import DoorRefused

if TYPE_CHECKING:
    from django.http import HttpRequest

keepable = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=20)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | keepable,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keepable, inner, max_size=4),
    max_leaves=20,
)


def request_with(body: bytes) -> HttpRequest:
    return RequestFactory().generic("POST", "/api/v1/x", body, content_type="application/json")


def refusal(body: bytes) -> DoorRefused:
    with pytest.raises(DoorRefused) as caught:
        read_body(request_with(body))
    return caught.value


@given(trees)
def test_json_of_plain_values_is_read_as_it_is(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert read_body(request_with(text.encode())) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"a": 1,}',
        b"{'a': 1}",
        b"\xff\xfe{\x00}\x00",
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": "\u00e9"}'.encode("latin-1"),
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"b": {"a": 1, "a": 1}}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * (DEPTH_MOST + 1) + b"]" * (DEPTH_MOST + 1),
        b"\x1f\x8b\x08\x00",
        b"person=sam&password=x",
    ],
    ids=range(19),
)
def test_body_that_others_could_read_otherwise_is_refused(body: bytes) -> None:
    error = refusal(body)
    assert (error.status, error.code) == (400, "api.malformed")


def test_deepest_allowed_body_is_read() -> None:
    assert read_body(request_with(b"[" * DEPTH_MOST + b"]" * DEPTH_MOST))


@pytest.mark.parametrize(
    "sign", ["\\u0000", "\\u001b", "\\u007f", "\\ud800", "\\udc00x", "\\uffff"]
)
def test_signs_that_no_record_can_keep_are_refused_by_name(sign: str) -> None:
    for body, name in (
        (f'{{"entry": {{"value": "a{sign}"}}}}', "entry.value"),
        (f'{{"rows": ["ok", "{sign}"]}}', "rows.1"),
        (f'{{"x{sign}": 1}}', "x?"),
        (f'"{sign}"', "body"),
    ):
        error = refusal(body.encode())
        assert (error.status, error.code) == (422, "api.signs")
        assert error.info["fields"][0]["field"].startswith(name)
        json.dumps(error.info, ensure_ascii=False).encode()


def test_tabs_and_line_ends_and_every_script_are_kept() -> None:
    check_signs("text", "tab\t line\r\n \u00e9 \u0416 \u4e2d \U0001d518 \u202e")


def test_body_is_read_once_and_given_to_ninja() -> None:
    request = request_with(b'{"a": 1}')
    first = read_body(request)
    assert HeldBody().parse_body(request) is first


def test_length_that_is_no_number_is_refused() -> None:
    request = RequestFactory().post("/x", b"{}", content_type="application/json")
    request.META["CONTENT_LENGTH"] = "two"
    with pytest.raises(DoorRefused) as caught:
        read_body(request)
    assert caught.value.status == 400


def test_body_that_breaks_off_is_refused() -> None:
    class Broken:
        def read(self, *_: object) -> bytes:
            raise UnreadablePostError

        def close(self) -> None:
            pass

    request = request_with(b"{}")
    request._stream = Broken()
    with pytest.raises(DoorRefused) as caught:
        read_body(request)
    assert caught.value.status == 400
