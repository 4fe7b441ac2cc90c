"""The server's entry: what is loaded is left out of the search for garbage, and only that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROBE = """
import gc, json, sys, weakref
from daytwo.config import wsgi
class Made:
    pass
made = Made()
made.itself = made
gone = weakref.ref(made)
del made
gc.collect()
pages = "daytwo.doors.web.leadership.page" in sys.modules
told = [callable(wsgi.application), pages, gc.get_freeze_count(), gc.get_threshold()[0]]
print(json.dumps([*told, gone() is None]))
"""


def test_pages_are_loaded_and_frozen_and_later_garbage_is_still_found(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=os.environ | {"DAYTWO_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    served, loaded, frozen, threshold, collected = json.loads(told.stdout)
    assert (served, loaded, threshold, collected) == (True, True, 25_000, True)
    assert frozen > 10_000
