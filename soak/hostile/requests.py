"""Hostile requests: real addresses and almost right bodies, broken in one place or everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from hypothesis import strategies as st

from soak.hostile.material import (
    CONTENT_TYPES,
    HEADERS,
    METHODS,
    QUERIES,
    RAW,
    TEXT,
    as_bytes,
    documents,
    values,
)
from soak.hostile.wire import Caller, Sent

WORDS = ("as described", "x", " ", "seen; conforms", "2026-12-01", "Gr\u00fc\u00dfe \u4e2d\u6587")
MOMENTS = ("2001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", "now")
TWISTS = (*([""] * 12), "method", "type", "header", "header")
"""How often something besides path and body is odd."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is on the site: names that hostile requests use to come near the rules."""

    ids: dict[str, tuple[str, ...]]
    password: str
    example: str
    rights: dict[str, frozenset[str]] = field(default_factory=dict)
    """Persons by the permission that their roles give."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the description gives it."""

    method: str
    path: str
    permission: str
    body: dict[str, Any] | None
    """Properties of the body by name."""


def addresses(document: dict[str, Any]) -> list[Address]:
    """Return every address of an OpenAPI document."""
    schemas = document["components"]["schemas"]
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = None
            if "requestBody" in operation:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                body = _resolved(schema, schemas).get("properties", {})
            permission = operation.get("x-permission") or ""
            found.append(Address(method.upper(), path, permission, body))
    return found


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return schemas[name] if name else schema


@st.composite
def hostile(
    draw: st.DrawFn, places: list[Address], known: Known, callers: list[Caller]
) -> tuple[Caller, Sent]:
    """Return a caller and what is sent in that caller's name."""
    place = draw(st.sampled_from(places))
    caller = draw(st.sampled_from(likely(place.permission, known, callers)))
    headers = dict(caller.headers)
    method, body = place.method, b""
    if place.body is not None:
        headers["Content-Type"] = "application/json"
        body = draw(_bodies(place.body, known))
    path = draw(_paths(place.path, known))
    query = draw(st.sampled_from(QUERIES)) if draw(_RARELY) else ""
    match draw(st.sampled_from(TWISTS)):
        case "method":
            method = draw(st.sampled_from(METHODS))
        case "type":
            headers["Content-Type"] = draw(st.sampled_from(CONTENT_TYPES))
        case "header":
            name, odd = draw(st.sampled_from(HEADERS))
            headers[name] = draw(st.sampled_from(odd))
        case _:
            pass
    return caller, Sent(method, path, query, headers, body)


def likely(permission: str, known: Known, callers: list[Caller]) -> list[Caller]:
    """Return those who may ask, several times each, and everybody: rules lie behind the rights."""
    able = known.rights.get(permission, frozenset())
    return [*([c for c in callers if c.person in able] * 12), *callers]


@st.composite
def _paths(draw: st.DrawFn, path: str, known: Known) -> str:
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            value = draw(_text_for(part[1:-1], known) | TEXT)
            parts.append(quote(value.encode("utf-8", "surrogatepass"), safe=draw(_SAFE)))
        else:
            parts.append(part)
    return "/".join(parts)


_SAFE = st.sampled_from(("", "/"))
_RARELY = st.sampled_from((*([False] * 9), True))


@st.composite
def _bodies(draw: st.DrawFn, properties: dict[str, Any], known: Known) -> bytes:
    if draw(_RARELY):
        return draw(st.sampled_from(RAW) | st.binary(max_size=200))
    body = {name: draw(_plausible(name, known)) for name in sorted(properties)}
    for _ in range(draw(st.sampled_from((0, 1, 0, 1, 2)))):
        name = draw(st.sampled_from(sorted(properties) or ["x"]))
        fate = draw(st.integers(0, 5))
        if fate == 0:
            body.pop(name, None)
        elif fate == 1:
            body[draw(TEXT)] = draw(values())
        else:
            body[name] = draw(values())
    return as_bytes(body, plain=not draw(_RARELY))


def _text_for(name: str, known: Known) -> st.SearchStrategy[str]:
    return st.sampled_from(known.ids.get(name, ("X-1",)))


def _plausible(name: str, known: Known) -> st.SearchStrategy[Any]:
    words = st.sampled_from(WORDS) | st.sampled_from(WORDS) | TEXT
    made: dict[str, st.SearchStrategy[Any]] = {
        "command_id": st.integers(0, 2**127).map(lambda n: str(UUID(int=n))),
        "number": st.sampled_from((1, 1, 2, 3)),
        "days": st.just(400),
        "yaml": documents(known.example),
        "entry": _entries(known),
        "signing": st.none() | _signings(known),
        "quantity": st.fixed_dictionaries(
            {"value": st.sampled_from(("0", "-1", "2.50", "1e3", "9" * 30)),
             "unit": st.sampled_from(("kg", "g", "%", "Cel", "stone")) | TEXT}
        ),
        "valid_until": st.sampled_from(MOMENTS),
        "clean_until": st.sampled_from(MOMENTS),
        "stop_work": st.booleans(),
        "alert": st.integers(0, 2**31 - 1),
        "password": TEXT,
        "old": TEXT,
        "new": TEXT,
    }  # fmt: skip
    if name in known.ids:
        return _text_for(name, known)
    return made.get(name, words)


def _entries(known: Known) -> st.SearchStrategy[Any]:
    fields = ("value", "confirmed", "lot", "balance", "tare", "gross", "container", "equipment")
    inside = (
        st.sampled_from(("yes", "1.50", "99999999999", "-0.0", "1" * 30, "12.000", "0.2"))
        | _text_for("lot_id", known)
        | _text_for("equipment_id", known)
        | TEXT
    )
    return st.dictionaries(
        st.sampled_from((*fields, "item-1", "item-2")) | TEXT, inside, max_size=6
    )


def _signings(known: Known) -> st.SearchStrategy[Any]:
    challenge = TEXT | st.just("eyJ:1vX:" + "A" * 43) | st.just(".eJx" + "A" * 600)
    password = st.just(known.password) | st.just(known.password) | TEXT
    return st.fixed_dictionaries(
        {"challenge": challenge, "password": password}, optional={"totp": TEXT}
    )
