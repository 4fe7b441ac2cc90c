"""Reading a record: form, lines, and every issue at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daytwo.kernel.quantity import Quantity
from daytwo.record.recipes.document import EnterNumber, load, parse
from daytwo.record.recipes.document.reading import MAX_ISSUES
from daytwo.record.recipes.document.writing import to_yaml
from daytwo.record.recipes.enums import Severity, StepKind
from daytwo.record.recipes.errors import DocumentRefused
from tests.record.recipes.example import EXAMPLE, TEXT, changed

DEFECTIVE = Path(__file__).parents[1] / "defective" / "form.yaml"


def test_example_has_the_form() -> None:
    parsed = parse(TEXT)
    assert parsed.issues == ()
    assert parsed.record is not None
    assert parsed.record.id == "M-0001"
    assert len(parsed.record.steps()) == 37
    assert {placed.step.kind for placed in parsed.record.steps()} == set(StepKind)


def test_every_path_has_the_line_it_stands_on() -> None:
    lines = TEXT.splitlines()
    found = parse(TEXT).lines
    assert len(found) > 500
    for path, line in found.items():
        key = path.rpartition(".")[2]
        assert lines[line - 1].lstrip().startswith(("- ", f"{key}:")), (path, line)


def test_defective_form_names_every_issue_with_its_line() -> None:
    parsed = parse(DEFECTIVE.read_text(encoding="utf-8"))
    assert parsed.record is None
    step = "procedure[0].operations[0].phases[0].steps"
    assert {(issue.code, issue.path, issue.line) for issue in parsed.issues} == {
        ("document.duplicate_key", "batch_size", 10),
        ("document.type", "format", 2),
        ("document.text", "id", 3),
        ("document.type", "header.product.code", 6),
        ("document.text", "header.product.name", 7),
        ("document.unknown", "header.product.strengh", 8),
        ("document.quantity", "header.batch_size", 9),
        ("document.quantity", "header.unit_weight", 11),
        ("document.quantity", "formula.inputs[0].quantity", 16),
        ("document.type", "formula.inputs[0].removed", 17),
        ("document.type", f"{step}[0].kind", 29),
        ("document.type", f"{step}[1].datatype", 32),
        ("document.type", f"{step}[2].criticality", 37),
        ("document.type", f"{step}[2].calibrated", 41),
        ("document.missing", f"{step}[2].clean", 33),
    }
    assert all(issue.severity is Severity.ERROR for issue in parsed.issues)
    assert all(issue.detail.endswith(".") for issue in parsed.issues)


def test_load_refuses_with_every_issue() -> None:
    with pytest.raises(DocumentRefused) as refused:
        load(DEFECTIVE.read_text(encoding="utf-8"))
    assert len(refused.value.issues) == 15


def number_step(**entries: str) -> EnterNumber:
    def change(_: dict[str, Any], steps: dict[str, Any]) -> None:
        steps["CMP-060"].update(entries)

    record = load(changed(change).replace("'#", "").replace("#'", ""))
    step = next(placed.step for placed in record.steps() if placed.step.id == "CMP-060")
    assert isinstance(step, EnterNumber)
    return step


def test_bare_number_takes_the_unit_of_its_step_and_keeps_its_digits() -> None:
    step = number_step(action_high="#206.00#")
    assert str(step.action_high) == "206.00 mg"


def test_quantity_keeps_unit_and_digits_as_written() -> None:
    step = number_step(action_high="0.20600 g")
    assert str(step.action_high) == "0.20600 g"
    assert step.action_high == Quantity.parse("206 mg")


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "5kg",
        "+5 kg",
        "05 kg",
        "5. kg",
        ".5 kg",
        "1e3 kg",
        "5 kilo",
        "5  kg",
        "kg",
        "\u0665 kg",
    ],
)
def test_quantity_of_another_form_is_refused(text: str) -> None:
    parsed = parse(changed(lambda content, _: content["header"].update(batch_size=text)))
    assert [(issue.code, issue.path) for issue in parsed.issues] == [
        ("document.quantity", "header.batch_size")
    ]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"title": ""}, "text"),
        ({"title": "two\x0blines"}, "text"),
        ({"title": "ends "}, "text"),
        ({"title": "x" * 4001}, "text"),
        ({"title": None}, "type"),
        ({"title": ["a"]}, "type"),
        ({"title": 5}, "type"),
        ({"decimals": 13}, "type"),
        ({"decimals": -1}, "type"),
        ({"decimals": True}, "type"),
        ({"decimals": "1"}, "type"),
        ({"unit": "stone"}, "unit"),
        ({"name": "Weight"}, "text"),
        ({"qualification": "Q 1"}, "text"),
        ({"performed_by": "robot"}, "type"),
        ({"signatures": True}, "type"),
        ({"kind": ["weigh"]}, "type"),
        ({"datatype": None}, "type"),
        ({"target": ["1 mg"]}, "quantity"),
        ({"target": True}, "quantity"),
        ({"accepted": []}, "unknown"),
    ],
)
def test_wrong_value_of_a_step_is_refused(entries: dict[str, object], code: str) -> None:
    parsed = parse(changed(lambda _, steps: steps["CMP-060"].update(entries)))
    assert parsed.record is None
    assert [issue.code for issue in parsed.issues] == [f"document.{code}"]


@pytest.mark.parametrize("text", ["5", "just a text", "[]", "[1, 2]", "true", "null"])
def test_document_that_is_no_mapping_is_refused(text: str) -> None:
    parsed = parse(text)
    assert parsed.record is None
    assert [(issue.code, issue.line) for issue in parsed.issues] == [("document.type", 1)]


@pytest.mark.parametrize("value", [{}, "x", 5, None])
@pytest.mark.parametrize("key", ["procedure", "equipment"])
def test_list_is_needed_where_there_are_many(key: str, value: object) -> None:
    parsed = parse(changed(lambda content, _: content.update({key: value})))
    assert [(issue.code, issue.path) for issue in parsed.issues] == [("document.type", key)]


def test_issues_are_bounded() -> None:
    wrong = "format: 1\n" + "".join(f"key_{number}: 1\n" for number in range(5000))
    parsed = parse(wrong)
    assert len(parsed.issues) == MAX_ISSUES + 1
    assert parsed.issues[-1].code == "document.more"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab 1.%-", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "kind", "unit", "steps", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a plain tree."""
    if isinstance(value, dict):
        inner = [places(child, (*path, key)) for key, child in value.items()]
    elif isinstance(value, list):
        inner = [places(child, (*path, index)) for index, child in enumerate(value)]
    else:
        inner = []
    return [path, *[found for group in inner for found in group]]


PLACES = places(EXAMPLE.content())[1:]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_junk_in_any_place_gives_a_record_or_issues(place: tuple[Any, ...], junk: Any) -> None:
    content: Any = EXAMPLE.content()
    target = content
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = junk
    parsed = parse(to_yaml(content))
    assert (parsed.record is None) is bool(parsed.issues)
    if parsed.record is not None:
        assert parse(parsed.record.to_yaml()).record == parsed.record
