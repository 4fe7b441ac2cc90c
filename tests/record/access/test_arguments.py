"""What may come in as an argument: plain identifiers, texts and numbers that can be kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.kernel.canonical import canonical
from daytwo.kernel.errors import Refused
from daytwo.kernel.quantity import Quantity
from daytwo.record.access.arguments import LONGEST_TEXT, WIDEST_INTEGER, check_arguments, plain

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["batch_id", "reason", "entry", "number"]), VALUES))
def test_what_is_let_in_can_be_written_on_both_databases(arguments):
    refused = None
    try:
        check_arguments(arguments)
    except Refused as error:
        refused = error
    if refused is not None:
        assert refused.code in {"command.identifier", "command.text", "command.number"}
        assert refused.info["argument"] in arguments
        return
    text = canonical(plain(arguments)).decode()
    assert "\\u0000" not in text
    text.encode()


@pytest.mark.parametrize("good", ["B-0001", "L-RM.1:2/3_4", "x", "9" * 80, ""])
def test_plain_identifier_is_let_in(good):
    check_arguments({"batch_id": good})


@pytest.mark.parametrize(
    "bad", ["B 1", "B\n", "-B", ".", "B\x00", "ü", "٣", "B'", "B%", "x" * 81, "\ud800", " B-0001"]
)
def test_identifier_of_other_signs_is_refused(bad):
    with pytest.raises(Refused, match="batch_id must be made of") as told:
        check_arguments({"batch_id": bad})
    assert told.value.code == "command.identifier"


@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "\ud800", "\x1b[0m", "\ufffe", "\x7f"])
@pytest.mark.parametrize("wrap", [str, lambda t: {"a": t}, lambda t: {t: "a"}, lambda t: [t]])
def test_text_that_cannot_be_kept_is_refused_wherever_it_stands(bad, wrap):
    with pytest.raises(Refused) as told:
        check_arguments({"reason": wrap(bad)})
    assert told.value.code == "command.text"


@pytest.mark.parametrize("good", ["", "Zoë", "two\nlines\ttab\r", "\U0001f48a", "x" * LONGEST_TEXT])
def test_what_people_write_is_let_in(good):
    check_arguments({"reason": good, "entry": {"value": good}})


def test_text_beyond_all_measure_is_refused():
    with pytest.raises(Refused):
        check_arguments({"reason": "x" * (LONGEST_TEXT + 1)})


@pytest.mark.parametrize("number", [WIDEST_INTEGER + 1, -WIDEST_INTEGER - 1, 10**400])
def test_number_that_no_column_holds_is_refused(number):
    check_arguments({"number": WIDEST_INTEGER, "flag": True, "none": None})
    with pytest.raises(Refused) as told:
        check_arguments({"number": number})
    assert told.value.code == "command.number"
    with pytest.raises(Refused):
        check_arguments({"numbers": [number]})


def test_plain_is_json_and_tells_values_apart():
    at = datetime(2026, 1, 2, tzinfo=UTC)
    value = {"a": (1, "1", True, None), "q": Quantity(Decimal("2.50"), "kg"), "at": at}
    assert plain(value) == {
        "a": [1, "1", True, None],
        "q": {"value": "2.50", "unit": "kg"},
        "at": "2026-01-02T00:00:00.000000Z",
    }
    assert json.loads(canonical(plain(value))) == plain(value)
    assert plain(Quantity(Decimal("2.5"), "kg")) != plain(value)["q"]
