"""The chart renderer in a process of its own: it holds Python's lock, and every page would wait."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading

_ATTEMPTS = 2


class Drawer:
    """One renderer, started when it is first asked, and anew when it has ended."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._of = 0

    def draw(self, spec: str) -> str:
        """Return the SVG of a Vega-Lite spec.

        Args:
            spec: JSON on one line.

        Raises:
            ValueError: The renderer does not understand it.
            RuntimeError: The renderer ends whenever it is asked.
        """
        with self._lock:
            line = next(filter(None, (self._ask(spec) for _ in range(_ATTEMPTS))), b"")
        if not line:
            raise RuntimeError("the chart renderer ended without an answer")
        answer = json.loads(line)
        if "svg" not in answer:
            raise ValueError(answer["error"])
        return str(answer["svg"])

    def close(self) -> None:
        """End the renderer, if it is this process that started it."""
        if self._process is not None and self._of == os.getpid():
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _ask(self, spec: str) -> bytes:
        """Return the renderer's line, or nothing when it has ended."""
        if self._process is None or self._of != os.getpid():
            command = [sys.executable, "-m", __name__]
            self._process = subprocess.Popen(  # noqa: S603 -- ourselves, by fixed words
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=-1
            )
            self._of = os.getpid()
        given, told = self._process.stdin, self._process.stdout
        line = b""
        if given is not None and told is not None:
            try:
                given.write(spec.encode() + b"\n")
                given.flush()
                line = told.readline()
            except BrokenPipeError:
                line = b""
        if not line.endswith(b"\n"):
            self.close()
            return b""
        return line


DRAWER = Drawer()
atexit.register(DRAWER.close)


def main() -> None:
    """Answer each line of standard input with one, until it ends."""
    import vl_convert  # noqa: PLC0415 -- 40 MB of engine, only in this process

    for line in sys.stdin.buffer:
        try:
            answer = {"svg": vl_convert.vegalite_to_svg(line.decode())}
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            answer = {"error": str(error)}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
