"""A thread that Python did not begin asks the engine and ends: the process goes on."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import ctypes
from daytwo.insight.facts.engine.duck import over_rows

engine = over_rows({"batch": [{"batch_id": "B1", "site": "S1"}]})
answers = []

def ask(_):
    answers.append(len(engine.rows(engine.table("batch"))))
    return 0

libc = ctypes.CDLL(None)
body = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(ask)
for _ in range(30):
    thread = ctypes.c_ulong()
    assert libc.pthread_create(ctypes.byref(thread), None, body, None) == 0
    libc.pthread_join(thread, None)
print(answers == [1] * 30)
"""


def test_server_thread_that_asked_for_figures_may_end() -> None:
    """Without `Belongings` it dies of "double free or corruption", or of a segmentation fault."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
