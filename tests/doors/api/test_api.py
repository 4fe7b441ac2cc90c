from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, get_resolver
from jsonschema import Draft202012Validator

from daytwo.doors.api.api import api
from daytwo.record.access.authority import COMMANDS
from daytwo.record.access.enums import Meaning, Permission
from daytwo.record.ledger.catalogue import entries
from tests.doors.api.program import METHODS, Program, by_token, filled, operations, paths

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = Path(__file__).with_name("contract.json")
SIGN_IN = ("post", "/api/v1/session")
ALL = list(operations())
ACTS = [found for found in ALL if found[0] != "get"]


def named(found: tuple[str, str, dict[str, Any]]) -> str:
    return f"{found[0]} {found[1]}"


@pytest.mark.requirement("R05")
def test_every_route_refuses_a_stranger(nobody: Program) -> None:
    for method, path, _ in ALL:
        if (method, path) == SIGN_IN:
            continue
        answer = nobody.send(method, filled(path), {})
        assert answer.status_code == 401, (method, path, answer.content)
        assert answer.json()["code"] == "access.not_signed_in"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.requirement("R05")
def test_signing_in_is_the_only_public_route_and_says_so() -> None:
    public = [(method, path) for method, path, operation in ALL if not operation.get("security")]
    assert public == [SIGN_IN]
    assert paths()[SIGN_IN[1]]["post"]["x-public"]


@pytest.mark.parametrize("found", ALL, ids=named)
def test_route_declares_its_permission(found: tuple[str, str, dict[str, Any]]) -> None:
    method, path, operation = found
    if (method, path) != SIGN_IN:
        assert operation["x-permission"] in set(Permission)


@pytest.mark.requirement("R06")
@pytest.mark.parametrize("found", ACTS, ids=named)
def test_act_declares_its_command_events_and_signatures(
    found: tuple[str, str, dict[str, Any]],
) -> None:
    operation = found[2]
    command = COMMANDS.get(operation["x-command"])
    assert operation["x-events"], "an act without an event leaves no trace"
    assert set(operation["x-events"]) <= {entry.name for entry in entries()}
    assert set(operation["x-signatures"]) <= set(Meaning)
    if command is not None:
        assert operation["x-permission"] == command.permission
        assert tuple(operation["x-signatures"]) == command.signed
        assert ("access.signature.applied" in operation["x-events"]) == bool(command.signed)
    else:
        assert operation["x-command"] in {"access.sign_in", "access.sign_out"}


def test_every_command_of_the_record_has_a_route() -> None:
    routed = {operation["x-command"] for _, _, operation in ACTS}
    assert set(COMMANDS) - routed == set()


def test_every_signed_act_can_be_looked_at_before_it_is_signed() -> None:
    signed = {p for m, p, o in ACTS if o["x-signatures"] and not o.get("x-rehearsal")}
    assert signed
    assert {f"{path}/statement" for path in signed} == {
        p for _, p, o in ACTS if o.get("x-rehearsal")
    }


def test_no_address_is_undocumented() -> None:
    described = {path.replace("{", "<").replace("}", ">") for path in paths()}
    for pattern in _patterns():
        if pattern.name == "api-root" or not str(pattern.pattern):
            continue
        address = "/api/" + str(pattern.pattern).replace("path:", "")
        assert address in described, address


def _patterns() -> Iterator[URLPattern]:
    for resolver in get_resolver().url_patterns:
        if str(resolver.pattern) == "api/":
            yield from resolver.url_patterns


def test_description_holds_together(site: Path) -> None:
    document = json.loads(by_token("olga").send("get", "/api/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    assert set(document) >= {"info", "paths", "components"}
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema), name
    for reference in _references(document):
        assert reference.startswith("#/components/schemas/")
        assert reference.rpartition("/")[2] in document["components"]["schemas"]
    ids = [operation["operationId"] for _, _, operation in ALL]
    assert len(set(ids)) == len(ids)
    schemes = document["components"]["securitySchemes"]
    for _, path, operation in ALL:
        assert operation["summary"] or operation["description"]
        placed = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert placed == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert {name for way in operation.get("security", []) for name in way} <= set(schemes)
        assert {200, 401, 403, 422} <= set(operation["responses"])


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)


def contract() -> dict[str, Any]:
    """Return what a program relies on, in short: addresses, bodies, rights, answers."""
    schemas = api.get_openapi_schema()["components"]["schemas"]
    short = {
        name: {
            "required": sorted(schema.get("required", [])),
            "properties": {
                key: _kind(value) for key, value in sorted(schema["properties"].items())
            },
        }
        for name, schema in schemas.items()
    }
    routes = {
        f"{method.upper()} {path}": {
            "permission": operation["x-permission"],
            "command": operation.get("x-command"),
            "events": operation.get("x-events"),
            "signatures": operation.get("x-signatures"),
            "parameters": [f"{p['in']} {p['name']}" for p in operation["parameters"]],
            "body": _kind(_content(operation.get("requestBody"))),
            "answer": _kind(_content(operation["responses"][200])),
        }
        for method, path, operation in ALL
    }
    return {"routes": dict(sorted(routes.items())), "schemas": dict(sorted(short.items()))}


def _content(part: dict[str, Any] | None) -> dict[str, Any]:
    return {} if part is None else part["content"]["application/json"]["schema"]


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_kind(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_kind(schema['items'])}[]"
    return str(schema.get("type", "none"))


def test_contract_is_the_committed_one() -> None:
    """After a wanted change, DAYTWO_WRITE_CONTRACT=1 writes the file anew."""
    if os.environ.get("DAYTWO_WRITE_CONTRACT"):
        CONTRACT.write_text(json.dumps(contract(), indent=1) + "\n", encoding="utf-8")
    assert contract() == json.loads(CONTRACT.read_text(encoding="utf-8"))


def test_every_answer_below_the_door_is_json(nobody: Program, site: Path) -> None:
    asker = by_token("luis")
    for program in (nobody, asker):
        for path in ("/api/", "/api/none", "/api/v1/batches/", "/api/v1//batches", "/api/docs"):
            for method in METHODS:
                answer = program.send(method, path, {})
                assert answer.status_code in {404, 405}, (method, path)
                assert set(answer.json()) == {"code", "detail", "info"}


def test_unknown_method_is_named_with_those_that_are_known(nobody: Program) -> None:
    answer = nobody.send("put", "/api/v1/session", {})
    assert answer.status_code == 405
    assert answer.headers["Allow"].split(", ") == answer.json()["info"]["allowed"]
    assert {"GET", "POST", "DELETE"} == set(answer.json()["info"]["allowed"])


def test_answers_are_never_kept_by_anybody(site: Path) -> None:
    assert by_token("luis").get("people").headers["Cache-Control"] == "no-store"
