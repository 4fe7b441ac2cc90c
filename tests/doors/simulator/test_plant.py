"""The plant before anything happens: its week, its chance, its people, its recipes."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
import simpy

from daytwo.doors.simulator.parameters.load import load
from daytwo.doors.simulator.plant.calendar import (
    DAY,
    HOUR,
    MINUTE,
    OFFICE,
    PRODUCTION,
    WEEK,
    Calendar,
    after_work,
    clear_of_change,
    closing,
    is_open,
    opening,
    shift_of,
    site_zone,
)
from daytwo.doors.simulator.plant.chance import Chance
from daytwo.doors.simulator.plant.conditions import MONTH, Conditions
from daytwo.doors.simulator.plant.desk import Desk
from daytwo.doors.simulator.plant.machines import serves, units
from daytwo.doors.simulator.plant.people import TEAMS, Roster, team_of
from daytwo.doors.simulator.plant.recipes import causes, materials, phrases, planted, products
from daytwo.doors.simulator.plant.site import Site

CALENDAR = Calendar(date(2024, 1, 8), ZoneInfo("Europe/Zurich"))
SATURDAY = 5 * DAY


def test_clock_is_the_sites_wall_clock():
    assert CALENDAR.local(6 * HOUR).isoformat() == "2024-01-08T06:00:00"
    assert CALENDAR.iso(6 * HOUR) == "2024-01-08T05:00:00Z"
    assert CALENDAR.iso(26 * WEEK) == "2024-07-07T22:00:00Z"
    assert CALENDAR.iso(None) is None
    assert CALENDAR.month(24 * DAY) == "2024-02"
    assert CALENDAR.hours(0, DAY) == 24
    assert site_zone("Europe/Zurich").key == "Europe/Zurich"


def test_week_opens_and_closes():
    assert opening(0, PRODUCTION) == 6 * HOUR
    assert opening(SATURDAY + 14 * HOUR, PRODUCTION) == WEEK + 6 * HOUR
    assert opening(DAY, PRODUCTION) == DAY
    assert closing(DAY, PRODUCTION) == SATURDAY + 14 * HOUR
    assert opening(4 * DAY + 17 * HOUR, OFFICE) == WEEK + 8 * HOUR
    assert closing(0, OFFICE) == 17 * HOUR
    assert opening(-DAY, OFFICE) == 8 * HOUR
    assert is_open(SATURDAY + 13 * HOUR, PRODUCTION)
    assert not is_open(SATURDAY + 14 * HOUR, PRODUCTION)


def test_work_goes_on_over_nights_and_absences():
    assert after_work(16 * HOUR, 2 * HOUR, OFFICE) == DAY + 9 * HOUR
    assert after_work(4 * DAY + 16 * HOUR, 2 * HOUR, OFFICE) == WEEK + 9 * HOUR
    away = after_work(16 * HOUR, 2 * HOUR, OFFICE, lambda t: t // DAY != 1)
    assert away == 2 * DAY + 9 * HOUR


def test_shifts_are_numbered_through_and_teams_rotate():
    assert shift_of(6 * HOUR) == 0
    assert shift_of(SATURDAY + 6 * HOUR) == 15
    assert shift_of(WEEK + 6 * HOUR) == 16
    assert [team_of(shift) for shift in (0, 1, 2, 3, 15, 16)] == ["A", "B", "C", "A", "D", "B"]
    for week in range(4):
        assert {team_of(week * 16 + shift) for shift in range(16)} == set(TEAMS)


def test_hours_of_a_change_of_clocks_are_left_out():
    sunday = 6 * DAY
    assert clear_of_change(sunday + 2 * HOUR) == sunday + 4 * HOUR
    assert clear_of_change(sunday + 5 * HOUR) == sunday + 5 * HOUR
    assert clear_of_change(2 * HOUR) == 2 * HOUR


def test_streams_are_repeatable_and_disturb_no_other():
    def drawn(chance, *name):
        draw = chance.stream(*name)
        return [draw.between(0, 1) for _ in range(3)]

    between = Chance(1)
    drawn(between, "something", "new")
    assert drawn(Chance(1), "batch", "F1") == drawn(Chance(1), "batch", "F1")
    assert drawn(between, "batch", "F1") == drawn(Chance(1), "batch", "F1")
    assert drawn(Chance(2), "batch", "F1") != drawn(Chance(1), "batch", "F1")
    assert drawn(Chance(1), "batch", "F2") != drawn(Chance(1), "batch", "F1")


def test_draws_follow_their_distributions():
    draw = Chance(4).stream("x")
    many = range(4_000)
    assert abs(sum(draw.happens(0.3) for _ in many) / 4_000 - 0.3) < 0.03
    assert {draw.whole(1, 3) for _ in many} == {1, 2, 3}
    assert abs(sum(draw.normal(5, 2) for _ in many) / 4_000 - 5) < 0.15
    assert abs(sorted(draw.skewed(7, 0.5) for _ in many)[2_000] - 7) < 0.4
    assert abs(sum(draw.waiting(3) for _ in many) / 4_000 - 3) < 0.2
    assert {draw.pick("ab") for _ in many} == {"a", "b"}
    assert abs(sum(draw.weighted([1, 3]) for _ in many) / 4_000 - 0.75) < 0.03
    assert abs(sum(draw.count(0.6) for _ in many) / 4_000 - 0.6) < 0.06


@pytest.fixture(scope="module")
def roster():
    return Roster(load(1), Chance(1), 20)


def test_every_shift_has_a_crew_and_a_lead(roster):
    for shift in range(20 * 16):
        week, number = divmod(shift, 16)
        t = week * WEEK + 6 * HOUR + number * 8 * HOUR
        crew = roster.crew(t)
        assert len(crew) >= 4
        assert {person.team for person in crew} == {roster.team(t)}
        assert roster.lead(t).role == "supervisor"


def test_teams_are_large_enough_to_be_shown(roster):
    for team in TEAMS:
        assert sum(p.team == team and p.role == "operator" for p in roster) >= 5
    names = [person.name for person in roster]
    assert len(set(names)) == len(names)


def test_office_work_is_done_when_the_person_is_there(roster):
    person = roster.of("qp")[0]
    away = min(person.absent)
    start = opening((away - 1) * DAY + 16 * HOUR, OFFICE)
    end = roster.office_work(person, start, 3 * HOUR)
    assert end // DAY not in person.absent
    assert end % MINUTE == 0
    t, other = roster.next_in_office("qp", away * DAY)
    assert roster.in_office(other, t)
    assert is_open(t, OFFICE)


def test_attendance_is_written_around_the_shift(roster):
    for person, _, start, end in roster.attendance:
        assert 8 * HOUR < end - start < 10 * HOUR, person


def test_desk_serves_the_most_urgent_first():
    env = simpy.Environment()
    roster = Roster(load(1), Chance(1), 4)
    desk = Desk(env, roster, roster.of("qp")[:1], share=0.5)
    begun = []
    turns = [
        desk.submit(30, urgency, lambda _, t, u=urgency: begun.append((u, t)))
        for urgency in (5, 1, 3)
    ]
    env.run(until=2 * WEEK)
    assert [urgency for urgency, _ in begun] == [1, 3, 5]
    for turn in (event.value for event in turns):
        assert turn.end - turn.start >= 60 * MINUTE
        assert is_open(turn.start, OFFICE)
        assert turn.start >= turn.asked


def test_desk_goes_on_while_somebody_is_away():
    env = simpy.Environment()
    roster = Roster(load(1), Chance(1), 4)
    people = roster.of("qa_reviewer")
    people[0].absent.update(range(28))
    people[1].absent.clear()
    desk = Desk(env, roster, people, share=1)
    done = [desk.submit(60) for _ in range(6)]
    env.run(until=WEEK)
    assert {event.value.person.id for event in done} == {people[1].id}


def test_recipes_are_whole():
    for product in products():
        assert 30 <= len(product.steps) <= 45
        assert [step.seq for step in product.steps] == list(range(1, len(product.steps) + 1))
        named = {step.parameter for step in product.steps} - {""}
        assert named == set(product.parameters)
        assert [step.sample for step in product.steps].count("final") == 1
        for step in product.steps:
            assert not step.material[0] or step.material[0] in materials()
            assert serves_somewhere(step.unit_class, product.line)
            if step.target:
                assert step.target.low < step.target.mean < step.target.high
        for test in product.tests:
            assert test.target.low <= test.target.mean <= test.target.high
            assert set(test.target.lots) <= set(materials())
    assert sum(product.share for product in products()) == pytest.approx(1)
    assert len({step.number for step in products()[0].steps}) == len(products()[0].steps)


def serves_somewhere(unit_class, line):
    return any(serves(unit, unit_class, line) for unit in units())


def test_causes_name_what_there_is():
    procedures = {p.code: {s.unit_procedure for s in p.steps} for p in products()}
    ids = [cause.id for cause in causes()]
    assert len(ids) == len(set(ids))
    for cause in causes():
        assert min(len(cause.titles), len(cause.seen), len(cause.done), len(cause.found)) >= 3
        assert any(cause.process in procedures[code] for code in cause.products)
    assert sum(cause.group != "" for cause in causes()) >= 5
    assert phrases().injection.startswith("=cmd|")


def test_planted_things_name_what_there_is():
    known = {p.code: p.parameters for p in products()}
    for entry in planted()["anomalies"]:
        assert entry["parameter"] in known[entry["product"]]
    for entry in planted()["improvements"]:
        assert (entry["factor"] == 1) == (entry["kind"] == "sham")
    assert {entry["material"] for entry in planted()["bad_lots"]} <= set(materials())


def test_conditions_decay_improve_and_are_relieved():
    conditions, decay = Conditions(load(1)), load(1).decay
    assert conditions.rate("late", 0) == decay.late_rate
    assert conditions.rate("late", int(MONTH)) == pytest.approx(
        decay.late_rate * (1 + decay.late_monthly), rel=1e-6
    )
    assert conditions.answer_days(int(MONTH)) > conditions.answer_days(0)
    at = next(e["t"] for e in conditions.improvements if e["id"] == "I1")
    assert conditions.factor("manual", "L1", at - 1) == 1
    assert conditions.factor("manual", "L1", at) == 0.25
    assert conditions.factor("manual", "L2", at) == 1
    assert conditions.residual("punch-wear", at) == 1
    conditions.relieve("punch-wear", 100, 0.25)
    conditions.relieve("punch-wear", 200, 0.5)
    assert conditions.residual("punch-wear", 99) == 1
    assert conditions.residual("punch-wear", 300) == 0.25


def test_decay_has_an_upper_bound():
    steep = load(1, figures={"decay": {"late_rate": 0.3, "late_monthly": 0.5}})
    assert Conditions(steep).rate("late", int(24 * MONTH)) == 0.6


def test_units_serve_their_line_or_all():
    booth, granulator = units()[0], units()[2]
    assert serves(booth, "booth", "L1")
    assert serves(booth, "booth", "L2")
    assert serves(granulator, "granulator", "L1")
    assert not serves(granulator, "granulator", "L2")
    assert not serves(booth, "press", "L1")


def test_site_numbers_and_hands_out_units():
    site = Site(load(1))
    assert [site.number("X", 3), site.number("X", 3), site.number("Y", 3)] == [
        "X-001",
        "X-002",
        "Y-001",
    ]
    got = site.acquire("press", "L2")
    site.env.run(until=1)
    assert got.value.id == "PR2"
    waiting = site.acquire_unit(got.value)
    site.env.run(until=2)
    assert not waiting.triggered
    site.give_back(got.value)
    site.env.run(until=3)
    assert waiting.value is got.value
    assert site.now == 3
