"""Records in a known state: each stage of one batch is made once a session, then copied."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, connections

from daytwo.kernel.ids import new_id
from daytwo.record.access.clockwatch import forget_anchor
from daytwo.record.batches import commands as b
from daytwo.record.ledger import writer
from daytwo.record.release import commands as rel
from tests import floor, postgresql
from tests.conftest import POSTGRESQL, Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OLGA, OTTO, SAM, QUINN, QUENTIN, ARON = map(
    Person, ["olga", "otto", "sam", "quinn", "quentin", "aron"]
)
IN_PROCESS = "CMP-060"
"""The first in-process control of the example: action limits, and a hold when they are left."""


def _issue() -> None:
    floor.approve_master(ARON, SAM, QUINN)
    floor.stock(SAM, QUINN)
    floor.issue(SAM)


def _compress() -> None:
    floor.do_until(OLGA, OTTO, IN_PROCESS)


def _make() -> None:
    floor.do_all(OLGA, OTTO)


def _complete() -> None:
    SAM.does(b.complete_record, batch_id=floor.BATCH)


def _review() -> None:
    QUENTIN.does(rel.open_review, batch_id=floor.BATCH)
    QUENTIN.does(rel.review_record, batch_id=floor.BATCH)


MAKING: dict[str, tuple[str, Callable[[], None]]] = {
    "issued": ("cast", _issue),
    "compressing": ("issued", _compress),
    "made": ("compressing", _make),
    "completed": ("made", _complete),
    "reviewed": ("completed", _review),
}
"""From which stage each one is made, and how."""


class Stages:
    """The stages made so far in this session, by the name of their database."""

    def __init__(self, cast: str, folder: Path) -> None:
        self._made = {"cast": cast}
        self._folder = folder

    def source(self, stage: str) -> str:
        """Return the database of a stage, making it and those before it at the first call."""
        if stage not in self._made:
            before, make = MAKING[stage]
            name = branch(self.source(before), self._folder / stage)
            with _at(name):
                make()
            self._made[stage] = name
        return self._made[stage]

    @contextmanager
    def copy(self, stage: str, folder: Path | None = None) -> Iterator[None]:
        """Work on a copy of a stage, and throw it away."""
        name = branch(self.source(stage), folder or self._folder / new_id())
        with _at(name):
            yield
        if POSTGRESQL:
            postgresql.drop(name)


def branch(source: str, folder: Path) -> str:
    """Copy a database that nobody is connected to; return the copy's name."""
    if POSTGRESQL:
        return postgresql.copy(source)
    folder.mkdir(exist_ok=True)
    name = str(folder / "daytwo.sqlite3")
    shutil.copy(source, name)
    return name


@contextmanager
def _at(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    _leave()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        _leave()
        connection.settings_dict["NAME"] = before


def _leave() -> None:
    writer.close()
    connections.close_all()
    forget_anchor()
