"""The wire: requests as bytes to the real application in this process, and its answers."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

API = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes out; path and query are percent-encoded already."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def brief(self) -> str:
        """Return it in a line."""
        query = f"?{self.query[:80]}" if self.query else ""
        odd = {k: v[:60] for k, v in self.headers.items() if k not in {"Authorization", "Cookie"}}
        return f"{self.method} {self.path[:120]}{query} {odd} {self.body[:300]!r}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `raised` when the application let an exception out."""

    status: int
    headers: dict[str, str]
    body: bytes
    raised: str = ""

    def content(self) -> Any:
        """Return the body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass
class Caller:
    """Somebody who sends: nobody, a person by token, or a person by session."""

    name: str
    person: str
    headers: dict[str, str] = field(default_factory=dict)


class Wire:
    """Speaks WSGI with the application, as a server would."""

    def __init__(self, application: Callable[..., Any]) -> None:
        """Take the application."""
        self.application = application

    def send(self, sent: Sent) -> Answer:
        """Send a request and return the answer."""
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            told.update(status=int(status.split(maxsplit=1)[0]), headers=dict(headers))

        try:
            result = self.application(_environ(sent), start)
            try:
                body = b"".join(result)
            finally:
                result.close()
        except Exception as error:  # noqa: BLE001 - that is what the drill looks for
            return Answer(599, {}, b"", f"{type(error).__name__}: {error}")
        return Answer(told["status"], told["headers"], body)

    def sign_in(self, caller: Caller, password: str) -> None:
        """Give a caller a session, with its cookies and CSRF token."""
        body = json.dumps({"person": caller.person, "password": password}).encode()
        headers = {"Content-Type": "application/json"}
        answer = self.send(Sent("POST", f"{API}session", headers=headers, body=body))
        if answer.status != 200:
            message = f"{caller.person} cannot sign in: {answer.body!r}"
            raise RuntimeError(message)
        token = answer.content()["csrf_token"]
        jar = SimpleCookie(answer.headers["Set-Cookie"])
        cookies = {name: morsel.value for name, morsel in jar.items()}
        cookies |= {"csrftoken": cookies.get("csrftoken", token)}
        caller.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": token,
        }


def _environ(sent: Sent) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": sent.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(sent.path).decode("latin-1"),
        "QUERY_STRING": sent.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(sent.body)),
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in sent.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ
