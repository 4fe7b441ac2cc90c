"""The plan of a run: how much of everything, where, and what a measurement is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.figures import Figure


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done.

    Attributes:
        rounds: Rounds of each side.
        clients: Numbers of clients in process.
        wire_clients: Numbers of clients over HTTP.
        alone: Batches that one client alone does in a round.
        signed: Signed steps in a round.
        chain: Events whose chain is verified.
        imported: Records of an import.
        history: Batches of the history at 1x.
        analysed: Step events over which KPIs are evaluated.
        years: That the site behind the leadership page has run.
        visitors: People on it at once.
        staying: Seconds that each stays.
    """

    rounds: int
    clients: tuple[int, ...]
    wire_clients: tuple[int, ...]
    alone: int
    signed: int
    chain: int
    imported: int
    history: int
    analysed: int
    years: float
    visitors: int
    staying: float


FULL = Scale(5, (1, 16, 64), (1, 4, 16), 4, 28, 200_000, 40_000, 50, 50_000_000, 2, 50, 60)
QUICK = Scale(1, (1, 4), (1, 2), 1, 4, 2_000, 1_000, 2, 200_000, 0.1, 3, 2)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a measurement stands.

    Attributes:
        data: A fresh data directory with people and masters, its own.
        url: A PostgreSQL database of its own; empty for SQLite.
        label: What to say of it in the table.
    """

    data: Path
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement: run in a process of its own, on grounds of its own.

    Attributes:
        name: As `--only` takes it.
        grounds: `disk`, `memory` (a file system in memory) or `postgresql`.
        measure: Returns its figures; the application is loaded over the ground already.
    """

    name: str
    grounds: tuple[str, ...]
    measure: Callable[[Scale, Ground], list[Figure]]
