"""A queue before people in offices or the laboratory: who is there takes the most urgent job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import simpy

from daytwo.doors.simulator.plant.calendar import DAY, MINUTE, OFFICE, opening

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from daytwo.doors.simulator.plant.people import Person, Roster


@dataclass(frozen=True, slots=True)
class Turn:
    """A job that was done: who, asked for when, begun and ended when."""

    person: Person
    asked: int
    start: int
    end: int


@dataclass(slots=True)
class _Job:
    seconds: int
    asked: int
    done: simpy.Event
    on_start: Callable[[Person, int], None] | None


class Desk:
    """People who share one queue. Urgency is a number, the smaller the sooner; then age."""

    def __init__(
        self, env: simpy.Environment, roster: Roster, people: Sequence[Person], share: float
    ) -> None:
        """Open the desk; each person works from then on.

        Args:
            env: The simulation.
            roster: Tells who is there.
            people: Who shares the queue.
            share: Part of the day that is left for a job.
        """
        self._share = share
        self._env = env
        self._roster = roster
        self._queue = simpy.PriorityStore(env)
        self._asked = 0
        for person in people:
            env.process(self._work(person))

    def submit(
        self,
        minutes: float,
        urgency: float = 0,
        on_start: Callable[[Person, int], None] | None = None,
    ) -> simpy.Event:
        """Ask for work and return the event of its end, whose value is the `Turn`.

        Args:
            minutes: Time that the job alone would take.
            urgency: The smaller the sooner.
            on_start: Called with the person and the time when work begins.
        """
        done = self._env.event()
        job = _Job(
            max(1, round(minutes / self._share)) * MINUTE, int(self._env.now), done, on_start
        )
        self._put(urgency, job)
        return done

    def _put(self, urgency: float, job: _Job) -> None:
        self._asked += 1
        self._queue.put(simpy.PriorityItem((urgency, self._asked), job))

    def _work(self, person: Person) -> Generator[simpy.Event, Any, None]:
        env = self._env
        while True:
            at = opening(int(env.now), OFFICE)
            while not self._roster.in_office(person, at):
                at = opening((at // DAY + 1) * DAY, OFFICE)
            yield env.timeout(at - env.now)
            item = yield self._queue.get()
            start = -(-opening(int(env.now), OFFICE) // MINUTE) * MINUTE
            start = opening(start, OFFICE)
            job: _Job = item.item
            if not self._roster.in_office(person, start):
                self._put(item.priority[0], job)
                yield env.timeout(start - env.now)
                continue
            yield env.timeout(start - env.now)
            if job.on_start:
                job.on_start(person, start)
            end = self._roster.office_work(person, start, job.seconds)
            yield env.timeout(end - start)
            job.done.succeed(Turn(person, job.asked, start, end))
