"""The running plant: its clock, people, machines and materials, and the rows it has written."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import simpy

from daytwo.doors.simulator.plant.calendar import WEEK, Calendar, site_zone
from daytwo.doors.simulator.plant.chance import Chance
from daytwo.doors.simulator.plant.conditions import Conditions
from daytwo.doors.simulator.plant.desk import Desk
from daytwo.doors.simulator.plant.machines import Unit, serves, units
from daytwo.doors.simulator.plant.people import Roster
from daytwo.doors.simulator.plant.recipes import products

if TYPE_CHECKING:
    from collections.abc import Generator

    from daytwo.doors.simulator.flow.batch import Batch
    from daytwo.doors.simulator.flow.changes import Masters
    from daytwo.doors.simulator.flow.stock import Stock
    from daytwo.doors.simulator.flow.values import Anomalies
    from daytwo.doors.simulator.parameters.shape import Parameters

Row = dict[str, Any]
"""A row of an export, by column; keys with a leading underscore are not exported."""

RUN_OUT_WEEKS = 26
"""The plant runs on after the period, unseen, so that open batches have a true end."""


class Site:
    """Everything that processes share."""

    stock: Stock
    masters: Masters
    anomalies: Anomalies

    def __init__(self, parameters: Parameters) -> None:
        """Build the plant, before anything happens."""
        self.parameters = parameters
        self.end = parameters.weeks * WEEK
        weeks = parameters.weeks + RUN_OUT_WEEKS + 4
        self.env = simpy.Environment()
        self.chance = Chance(parameters.seed)
        self.calendar = Calendar(parameters.start, site_zone(parameters.time_zone))
        self.conditions = Conditions(parameters)
        self.roster = Roster(parameters, self.chance, weeks)
        self.tables: defaultdict[str, list[Row]] = defaultdict(list)
        self.truth: defaultdict[str, list[Row]] = defaultdict(list)
        self.batches: list[Batch] = []
        self.units = units()
        self.pool = simpy.FilterStore(self.env)
        self.pool.items.extend(self.units)
        self.versions = {product.code: 1 for product in products()}
        self.chromatographs = simpy.PriorityResource(self.env, parameters.laboratory.chromatographs)
        self._numbers: Counter[str] = Counter()
        self.desks = {
            name: Desk(self.env, self.roster, self.roster.of(role), self._share(name))
            for name, role in (
                ("production", "production_reviewer"),
                ("analysts", "qc_analyst"),
                ("results", "qc_reviewer"),
                ("qa", "qa_reviewer"),
                ("qp", "qp"),
                ("investigators", "investigator"),
                ("authors", "mbr_author"),
                ("engineers", "process_engineer"),
                ("owner", "product_owner"),
            )
        }

    def _share(self, desk: str) -> float:
        if desk in {"analysts", "results"}:
            return self.parameters.laboratory.office_share
        return self.parameters.plant.office_share

    @property
    def now(self) -> int:
        """Return the site's clock in whole seconds."""
        return int(self.env.now)

    def add(self, table: str, **row: Any) -> Row:
        """Write a row of an export; its cells may be completed later."""
        self.tables[table].append(row)
        return row

    def number(self, prefix: str, width: int = 6) -> str:
        """Return the next number of a kind, such as `EXC-000012`."""
        self._numbers[prefix] += 1
        return f"{prefix}-{self._numbers[prefix]:0{width}}"

    def until(self, t: int) -> simpy.Event:
        """Return the event of a moment; at once when it has passed."""
        return self.env.timeout(max(0, t - self.env.now))

    def acquire(self, unit_class: str, line: str) -> simpy.Event:
        """Queue for a free unit of a class."""
        return self.pool.get(lambda unit: serves(unit, unit_class, line))

    def acquire_unit(self, wanted: Unit) -> simpy.Event:
        """Queue for a certain unit."""
        return self.pool.get(lambda unit: unit is wanted)

    def give_back(self, unit: Unit) -> None:
        """Let the next one have a unit."""
        self.pool.put(unit)

    def go(self, process: Generator[simpy.Event, Any, Any]) -> simpy.Process:
        """Start a process."""
        return self.env.process(process)
