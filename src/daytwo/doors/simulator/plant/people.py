"""Who works at the site, in which team and shift, and who is there at a given moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daytwo.doors.simulator.plant.calendar import (
    DAY,
    MINUTE,
    OFFICE,
    PRODUCTION,
    SHIFT,
    WEEK,
    after_work,
    opening,
    shift_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.doors.simulator.parameters.shape import Parameters
    from daytwo.doors.simulator.plant.chance import Chance, Draw

TEAMS = ("A", "B", "C", "D")
TEAM_SIZE = 5
FEWEST_ON_SHIFT = 4
SHIFTS_OF_A_WEEK = 16
HOLIDAY_WEEK = 0.08
SICK_DAY = 0.03
NOVICE_MONTHS = 12

_FIRST_NAMES = (
    "Anna Beat Carla Dario Elif Fabio Gerda Hanna Igor Jana Kurt Lena Marco Nadia Olaf"
    " Petra Quentin Rosa Selim Tanja Urs Vera Walter Xenia Yves Zoë Aldo Britta Cem Doris"
    " Emil Flavia Goran Helga Ivo Jürg Katja Luca Mia Noah Orla Paul Ruth Sven Tina Ugo Vito"
    " Wanda"
)
_LAST_NAMES = (
    "Ammann Bösch Caduff Dietrich Egger Frei Gübeli Huber Imhof Jäggi Keller Lüthi Meier Nüssli"
    " Oswald Probst Quadri Rossi Suter Tobler Ulmer Vogt Wyss Yilmaz Zaugg Arnold Brunner Capaul"
    " Diethelm Erni Flury Graf Hess Iten Jost Kuhn Lang Moser Noser Ott Pfister Rüegg Schär Thoma"
    " Utzinger Vetter Wirth Zbinden"
)
FIRST, LAST = _FIRST_NAMES.split(), _LAST_NAMES.split()


@dataclass(slots=True)
class Person:
    """Somebody who works here; `free` is when the work at hand ends."""

    id: str
    name: str
    role: str
    team: str
    experience: int
    absent: set[int] = field(default_factory=set)
    free: int = 0


class Roster:
    """All people with their attendance over the whole period and its run-out."""

    def __init__(self, parameters: Parameters, chance: Chance, weeks: int) -> None:
        """Hire everybody and draw when they are away."""
        self.weeks = weeks
        self._people: list[Person] = []
        draw = chance.stream("people")
        for team in TEAMS:
            self._hire("operator", team, TEAM_SIZE, draw)
            self._hire("supervisor", team, 1, draw)
        self._hire("supervisor", "reserve", 1, draw)
        for role, team, count in (
            ("production_reviewer", "production office", parameters.review.production_reviewers),
            ("qc_analyst", "laboratory", parameters.laboratory.analysts),
            ("qc_reviewer", "laboratory", parameters.laboratory.reviewers),
            ("qa_reviewer", "quality", parameters.review.qa_reviewers),
            ("qp", "quality", parameters.review.qps),
            ("investigator", "quality", parameters.quality.investigators),
            ("mbr_author", "engineering", parameters.changes.authors),
            ("process_engineer", "engineering", 2),
            ("product_owner", "engineering", 1),
            ("technician", "engineering", 3),
            ("warehouse", "logistics", 2),
        ):
            self._hire(role, team, count, draw)
        self.by_id = {person.id: person for person in self._people}
        self._crews: dict[int, list[Person]] = {}
        self._leads: dict[int, Person] = {}
        self.attendance: list[tuple[Person, str, int, int]] = []
        self._plan_shifts(chance.stream("shifts"))
        self._plan_office(chance.stream("office"))

    def __iter__(self) -> Iterator[Person]:
        """Go through all people."""
        return iter(self._people)

    def of(self, role: str) -> list[Person]:
        """Return the people of a role."""
        return [person for person in self._people if person.role == role]

    def crew(self, t: int) -> list[Person]:
        """Return the operators who are on shift at a moment of production."""
        return self._crews[shift_of(t)]

    def lead(self, t: int) -> Person:
        """Return the supervisor on shift."""
        return self._leads[shift_of(t)]

    def team(self, t: int) -> str:
        """Return the team on shift."""
        return team_of(shift_of(t))

    def in_office(self, person: Person, t: int) -> bool:
        """Tell whether an office person works on the day of a moment."""
        return t // DAY not in person.absent

    def next_in_office(self, role: str, t: int) -> tuple[int, Person]:
        """Return when somebody of a role is in the office next, and who."""
        while True:
            t = opening(t, OFFICE)
            for person in self.of(role):
                if self.in_office(person, t):
                    return t, person
            t = (t // DAY + 1) * DAY

    def office_work(self, person: Person, t: int, seconds: int) -> int:
        """Return when office work of a person ends, on a full minute."""
        end = after_work(t, seconds, OFFICE, lambda at: self.in_office(person, at))
        return -(-end // MINUTE) * MINUTE

    def _hire(self, role: str, team: str, count: int, draw: Draw) -> None:
        for _ in range(count):
            number = len(self._people)
            last = LAST[(number * 11 + number // len(LAST)) % len(LAST)]
            name = f"{FIRST[number * 7 % len(FIRST)]} {last}"
            months = int(draw.skewed(40, 0.9))
            person = Person(f"P{number + 101}", name, role, team, min(months, 420))
            self._people.append(person)

    def _plan_shifts(self, draw: Draw) -> None:
        for shift in range(self.weeks * SHIFTS_OF_A_WEEK):
            week, number = divmod(shift, SHIFTS_OF_A_WEEK)
            start = week * WEEK + PRODUCTION[0][0] + number * SHIFT
            team = team_of(shift)
            crew = [p for p in self._people if p.role == "operator" and p.team == team]
            there = [p for p in crew if not self._away(p, week, draw)]
            there += [p for p in crew if p not in there][: max(0, FEWEST_ON_SHIFT - len(there))]
            lead = next(p for p in self._people if p.role == "supervisor" and p.team == team)
            if self._away(lead, week, draw):
                lead = next(p for p in self._people if p.team == "reserve")
            self._crews[shift], self._leads[shift] = there, lead
            for person in (*there, lead):
                self._attend(person, team, start, start + SHIFT, draw)

    def _plan_office(self, draw: Draw) -> None:
        office = [p for p in self._people if p.role not in {"operator", "supervisor"}]
        for week in range(self.weeks):
            for opens, closes in OFFICE:
                start = week * WEEK + opens
                for person in office:
                    if self._away(person, week, draw):
                        person.absent.add(start // DAY)
                    else:
                        end = week * WEEK + closes
                        self._attend(person, person.team, start, end, draw)

    def _away(self, person: Person, week: int, draw: Draw) -> bool:
        """Tell whether somebody is away: a week of holiday in turn, or ill for a day."""
        turn = round(1 / HOLIDAY_WEEK)
        holiday = (week + int(person.id[1:]) * 5) % turn == 0
        return draw.happens(SICK_DAY) or holiday

    def _attend(self, person: Person, team: str, start: int, end: int, draw: Draw) -> None:
        early = MINUTE * draw.whole(2, 14)
        late = MINUTE * draw.whole(1, 12)
        self.attendance.append((person, team, start - early, end + late))


def team_of(shift: int) -> str:
    """Return the team of a shift: three rotate weekly, the fourth has the Saturday."""
    week, number = divmod(shift, SHIFTS_OF_A_WEEK)
    turn = 3 if number == SHIFTS_OF_A_WEEK - 1 else number % 3
    return TEAMS[(week + turn) % len(TEAMS)]
