"""A program that talks to the interface: nobody, by a person's token, or by a session."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.test import Client

from daytwo.doors.api.api import api
from daytwo.kernel.ids import new_id
from daytwo.record.access import account
from daytwo.record.access.authority import By
from tests.conftest import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

HOST = "localhost"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass
class Program:
    """Sends requests as a real client would: CSRF is enforced, errors come back as answers."""

    headers: dict[str, str] = field(default_factory=dict)
    client: Client = field(
        default_factory=lambda: Client(enforce_csrf_checks=True, raise_request_exception=False)
    )
    unsigned: set[str] = field(default_factory=set)
    """Acts that were refused to this program without their signature."""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send a request; a body that is not bytes goes as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        content_type = headers.pop("content_type", "application/json")
        sent = {
            "host": HOST,
            **self.headers,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        if method == "get":
            return self.client.get(path, headers=sent)
        return self.client.generic(
            method.upper(),
            path,
            b"" if body is None else data,
            content_type=content_type,
            headers=sent,
            CONTENT_TYPE=content_type,
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("get", f"/api/v1/{path}", **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("post", f"/api/v1/{path}", {} if body is None else body, **headers)

    def act(self, path: str, **arguments: Any) -> HttpResponse:
        """Perform an act with a fresh command id, signing what is to be signed.

        Without its signature it is tried first, and must be refused.
        """
        body = {"command_id": new_id(), **arguments}
        if f"/api/v1/{path}/statement" in paths():
            shown = self.post(f"{path}/statement", arguments)
            if shown.status_code != 200:
                return shown
            statement = shown.json()["statement"]
            if statement is not None:
                unsigned = self.post(path, body)
                assert (unsigned.status_code, unsigned.json()["code"]) == (409, "signature.missing")
                self.unsigned.add(path)
                body["signing"] = {"challenge": statement["challenge"], "password": PASSWORD}
        return self.post(path, body)


def by_token(person_id: str, days: int = 5) -> Program:
    """Return a program with a new token of a person."""
    secret = account.make_token(
        By(person_id, f"session-{person_id}", "test"), "test", days, command_id=new_id()
    )
    return Program({"authorization": f"Bearer {secret}"})


def by_session(person_id: str) -> Program:
    """Return a program that has signed in, with its CSRF token."""
    program = Program()
    answer = program.post("session", {"person": person_id, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    program.headers["X-CSRFToken"] = answer.json()["csrf_token"]
    return program


def paths() -> dict[str, dict[str, Any]]:
    """Return the described addresses with their operations by method."""
    return _PATHS


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every described (method, path, operation)."""
    for path, methods in paths().items():
        for method, operation in methods.items():
            yield method, path, operation


def filled(path: str) -> str:
    """Return a path with something in each of its places."""
    values = {"number": "1", "subject_kind": "batch"}
    parts = [
        values.get(part[1:-1], "X-1") if part.startswith("{") else part for part in path.split("/")
    ]
    return "/".join(parts)


_PATHS: dict[str, dict[str, Any]] = api.get_openapi_schema()["paths"]
