"""The historian's traces of the press: a value a minute, some frozen, some missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from daytwo.doors.simulator.plant.calendar import MINUTE

if TYPE_CHECKING:
    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.plant.site import Row, Site

EVERY = 5
"""One batch in so many of the solid-dose lines is exported."""

TAGS = (
    ("main_force", 1.0, 0.02, 2),
    ("pre_force", 0.35, 0.02, 2),
    ("turret_speed", 3.6, 0.004, 1),
    ("fill_depth", 0.62, 0.006, 2),
)
"""Name, part of the batch's compression force that it is about, relative noise, places."""

FROZEN_RATE = 0.12
MISSING_RATE = 0.25
FROZEN_MINUTES = 25


def traces(site: Site) -> tuple[dict[str, bytes], list[Row]]:
    """Return the files by path, and what is planted in them."""
    files: dict[str, bytes] = {}
    planted: list[Row] = []
    solid = [b for b in site.batches if b.product.unit == "tab" and b.trace is not None]
    for batch in solid[EVERY - 1 :: EVERY]:
        if batch.trace and batch.trace[1] <= site.end:
            path = f"historian/press_{batch.product.line}_{batch.number}.csv"
            files[path] = _trace(site, batch, path, planted)
    return files, planted


def _trace(site: Site, batch: Batch, path: str, planted: list[Row]) -> bytes:
    since, until, pause = batch.trace or (0, 0, None)
    draw = site.chance.stream("trace", batch.number)
    count = (until - since) // MINUTE
    start = site.calendar.utc(since)
    times = [f"{start + timedelta(minutes=k):%Y-%m-%dT%H:%M:%SZ}" for k in range(count)]
    force = batch.values.get("press_force", 12.0)
    columns: list[tuple[str, list[str]]] = []
    for name, part, noise, places in TAGS:
        level = force * part * (1 + noise * draw.generator.standard_normal(count))
        level *= np.minimum(1, (np.arange(count) + 1) / 5)
        if pause:
            stopped = np.arange(count) * MINUTE + since
            level = np.where((stopped >= pause[0]) & (stopped < pause[1]), 0, level)
        texts = [f"{value:.{places}f}" for value in np.abs(level).tolist()]
        _disturb(texts, draw, {"file": path, "tag": name}, planted, times)
        columns.append((f"{batch.product.line}.PRESS.{name}", texts))
    lines = ["time;tag;value"]
    for k, time in enumerate(times):
        lines += [f"{time};{tag};{texts[k]}" for tag, texts in columns]
    return ("\n".join(lines) + "\n").encode()


def _disturb(
    texts: list[str], draw: Any, where: dict[str, str], planted: list[Row], times: list[str]
) -> None:
    """Freeze a stretch, lose a few values."""
    frozen, missing = draw.happens(FROZEN_RATE), draw.happens(MISSING_RATE)
    at = draw.whole(10, max(11, len(texts) - FROZEN_MINUTES - 5))
    end = min(at + FROZEN_MINUTES, len(texts))
    if frozen and at < end:
        texts[at:end] = [texts[at]] * (end - at)
        planted.append({**where, "kind": "frozen", "from": times[at], "to": times[end - 1]})
    if missing and at < end:
        first = max(0, at - 8)
        last = min(first + 3, len(texts))
        texts[first:last] = [""] * (last - first)
        planted.append({**where, "kind": "missing", "from": times[first], "to": times[last - 1]})
