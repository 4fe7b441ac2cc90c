"""The projection registry: a name once, in the ledger's order, in the transaction."""

from __future__ import annotations

import pytest

from daytwo.kernel.errors import Fault
from daytwo.record.ledger.projections import (
    _HANDLERS,
    _PROJECTIONS,
    Projection,
    handled_types,
    project,
    projections,
)
from tests.record.ledger.notes import write_notes


@pytest.fixture(autouse=True)
def scratch():
    """Let a test register projections, and forget them."""
    names, handlers = dict(_PROJECTIONS), {k: list(v) for k, v in _HANDLERS.items()}
    yield
    _PROJECTIONS.clear()
    _PROJECTIONS.update(names)
    _HANDLERS.clear()
    _HANDLERS.update(handlers)


def test_second_projection_of_one_name_is_refused():
    with pytest.raises(Fault, match="Two projections are named 'access'"):
        Projection("access", ())
    Projection("test", ())
    with pytest.raises(Fault, match="'test'"):
        Projection("test", ())


def test_every_capability_registers_lower_floors_first():
    names = [projection.name for projection in projections()]
    floors = ["access", "resources", "recipes", "batches", "laboratory", "quality", "release"]
    assert [name for name in names if name in floors] == floors


def test_no_table_has_two_writers():
    tables = [model for projection in projections() for model in projection.models]
    assert len(tables) == len(set(tables))


def test_handlers_hear_their_types_in_the_order_of_the_ledger(site):
    heard = []
    mine = Projection("test", ())
    mine.on("batch.comment.added", "batch.held")(lambda e: heard.append((e.seq, e.type)))
    events = write_notes("one", "two").events
    assert heard == [(e.seq, "batch.comment.added") for e in events]
    assert mine.types == {"batch.comment.added", "batch.held"}
    assert {"batch.comment.added", "batch.held"} <= set(handled_types())
    _HANDLERS["batch.comment.added"] = [lambda e: heard.append(e.version)]
    project(events)
    assert heard[2:] == [1, 2]


def test_handler_that_fails_takes_the_command_back(site):
    mine = Projection("test", ())
    seen = []

    @mine.on("batch.comment.added")
    def fail(event):
        seen.append(event)
        raise ValueError(event.payload["comment"])

    with pytest.raises(ValueError, match="one"):
        write_notes("one")
    _HANDLERS["batch.comment.added"].remove(fail)
    assert [e.version for e in write_notes("two").events] == [seen[0].version]
