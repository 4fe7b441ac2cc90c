"""One plant from its parameters to its files: run, export at the end of the period, run out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from daytwo.doors.simulator.export.contract import TABLES
from daytwo.doors.simulator.export.dialects import cells
from daytwo.doors.simulator.export.dirt import soil
from daytwo.doors.simulator.export.historian import traces
from daytwo.doors.simulator.export.snapshot import snapshot
from daytwo.doors.simulator.export.write import write_file, write_tables
from daytwo.doors.simulator.flow.plant import open_plant
from daytwo.doors.simulator.plant.calendar import WEEK
from daytwo.doors.simulator.plant.site import RUN_OUT_WEEKS
from daytwo.doors.simulator.truth.answers import accounts, answers
from daytwo.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from daytwo.doors.simulator.export.write import Written
    from daytwo.doors.simulator.parameters.shape import Parameters
    from daytwo.doors.simulator.plant.site import Site

ANSWERS = "answers.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written."""

    files: tuple[Written, ...]
    answers: dict[str, Any]


def simulate(
    parameters: Parameters,
    out: Path,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Outcome:
    """Simulate a plant and write what its systems export, and apart from it the truth.

    Args:
        parameters: One seed and one set of figures are one plant, byte by byte.
        out: Folder; it is made, and must be empty or hold an earlier simulation only.
        progress: Called with the work done and the whole.

    Raises:
        Refused: `simulator.folder` when the folder holds something else.
    """
    _check(out)
    total = parameters.weeks + len(TABLES)
    site = open_plant(parameters)
    _run(site, 0, parameters.weeks, lambda done: progress(done, total))
    shot = snapshot(site)
    texts = {name: cells(TABLES[name], rows, site.calendar) for name, rows in shot.items()}
    dirt, repeats = soil(texts, site.chance)
    done = parameters.weeks
    files = []
    for written in write_tables(out, texts):
        files.append(written)
        done += 1
        progress(done, total)
    contents, planted = traces(site)
    for name, content in contents.items():
        lines = tuple(range(2, content.count(b"\n") + 1))
        files.append(write_file(out, name, content, lines))
    _run_out(site)
    found = answers(site, shot, planted) | accounts(files, dirt, repeats)
    content = orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    files.append(write_file(out, ANSWERS, content, ()))
    return Outcome(tuple(files), found)


def _check(out: Path) -> None:
    known = {name.partition("/")[0] for name in TABLES} | {"historian", ANSWERS}
    foreign = sorted(p.name for p in out.iterdir() if p.name not in known) if out.is_dir() else []
    if out.exists() and not out.is_dir():
        foreign = [out.name]
    if foreign:
        raise Refused(
            "simulator.folder",
            f"{out} holds {', '.join(foreign[:5])}, which is no simulation. Nothing was written;"
            " name an empty folder.",
        )


def _run(site: Site, since: int, weeks: int, report: Callable[[int], None]) -> None:
    """Run the plant week by week."""
    for week in range(since, weeks):
        site.env.run(until=(week + 1) * WEEK)
        report(week + 1)


def _run_out(site: Site) -> None:
    """Run on, unseen, until every batch that has ended is decided, for some months at most."""
    weeks = site.parameters.weeks
    for week in range(weeks, weeks + RUN_OUT_WEEKS):
        waiting = [
            b
            for b in site.batches
            if b.ended is not None and b.ended <= site.end and b.decided is None
        ]
        if not waiting:
            return
        site.env.run(until=(week + 1) * WEEK)
