from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from daytwo.doors.api.failures import DoorRefused
from daytwo.doors.api.fields import (
    ID_PATTERN,
    Exact,
    Moment,
    Whole,
    body_of,
    command_id,
    statement_body_of,
)
from daytwo.kernel.errors import Fault, Refused
from daytwo.kernel.quantity import Quantity
from daytwo.record.access.arguments import check_arguments
from daytwo.record.access.authority import COMMANDS, Context
from daytwo.record.batches import commands as b
from daytwo.record.resources import commands as m


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_body_has_exactly_the_arguments_of_its_command(name: str) -> None:
    command = COMMANDS[name]
    wanted = {
        p.name
        for p in inspect.signature(command.function).parameters.values()
        if p.kind is inspect.Parameter.KEYWORD_ONLY
    }
    extra = {"command_id"} | ({"signing"} if command.signed else set())
    assert set(body_of(command).model_fields) == wanted | extra
    assert set(statement_body_of(command).model_fields) == wanted


def test_arguments_reach_the_command_as_its_own_types() -> None:
    body = body_of(m.receive_lot).model_validate(
        {
            "lot_id": "L-1",
            "material_code": "M",
            "material_name": "Name",
            "quantity": {"value": "2.50", "unit": "kg"},
        }
    )
    given = body.arguments()
    assert given["quantity"] == Quantity(Decimal("2.50"), "kg")
    assert str(given["quantity"]) == "2.50 kg"
    assert (given["expires_on"], given["supplier"]) == (None, None)
    assert "command_id" not in given


def test_default_of_the_command_is_the_default_of_its_body() -> None:
    found = body_of(COMMANDS["quality.classify_discrepancy"]).model_fields["classification"]
    assert found.default == ""
    assert body_of(b.report_discrepancy).model_fields["step_id"].default is None
    assert body_of(b.report_discrepancy).model_fields["batch_id"].is_required()


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("extra", ["occurred_at", "recorded_at", "now", "at", "time", "by"])
def test_body_takes_no_time_and_no_person(extra: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        body_of(b.hold_batch).model_validate({"batch_id": "B", "reason": "x", extra: "2001"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("batch_id", 7),
        ("batch_id", ""),
        ("batch_id", "B 1"),
        ("batch_id", "../x"),
        ("batch_id", "x" * 81),
        ("batch_id", None),
        ("batch_id", ["B"]),
        ("stop_work", 1),
        ("stop_work", "true"),
        ("description", "x" * 4001),
        ("description", {"a": 1}),
        ("step_id", 3),
    ],
)
def test_value_of_another_form_is_refused(field: str, value: object) -> None:
    right = {"batch_id": "B-1", "description": "x", "stop_work": False, "step_id": None}
    assert body_of(b.report_discrepancy).model_validate(right)
    with pytest.raises(ValidationError):
        body_of(b.report_discrepancy).model_validate({**right, field: value})


@pytest.mark.parametrize("value", [-1, 2**31, 10**400, True, 1.0, "1", None, 1.5])
def test_number_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Whole).validate_python(value)


@pytest.mark.parametrize(
    "value",
    [
        {"value": 2.5, "unit": "kg"},
        {"value": "2.5"},
        {"value": "2,5", "unit": "kg"},
        {"value": "1e5", "unit": "kg"},
        {"value": "NaN", "unit": "kg"},
        {"value": "2.5", "unit": "stone"},
        {"value": "9" * 19, "unit": "kg"},
        {"value": "2.5", "unit": "kg", "x": 1},
        "2.5 kg",
        2.5,
    ],
)
def test_amount_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Exact).validate_python(value)


@given(st.datetimes(timezones=st.timezones()))
def test_moment_is_taken_in_universal_time(moment: datetime) -> None:
    if not 2 <= moment.year <= 9998 or (moment.utcoffset() or moment.dst()) is None:
        return
    text = moment.isoformat()
    if not re.search(r"[+-]\d\d:\d\d$", text):
        return
    found = TypeAdapter(Moment).validate_python(text)
    assert found == moment.astimezone(UTC)
    assert found.utcoffset().total_seconds() == 0


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026-11-23T10:00:00",
        "1700000000",
        1700000000,
        "now",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-11-23T25:00:00Z",
        None,
    ],
)
def test_moment_of_another_form_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(text)


def test_command_id_comes_from_body_or_header() -> None:
    assert command_id("abcd-1234", None) == "abcd-1234"
    assert command_id(None, "abcd-1234") == "abcd-1234"
    assert command_id("abcd-1234", "abcd-1234") == "abcd-1234"


@pytest.mark.parametrize(
    ("in_body", "in_header"),
    [
        (None, None),
        ("short", None),
        (None, "with blank"),
        ("abcd-1234", "abcd-1235"),
        (None, "x" * 101),
        (None, "abcd-1234\n"),
        (None, ""),
    ],
)
def test_command_id_of_another_form_is_refused(in_body: str | None, in_header: str | None) -> None:
    with pytest.raises(DoorRefused) as caught:
        command_id(in_body, in_header)
    assert (caught.value.status, caught.value.code) == (422, "api.command_id")


@given(st.text(max_size=90) | st.from_regex(ID_PATTERN))
def test_ids_are_those_of_the_record(text: str) -> None:
    try:
        check_arguments({"batch_id": text})
    except Refused:
        taken = False
    else:
        taken = bool(text)
    body = {"batch_id": text, "reason": "x"}
    try:
        body_of(b.hold_batch).model_validate(body)
    except ValidationError:
        assert not taken
    else:
        assert taken


def test_argument_without_a_known_form_is_a_fault() -> None:
    def verb(ctx: Context, *, weight: float) -> list: ...
    def other(ctx: Context, *, thing: Nowhere) -> list: ...  # noqa: F821 - that is the case

    for function in (verb, other):
        with pytest.raises(Fault, match=r"no form|Nowhere"):
            body_of(replace(b.hold_batch, function=function))
