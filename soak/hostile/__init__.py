"""The drill of random and hostile inputs: nothing fails, and what is refused changes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] = ()) -> int:
    """Run the drill in a process of its own, over a site of its own; 0 when all is well."""
    command = [sys.executable, "-m", "soak.hostile", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT).returncode
