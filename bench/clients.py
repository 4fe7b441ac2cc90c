"""Clients in a process of their own: requests over kept connections, and how long each took."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.load import Taken, drive
from bench.rounds import timed
from bench.server import HOST

HERE = Path(__file__).resolve().parent
OK = 200


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        method: GET or POST.
        path: On our server.
        body: JSON; None for none.
        password: When given, the statement is asked for first (not timed) and signed with it.
    """

    method: str
    path: str
    body: dict[str, Any] | None = None
    password: str = ""


def run(port: int, hands: list[tuple[str, list[Request]]]) -> Taken:
    """Send the requests from another process, one thread a hand.

    Args:
        port: Of the server.
        hands: For each client its bearer token and its requests in order.
    """
    job = {"port": port, "hands": [[token, [asdict(r) for r in sent]] for token, sent in hands]}
    done = subprocess.run(
        [sys.executable, "-m", "bench.clients"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE.parent,
    )
    return Taken(**json.loads(done.stdout))


class UnexpectedError(RuntimeError):
    """An answer that is not 200.

    Attributes:
        status: Its HTTP status.
    """

    def __init__(self, status: int, said: str) -> None:
        """Take the status, and the words."""
        super().__init__(said)
        self.status = status


class Client:
    """One client: a kept connection and a token."""

    def __init__(self, port: int, token: str) -> None:
        """Prepare; the connection opens at the first request."""
        self._connection = http.client.HTTPConnection(HOST, port, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send one request and return the answer's JSON.

        Raises:
            UnexpectedError: The answer is not 200; a figure of failures would mean nothing.
        """
        data = None if body is None else json.dumps(body)
        self._connection.request(method, path, data, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != OK:
            message = f"{method} {path}: {answer.status} {content[:500]!r}"
            raise UnexpectedError(answer.status, message)
        return json.loads(content)

    def signing(self, path: str, body: dict[str, Any], password: str) -> dict[str, Any]:
        """Ask for what is to be signed; return what signs it."""
        asked = {name: value for name, value in body.items() if name != "command_id"}
        statement = self.send("POST", f"{path}/statement", asked)["statement"]
        return {"challenge": statement["challenge"], "password": password}


def main() -> None:
    job = json.load(sys.stdin)
    hands = []
    for token, sent in job["hands"]:
        client = Client(job["port"], token)
        hands.append([partial(_send, client, Request(**request)) for request in sent])
    json.dump(asdict(drive(hands)), sys.stdout)


def _send(client: Client, request: Request) -> float | None:
    if not request.password or request.body is None:
        client.send(request.method, request.path, request.body)
        return None
    return _signed(client, request.path, request.body, request.password)


def _signed(client: Client, path: str, body: dict[str, Any], password: str) -> float:
    signing = client.signing(path, body, password)
    return timed(lambda: client.send("POST", path, {**body, "signing": signing}))


if __name__ == "__main__":
    main()
