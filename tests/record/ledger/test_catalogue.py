"""The event catalogue: stable names, documented classes, every event there and back again."""

from __future__ import annotations

import dataclasses
import json
import os
import typing
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daytwo.kernel.canonical import canonical
from daytwo.kernel.clock import Day, day
from daytwo.kernel.errors import Fault
from daytwo.kernel.quantity import Quantity
from daytwo.record.ledger.catalogue import (
    _BY_CLASS,
    _BY_NAME,
    decode,
    entries,
    entry_for,
    entry_named,
    event,
    payload_of,
)
from daytwo.record.ledger.projections import handled_types

SNAPSHOT = Path(__file__).with_name("events.snapshot.json")
OURS = [entry for entry in entries() if entry.cls.__module__.startswith("daytwo.")]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
QUANTITIES = st.builds(
    Quantity,
    st.decimals(-(10**9), 10**9, allow_nan=False, places=3) | st.sampled_from([Decimal("2.50")]),
    st.sampled_from(["kg", "mg", "%", "tab", "Cel", "N", "min"]),
)
PLAIN = {
    str: WORDS,
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    bool: st.booleans(),
    Quantity: QUANTITIES,
    datetime: st.datetimes(timezones=st.just(UTC)),
    Day: st.dates().map(lambda date: day(date.isoformat())),
    typing.Any: st.none() | WORDS | st.integers(0, 9) | st.lists(WORDS, max_size=2),
}


def values_of(hint) -> st.SearchStrategy:
    """Return a strategy for one field of an event; a type that is not allowed has none."""
    if hint in PLAIN:
        return PLAIN[hint]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if type(None) in inner:
        (kind,) = (kind for kind in inner if kind is not type(None))
        return st.none() | values_of(kind)
    if origin is tuple:
        return st.lists(values_of(inner[0]), max_size=3).map(tuple)
    if origin is list:
        return st.lists(values_of(inner[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(WORDS, values_of(inner[1]), max_size=3)
    message = f"{hint} cannot stand in an event"
    raise AssertionError(message)


def events_of(cls) -> st.SearchStrategy:
    hints = typing.get_type_hints(cls)
    return st.builds(cls, **{f.name: values_of(hints[f.name]) for f in dataclasses.fields(cls)})


@pytest.mark.parametrize("entry", OURS, ids=lambda entry: entry.name)
def test_event_is_the_same_after_writing_and_reading(entry):
    @settings(max_examples=15)
    @given(events_of(entry.cls))
    def there_and_back(made):
        text = canonical(payload_of(made))
        assert decode(entry.name, json.loads(text)) == made
        assert canonical(payload_of(decode(entry.name, json.loads(text)))) == text

    there_and_back()


@pytest.mark.parametrize("entry", OURS, ids=lambda entry: entry.name)
def test_event_class_is_frozen_named_and_documented(entry):
    doc = entry.cls.__doc__ or ""
    assert doc.strip()
    assert not doc.startswith(f"{entry.cls.__name__}("), "written by the dataclass, not by a person"
    assert entry.cls.__dataclass_params__.frozen
    assert hasattr(entry.cls, "__slots__")
    assert entry.schema >= 1
    assert entry.name not in entry.cls.__module__


def shape() -> dict:
    return {
        entry.name: {
            "schema": entry.schema,
            "class": entry.cls.__name__,
            "says": " ".join(entry.cls.__doc__.split("\n\n")[0].split()),
            "fields": {
                f.name: f"{f.type}{'' if f.default is dataclasses.MISSING else f' = {f.default}'}"
                for f in dataclasses.fields(entry.cls)
            },
        }
        for entry in OURS
    }


def test_events_have_the_shape_that_was_agreed():
    """An old event must stay readable: a field that goes or changes needs a new schema version.

    After a deliberate addition run this test with `DAYTWO_SNAPSHOT=write` in the environment.
    """
    if os.environ.get("DAYTWO_SNAPSHOT") == "write":
        text = json.dumps(shape(), indent=1, ensure_ascii=False, sort_keys=True)
        SNAPSHOT.write_text(text + "\n", encoding="utf-8")
    assert shape() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_event_of_the_snapshot_can_still_be_read_without_its_later_fields():
    """A payload written before a defaulted field was added decodes by the default."""
    payload = {"batch_id": "B-1", "name": "yield", "actual": None, "percent": "99.0"}
    assert decode("batch.yield.recorded", payload).step_id is None


def test_field_that_is_no_longer_known_is_passed_over():
    assert decode("batch.started", {"batch_id": "B-1", "gone": 1}).batch_id == "B-1"


def test_every_projected_type_is_an_event_of_the_catalogue():
    assert set(handled_types()) <= {entry.name for entry in entries()}


@pytest.fixture
def scratch():
    """Let a test register events, and forget them."""
    by_name, by_class = dict(_BY_NAME), dict(_BY_CLASS)
    yield
    for registry, before in ((_BY_NAME, by_name), (_BY_CLASS, by_class)):
        registry.clear()
        registry.update(before)


@dataclass(frozen=True)
class Started:
    """Another thing that started."""

    thing: str


def test_second_class_of_one_name_is_refused(scratch):
    with pytest.raises(Fault, match="Two event classes"):
        event("batch.started")(Started)


def test_second_class_of_one_name_is_refused_although_it_is_called_the_same(scratch):
    twin = dataclass(frozen=True)(type("BatchStarted", (), {"__annotations__": {"batch_id": str}}))
    with pytest.raises(Fault, match="Two event classes"):
        event("batch.started")(twin)


@pytest.mark.parametrize(
    "name", ["Batch.started", "batch", "batch.", ".batch", "daytwo.record/x", "batch.9", ""]
)
def test_name_that_is_not_dotted_is_refused(scratch, name):
    with pytest.raises(Fault, match="not a dotted event name"):
        event(name)(Started)


def test_event_that_could_change_is_refused(scratch):
    with pytest.raises(Fault, match="frozen"):
        event("test.open")(dataclass(type("Open", (), {"__annotations__": {"a": str}})))
    with pytest.raises(Fault, match="frozen"):
        event("test.plain")(type("Plain", (), {}))


def test_unknown_name_and_class_are_faults():
    with pytest.raises(Fault, match="No event is named"):
        entry_named("batch.nothing")
    with pytest.raises(Fault, match="is not an event"):
        entry_for("text")


def test_kinds_of_fields_are_written_as_plain_json(scratch):
    @event("test.kinds", 3)
    @dataclass(frozen=True, slots=True)
    class Kinds:
        """Has one field of each kind."""

        amount: Quantity
        maybe: Quantity | None
        at: datetime
        later: datetime | None
        names: tuple[str, ...]

    at = datetime(2026, 1, 2, tzinfo=UTC)
    made = Kinds(Quantity(Decimal("2.50"), "%"), None, at, None, ("a",))
    assert payload_of(made) == {
        "amount": {"value": "2.50", "unit": "%"},
        "maybe": None,
        "at": "2026-01-02T00:00:00.000000Z",
        "later": None,
        "names": ["a"],
    }
    assert decode("test.kinds", payload_of(made)) == made
    assert entry_named("test.kinds").schema == 3
