"""The published JSON Schema says what the document is."""

from __future__ import annotations

import dataclasses
import json
import re
import typing
from enum import StrEnum
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml

from daytwo.kernel.units import UNITS
from daytwo.record.recipes.analysis import analyse
from daytwo.record.recipes.document import (
    MasterBatchRecord,
    Operation,
    Phase,
    UnitProcedure,
    header,
    load,
    parse,
    steps,
)
from daytwo.record.recipes.document.writing import to_yaml
from daytwo.record.recipes.issues import errors_in
from tests.record.recipes.example import EXAMPLE, TEXT, changed

SCHEMA = json.loads(
    files("daytwo")
    .joinpath("record/recipes/master_batch_record.schema.json")
    .read_text(encoding="utf-8")
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DEFS = SCHEMA["$defs"]
HEADER = DEFS["header"]["properties"]
FORMULA = DEFS["formula"]["properties"]
OBJECTS: list[tuple[type[Any], dict[str, Any]]] = [
    (MasterBatchRecord, SCHEMA),
    (header.Header, DEFS["header"]),
    (header.Product, HEADER["product"]),
    (header.TheoreticalYield, HEADER["theoretical_yield"]),
    (header.ActiveIngredient, HEADER["active_ingredients"]["items"]),
    (header.Container, HEADER["containers"]["items"]),
    (header.Label, HEADER["labels"]["items"]),
    (header.SpecificationReference, HEADER["specifications"]["items"]),
    (header.SamplingInstruction, HEADER["sampling"]["items"]),
    (header.Formula, DEFS["formula"]),
    (header.Component, FORMULA["inputs"]["items"]),
    (header.Parameter, FORMULA["parameters"]["items"]),
    (header.Output, FORMULA["outputs"]["items"]),
    (header.EquipmentRequirement, DEFS["equipment_requirement"]),
    (UnitProcedure, DEFS["unit_procedure"]),
    (Operation, DEFS["operation"]),
    (Phase, DEFS["phase"]),
    (steps.Confirm, DEFS["confirm"]),
    (steps.EnterNumber, DEFS["enter_number"]),
    (steps.EnterText, DEFS["enter_text"]),
    (steps.EnterChoice, DEFS["enter_choice"]),
    (steps.Weigh, DEFS["weigh"]),
    (steps.ChargeMaterial, DEFS["charge_material"]),
    (steps.CheckEquipment, DEFS["check_equipment"]),
    (steps.LineClearance, DEFS["line_clearance"]),
    (steps.Yield, DEFS["yield"]),
]


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_example_is_valid_as_written_and_as_content() -> None:
    VALIDATOR.validate(yaml.safe_load(TEXT))
    VALIDATOR.validate(EXAMPLE.content())


@pytest.mark.parametrize(("cls", "schema"), OBJECTS)
def test_schema_has_the_fields_of_the_document(cls: type[Any], schema: dict[str, Any]) -> None:
    fields = {entry.name: entry for entry in dataclasses.fields(cls)}
    tags = {tag for tag in ("kind", "datatype") if hasattr(cls, tag)}
    needed = {name for name, e in fields.items() if e.default is dataclasses.MISSING}
    assert schema["properties"].keys() == fields.keys() | tags
    assert set(schema["required"]) >= needed | tags
    assert schema["additionalProperties"] is False
    for name, entry in schema["properties"].items():
        stated = fields[name].default if name in fields else dataclasses.MISSING
        if entry.get("default") is not None:
            assert entry["default"] == stated
    hints = typing.get_type_hints(cls, include_extras=True)
    for name in fields:
        if isinstance(hints[name], type) and issubclass(hints[name], StrEnum):
            assert schema["properties"][name]["enum"] == [str(word) for word in hints[name]]


def test_every_part_of_the_schema_is_described() -> None:
    def check(schema: dict[str, Any], path: str) -> None:
        assert schema.get("description"), path
        for name, inner in schema.get("properties", {}).items():
            check(inner, f"{path}.{name}")
        if "items" in schema and "$ref" not in schema["items"]:
            check(schema["items"], f"{path}[]")

    check({**SCHEMA, "properties": {}}, "")
    for name, inner in [*SCHEMA["properties"].items(), *DEFS.items()]:
        if name not in {"header", "formula"} or "$ref" not in inner:
            properties = {} if name == "step" else inner.get("properties", {})
            check({**inner, "properties": properties}, name)


def test_schema_knows_every_unit() -> None:
    assert DEFS["unit"]["enum"] == list(UNITS)
    for code in UNITS:
        assert re.search(DEFS["quantity"]["pattern"], f"-12.50 {code}")
    for wrong in ("12", "12 stone", "1e5 kg", "05 kg", "12kg", "12  kg"):
        assert not VALIDATOR.evolve(schema=DEFS["quantity"]).is_valid(wrong)


ELEMENTS = [
    # 21 CFR 211.186(b), clause by clause.
    ("header", "product", "name"),
    ("header", "product", "strength"),
    ("header", "product", "dosage_form"),
    ("header", "active_ingredients"),
    ("header", "unit_weight"),
    ("formula", "inputs"),
    ("formula", "inputs", 0, "name"),
    ("formula", "inputs", 0, "material"),
    ("formula", "inputs", 0, "quality"),
    ("formula", "inputs", 0, "quantity"),
    ("header", "theoretical_yield"),
    ("header", "theoretical_yield", "low"),
    ("header", "theoretical_yield", "high"),
    ("header", "containers"),
    ("header", "labels"),
    ("header", "labels", 0, "specimen"),
    ("header", "labels", 0, "approved_by"),
    ("header", "labels", 0, "approved_on"),
    ("procedure",),
    ("header", "specifications"),
    ("header", "sampling"),
    ("header", "precautions"),
]


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("element", ELEMENTS, ids=lambda e: ".".join(map(str, e)))
def test_record_without_an_element_of_211_186_is_refused(element: tuple[Any, ...]) -> None:
    content: Any = EXAMPLE.content()
    target = content
    for key in element[:-1]:
        target = target[key]
    del target[element[-1]]
    assert not VALIDATOR.is_valid(content)
    parsed = parse(to_yaml(content))
    errors = parsed.issues or errors_in(analyse(parsed.record, parsed.lines))  # type: ignore[arg-type]
    assert errors


@pytest.mark.parametrize(
    ("step", "entries"),
    [
        ("DSP-030", {"kind": "stir"}),
        ("DSP-030", {"colour": "red"}),
        ("COT-070", {"datatype": "number"}),
        ("COT-070", {"id": "cot-070"}),
        ("COT-070", {"options": ["Conforms"]}),
        ("CMP-060", {"target": "two hundred"}),
        ("CMP-060", {"decimals": 13}),
        ("CMP-100", {"actual_step": "COT-080"}),
        ("CMP-100", {"low": "0.95"}),
        ("CMP-100", {"name": "actual"}),
        ("CMP-100", {"expression": "actual % theoretical"}),
        ("DSP-010", {"items": []}),
    ],
)
def test_wrong_step_is_refused_by_schema_and_by_reading(step: str, entries: dict[str, Any]) -> None:
    text = changed(lambda _, found: found[step].update(entries))
    assert not VALIDATOR.is_valid(yaml.safe_load(text))
    parsed = parse(text)
    assert parsed.issues or errors_in(analyse(load(text)))
