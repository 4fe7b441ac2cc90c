"""What hostile requests are made of: texts, values, documents and headers that break things."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\uffff",
    "\x1b[2J",
    "\r\nSet-Cookie: a=b",
    "' OR 1=1 --",
    '"; DROP TABLE ledger_event; --',
    "%s %d %n %(x)s",
    "{0.__class__}",
    "{{ 7*7 }}",
    "${jndi:ldap://x}",
    "../../../etc/passwd",
    "..%2f..%2f",
    "<script>alert(1)</script>",
    "\u202e\u2066drowssap",
    "\U0001d518\U0001f9ea",
    "e\u0301" * 50,
    "A" * 101,
    "A" * 5_000,
    "\u00e9" * 70_000,
    "NaN",
    "Infinity",
    "null",
    "true",
    "-0",
    "1e309",
    "9" * 400,
    "0x10",
    "1_000",
    "\u0661\u0662",
    "2026-02-30T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "0000-00-00T00:00:00Z",
    "B-1; B-2",
    "batch/../person/ada",
    "refusal/olga",
    "__proto__",
    "constructor",
)
TEXT = st.sampled_from(TEXTS) | st.text(max_size=40)
NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**400, 1.5, -0.0, 1e308)
YAMLS = (
    "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c, *c]",
    "&a [*a]",
    "&a {b: *a}",
    "[" * 2_000,
    "{a: " * 2_000,
    "- " * 5_000 + "x",
    "!!python/object/apply:os.system ['true']",
    "!!binary aGVsbG8=",
    "a: !!timestamp 2026-13-45",
    "a: 1\na: 2",
    "<<: {a: 1}",
    "%YAML 9.9\n---\na",
    "--- a\n--- b",
    "\tx: y",
    "? [a, b]\n: c",
    "id: 1e999999999",
    "id: 0b1",
    "id: 190:20:30",
    "a: |\n" + " x\n" * 20_000,
    "\ufeffa: 1",
    "a: '\n",
    "x" * 200_000,
)
RAW = (
    b"",
    b" ",
    b"null",
    b"[]",
    b'""',
    b"0",
    b"{",
    b"[" * 50_000,
    b'{"a":' * 50_000,
    b'{"a": 1, "a": 2}',
    b'{"a": NaN}',
    b'{"a": ' + b"9" * 10_000 + b"}",
    b'{"a": 1e99999}',
    b'{"a": "\\ud800"}',
    b'{"a": "\xff\xfe"}',
    b'{"\\u0000": 1}',
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--",
    b"a=1&b=2",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
)
CONTENT_TYPES = (
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=none-such",
    "application/json;;;=",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    "\u00ff/\u00fe",
    "",
)
HEADERS = (
    (
        "Authorization",
        ("", "Bearer", "Bearer \u00e9", "Bearer " + "x" * 9_000, "Basic AAAA", "\u00ff"),
    ),
    (
        "Cookie",
        ('daytwo="\\000abcdefgh"', "daytwo=" + "x" * 5_000, "csrftoken=\u00ff", "=;=;;,", "a"),
    ),
    ("X-CSRFToken", ("", "x" * 64, "\u00ff" * 32)),
    ("Idempotency-Key", ("", "short", "x" * 200, "\u00ff" * 10, "a b c d e f")),
    ("Accept-Language", ("\u00ff", "x" * 3_000, "en;q=nan", "*;q=9e99", ",,,,", "de-" * 500)),
    ("Accept", ("text/html", "\u00ff", "application/xml;q=1e309")),
    ("Accept-Encoding", ("gzip;q=x", "\u00ff")),
    ("Content-Length", ("-1", "two", "0", "1", "99999999999999999999")),
    ("Origin", ("null", "https://evil.example", "\u00ff", "http://[")),
    ("Referer", ("http://[", "\u00ff", "https://localhost:99999/")),
    ("If-Modified-Since", ("Thu, 99 Foo 0000", "\u00ff")),
    ("Range", ("bytes=0-0,1-1", "bytes=-")),
    ("X-Forwarded-Proto", ("https, http", "\u00ff")),
    ("HX-Request", ("true",)),
    ("HX-Current-URL", ("http://[", "\u00ff")),
    ("X-HTTP-Method-Override", ("DELETE",)),
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO", "get")
QUERIES = (
    "%00",
    "a=%00",
    "limit=%ff",
    "limit=1&limit=x",
    "limit=" + "9" * 300,
    "offset=-1",
    "order=seq;drop",
    "since=2026-01-01T00%3A00%3A00Z",
    "who=%25&what=_&why=!!",
    "&".join("a=1" for _ in range(1_500)),
    "a[b]=1&a[]=2",
    "%",
    "=&=",
    "open_only=maybe",
    "product=%F0%9F%A7%AA",
)


def values() -> st.SearchStrategy[Any]:
    """Return anything that JSON can carry, and where it hurts."""
    flat = TEXT | st.sampled_from(NUMBERS) | st.none() | st.booleans()
    return flat | st.recursive(
        flat,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=6,
    )


@st.composite
def documents(draw: st.DrawFn, example: str) -> str:
    """Return a text for a master batch record: hostile, or the example with a line of it broken."""
    if draw(st.booleans()):
        return draw(st.sampled_from(YAMLS) | st.text(max_size=200))
    lines = example.splitlines()
    at = draw(st.integers(0, len(lines) - 1))
    key, colon, _ = lines[at].partition(": ")
    hostile = draw(TEXT | st.sampled_from(("9**9**9", "(" * 300, "1/0", "a" * 5_000, "[]", "{}")))
    lines[at] = f"{key}{colon}{hostile}" if colon else hostile
    return "\n".join(lines)


def as_bytes(value: Any, *, plain: bool) -> bytes:
    """Return JSON; not plain: unescaped, halves of characters as they are."""
    if plain:
        return json.dumps(value).encode()
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
