"""What the server loads: the settled entry, and first figures that begin and end by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROBE = """
import threading
from daytwo.config import serving, wsgi
begun = [thread for thread in threading.enumerate() if thread.name == "first-figures"]
print(serving.application is wsgi.application, len(begun))
"""


def test_loading_it_begins_the_first_figures_and_the_process_ends(tmp_path: Path) -> None:
    """Of a folder without a site too: what fails is in the log, and nothing hangs."""
    told = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=os.environ | {"DAYTWO_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout.split() == ["True", "1"]
