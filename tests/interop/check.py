"""Export the demonstration as OCEL 2.0, have pm4py count it and write it again, and compare."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from daytwo.doors.connectors.ocel.format import parts

HERE = Path(__file__).parent
OTHER = Path("build/interop/bin/python")
TYPES = {"event_types": "event", "object_types": "object"}


def daytwo(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "daytwo.config.cli", *arguments, "--json"]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


def counted_by_pm4py(log: Path, copy: Path) -> dict[str, Any]:
    command = [str(OTHER), str(HERE / "counts.py"), str(log), str(copy)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout.strip().splitlines()[-1])


def counted_by_us(log: Path) -> dict[str, Any]:
    found = {part.name: part.rows for part in parts(log)}
    of = {
        name: {
            part.removeprefix(f"{kind}:"): rows
            for part, rows in found.items()
            if part.startswith(f"{kind}:") and rows
        }
        for name, kind in TYPES.items()
    }
    return {"events": found["events"], "objects": found["objects"], **of}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        daytwo("demo", "--no-serve", "--years", "0.25", "--data", str(folder / "site"))
        for kind in ("json", "sqlite"):
            log, copy = folder / f"log.{kind}", folder / f"copy.{kind}"
            written = daytwo("ocel", "--data", str(folder / "site"), "--out", str(log))
            del written["file"], written["left_out"]
            read = counted_by_pm4py(log, copy)
            assert read == written, f"{kind}: pm4py counts {read}, we wrote {written}"
            again = counted_by_us(copy)
            wanted = {key: written[key] for key in again}
            assert again == wanted, f"{kind}: of pm4py's copy we count {again}, not {wanted}"
            sys.stdout.write(
                f"OCEL 2.0 as {kind}: pm4py reads {read['events']} events, {read['objects']}"
                f" objects, {read['relations']['event_object']} relations to objects and"
                f" {read['relations']['object_object']} between them, in {len(read['event_types'])}"
                f" and {len(read['object_types'])} types, as written; we read its copy alike.\n"
            )


if __name__ == "__main__":
    main()
