"""Weeks of simulated work: batches executed, reviewed and disposed of under a simulated clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from daytwo.doors.jobs.demo.cast import Hand
from daytwo.doors.jobs.demo.hands import conforming_entry
from daytwo.doors.jobs.demo.plant import make_ready, receive_series
from daytwo.record.batches import commands as batches
from daytwo.record.batches import queries
from daytwo.record.quality import commands as quality
from daytwo.record.recipes.document import EnterNumber
from daytwo.record.release import commands as release

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.record.recipes.document import MasterBatchRecord, Step

FINISHED = 5
"""Batches that are disposed of before the demonstration opens."""
PER_SERIES = 4
"""Batches made from one delivery of the materials."""


@dataclass(slots=True)
class SimulatedClock:
    """A clock that moves only when told; it never runs ahead of the real one."""

    at: datetime

    def __call__(self) -> datetime:
        """Return the simulated time."""
        return self.at

    def reach(self, days_ago: float) -> None:
        """Let time pass until so many days before the real present."""
        self.at = max(self.at, datetime.now(UTC) - timedelta(days=days_ago))

    def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.at = min(self.at + timedelta(minutes=minutes), datetime.now(UTC))


@dataclass(slots=True)
class Weeks:
    """What the simulated people do, batch after batch."""

    master: MasterBatchRecord
    clock: SimulatedClock
    equipment: list[str]
    report: Callable[[int, int], None]
    chance: Random = field(default_factory=lambda: Random(2026))  # noqa: S311 - a simulation
    number: int = 0

    def run(self) -> None:
        """Make the finished batches, one that waits for review, one running, one ready."""
        total = FINISHED + 3
        for index in range(FINISHED):
            batch_id = self._begin()
            self._execute(batch_id, unusual=index % 4 == 1)
            self._release(batch_id, decision="rejected" if index == FINISHED - 2 else "released")
            self.report(index + 1, total)
            self.clock.wait(60 * 24 * self.chance.uniform(0.5, 1.5))
        self.clock.reach(days_ago=5)
        waiting = self._begin()
        self._execute(waiting, unusual=True)
        self._complete(waiting)
        self.report(FINISHED + 1, total)
        self.clock.reach(days_ago=0.6)
        running = self._begin()
        self._execute(running, unusual=False, until=len(self.master.steps()) // 2)
        self.report(FINISHED + 2, total)
        self._begin()
        self.report(total, total)

    def _begin(self) -> str:
        self.number += 1
        if self.number % PER_SERIES == 1:
            receive_series(self.master, self._series, PER_SERIES)
        make_ready(self.equipment)
        batch_id = f"B-2026-{self.number:04d}"
        Hand("sam").does(
            batches.issue_order,
            batch_id=batch_id,
            order_id=f"O-{4000 + self.number}",
            mbr_id=self.master.id,
            number=1,
            promised_on=(self.clock.at + timedelta(days=12)).date().isoformat(),
        )
        return batch_id

    @property
    def _series(self) -> int:
        return (self.number - 1) // PER_SERIES + 1

    def _execute(self, batch_id: str, *, unusual: bool, until: int = 0) -> None:
        steps = {placed.step.id: placed.step for placed in self.master.steps()}
        numbers = [s.id for s in steps.values() if _has_alerts(s)]
        odd = self.chance.choice(numbers) if unusual and numbers else ""
        done = 0
        while (row := queries.current_step(batch_id)) is not None:
            if until and done >= until:
                return
            done += 1
            step = steps[row.step_id]
            operator = Hand(self.chance.choice(("olga", "otto", "omar")))
            hand = Hand("sam") if step.performed_by == "supervisor" else operator
            self.clock.wait(self.chance.uniform(2, 25))
            hand.does(batches.claim_step, batch_id=batch_id, step_id=step.id)
            self.clock.wait(self.chance.uniform(3, 40))
            entry = conforming_entry(step, batch_id, self.chance, self._series)
            if step.id == odd and isinstance(step, EnterNumber):
                entry = {"value": _beyond_alert(step)}
            hand.does(batches.complete_step, batch_id=batch_id, step_id=step.id, entry=entry)
            if queries.step(batch_id, step.id).state == "done":
                self.clock.wait(self.chance.uniform(1, 10))
                second = "sara" if step.performed_by == "supervisor" else "sam"
                Hand(second).does(batches.verify_step, batch_id=batch_id, step_id=step.id)
        self._answer(batch_id)

    def _answer(self, batch_id: str) -> None:
        for discrepancy in queries.unanswered(batch_id):
            self.clock.wait(self.chance.uniform(10, 120))
            Hand("sara").does(
                batches.answer_discrepancy,
                batch_id=batch_id,
                discrepancy_id=discrepancy,
                answer="Within action limits; the neighbouring values were checked and conform.",
            )

    def _complete(self, batch_id: str) -> None:
        self.clock.wait(60 * self.chance.lognormvariate(2.2, 0.7))
        Hand("sara").does(batches.complete_record, batch_id=batch_id)

    def _release(self, batch_id: str, decision: str) -> None:
        self._complete(batch_id)
        self.clock.wait(60 * 24 * self.chance.lognormvariate(0.2, 0.5))
        Hand("quinn").does(release.open_review, batch_id=batch_id)
        for row in queries.discrepancies(batch_id):
            self.clock.wait(self.chance.uniform(10, 60))
            Hand("quinn").does(
                quality.classify_discrepancy,
                batch_id=batch_id,
                discrepancy_id=row.id,
                route="exception",
                rationale="Explained; no effect on quality attributes.",
            )
        self.clock.wait(self.chance.uniform(20, 120))
        Hand("quinn").does(release.review_record, batch_id=batch_id)
        self.clock.wait(60 * 24 * self.chance.lognormvariate(-0.4, 0.6))
        Hand("paula").does(
            release.decide,
            batch_id=batch_id,
            decision=decision,
            rationale="Record, results and deviations reviewed."
            if decision == "released"
            else "Market sample was mixed up after manufacture.",
        )


def _has_alerts(step: Step) -> bool:
    return isinstance(step, EnterNumber) and step.alert_high is not None


def _beyond_alert(step: EnterNumber) -> str:
    """Return a value between the upper alert and action limit."""
    alert, action = step.alert_high, step.action_high
    if alert is None:
        return "0"
    middle = alert.value if action is None else (alert.value + action.value) / 2
    return f"{middle:.{step.decimals}f}"
