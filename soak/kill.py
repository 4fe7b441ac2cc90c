"""The server killed at random moments under load, again and again on one data directory."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from bench import site
from bench.server import Server
from soak.check import Findings, check, recorded
from soak.disturb import disturbed
from soak.hands import Hand, Load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

UNSIGNED, SIGNED = 6, 2
"""Hands that do unsigned and signed steps."""
SPARE = 4
"""Batches that each hand has before it when the server starts."""
LEAST_SECONDS, MOST_SECONDS = 0.05, 1.5


@dataclass(slots=True)
class Campaign:
    """What the kills did and what was found.

    Attributes:
        kills: How often the server was killed.
        disturbed: Connections to PostgreSQL that were ended while it worked.
        unanswered: Acts that were on their way at a kill.
        unanswered_kept: Of these, recorded before the kill: the repeat must say so.
        findings: Of all checks.
    """

    kills: int = 0
    disturbed: int = 0
    unanswered: int = 0
    unanswered_kept: int = 0
    findings: Findings = field(default_factory=Findings)

    def as_json(self) -> dict[str, object]:
        """Return the figures of the campaign."""
        return {
            "kills": self.kills,
            "disturbed": self.disturbed,
            "acknowledged": self.findings.acknowledged,
            "unanswered": self.unanswered,
            "unanswered_kept": self.unanswered_kept,
            "acts_in_ledger": self.findings.commands,
            "events_in_ledger": self.findings.events,
            "rows_compared": self.findings.compared,
            "wrong": self.findings.wrong,
        }


def run(
    data: Path,
    kills: int,
    chance: Random,
    *,
    url: str = "",
    compare_every: int = 1,
    report: Callable[[Campaign], None] = lambda _: None,
) -> Campaign:
    """Kill the server as often as told, checking everything after each kill.

    Args:
        data: A populated data directory; the application is loaded over it.
        kills: How often.
        chance: Chooses the moments.
        url: A PostgreSQL address, of which connections are then ended too; empty for the file.
        compare_every: Every how many kills the whole ledger is folded again; the last always.
        report: Told after each check.
    """
    drill = _Drill(data, chance, url)
    for number in range(1, kills + 1):
        drill.round(compare=number % compare_every == 0 or number == kills)
        report(drill.campaign)
        if drill.campaign.findings.wrong:
            break
    return drill.campaign


class _Drill:
    """Hands, batches and the data directory, from kill to kill."""

    def __init__(self, data: Path, chance: Random, url: str) -> None:
        self.campaign = Campaign()
        self._data = data
        self._url = url
        self._chance = chance
        self._numbers = count(1)
        self._hands = _hands()

    def round(self, *, compare: bool) -> None:
        """Start, let the hands work, kill, look."""
        self._supply()
        site.release()
        again = {hand.sent["command_id"]: bool(recorded(hand.sent["command_id"]))
                 for hand in self._hands if hand.sent}  # fmt: skip
        site.release()
        with Server(self._data, self._url) as server:
            load = Load(self._hands, server.port)
            with disturbed(self._url, self._chance) as ended:
                time.sleep(self._chance.uniform(LEAST_SECONDS, MOST_SECONDS))
            server.kill()
            load.end()
        self.campaign.kills += 1
        self.campaign.disturbed += sum(ended)
        acts = [act for hand in self._hands for act in hand.acknowledged]
        for act in acts:
            if act.asked == 1 and act.replayed != again.get(act.command_id, False):
                told = "was recorded before" if act.replayed else "was not recorded before"
                self.campaign.findings.wrong.append(f"{act.command_id}: the repeat says it {told}")
        check(self._data, self.campaign.findings, acts, compare=compare)
        for hand in self._hands:
            hand.acknowledged.clear()
            if hand.sent:
                self.campaign.unanswered += 1
                self.campaign.unanswered_kept += bool(recorded(hand.sent["command_id"]))

    def _supply(self) -> None:
        for hand in self._hands:
            short = SPARE - len(hand.queue)
            names = [f"K-{next(self._numbers):06d}" for _ in range(short)]
            hand.queue.extend(site.issue(names, signed=bool(hand.password)))


def _hands() -> list[Hand]:
    from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415 - after setup
    from daytwo.kernel.ids import new_id  # noqa: PLC0415
    from daytwo.record.access.account import make_token  # noqa: PLC0415

    passwords = [""] * UNSIGNED + [PASSWORD] * SIGNED
    people = [site.hand(site.OPERATORS[n % len(site.OPERATORS)]) for n in range(len(passwords))]
    return [
        Hand(make_token(person.by, "soak", 30, command_id=new_id()), password)
        for person, password in zip(people, passwords, strict=True)
    ]
