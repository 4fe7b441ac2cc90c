"""A server of ours in a process group of its own, started, waited for and ended, also by force."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

HOST = "127.0.0.1"
PATIENCE_SECONDS = 60
HEALTH = "/api/v1/health"


class Server:
    """`daytwo serve` over a data directory, on a free port of this machine."""

    def __init__(self, data: Path, url: str = "") -> None:
        """Start it and return when it answers.

        Args:
            data: The data directory.
            url: A PostgreSQL address; empty for the embedded file.

        Raises:
            RuntimeError: It ended, or did not answer in time.
        """
        self.port = _free_port()
        self.log = data / "server.log"
        environment = os.environ | {"DAYTWO_DATA": str(data), "DATABASE_URL": url}
        command = [sys.executable, "-m", "daytwo.config.cli", "serve"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--data", str(data), "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, whatever happened."""
        self.stop()

    def kill(self) -> None:
        """End server and workers at once, by a signal that none of them can hear (SIGKILL)."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """Ask it to end; force it when it does not."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_SECONDS / 6)
            except subprocess.TimeoutExpired:
                self.kill()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            if _answers(self.port):
                return
            time.sleep(0.05)
        self.kill()
        tail = self.log.read_text(errors="replace")[-2000:]
        message = f"the server does not answer:\n{tail}"
        raise RuntimeError(message)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status == http.HTTPStatus.UNAUTHORIZED
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
