"""The record as a value: order of steps, content, hash."""

from __future__ import annotations

import dataclasses
import random

import pytest

from daytwo.record.recipes.document import load, parse
from daytwo.record.recipes.document.writing import to_yaml
from tests.record.recipes.example import EXAMPLE, TEXT, changed

GOLDEN_HASH = "e102ca86b68f0acbc1ec1899caaa83a02e653135f131c84f66731c879e1513e9"


def test_steps_come_in_the_order_of_the_text() -> None:
    placed = EXAMPLE.steps()
    assert [entry.number for entry in placed] == list(range(1, 38))
    ids = [entry.step.id for entry in placed]
    assert ids == sorted(ids, key=lambda identity: TEXT.index(f"- id: {identity}\n"))


def test_step_knows_its_place() -> None:
    last = EXAMPLE.steps()[-1]
    assert (last.unit_procedure.id, last.operation.id, last.phase.id, last.step.id) == (
        "UP-40",
        "OP-41",
        "PH-413",
        "COT-090",
    )
    assert last.path == "procedure[3].operations[0].phases[2].steps[1]"
    assert parse(TEXT).lines[last.path] > 600


@pytest.mark.requirement("R30")
def test_hash_of_the_content_stays_what_it_was() -> None:
    # Approvals and issued batches are bound to this: a change of the form must not move it.
    assert EXAMPLE.content_hash == GOLDEN_HASH


@pytest.mark.requirement("R30")
def test_hash_does_not_depend_on_layout_comments_or_order_of_keys() -> None:
    def shuffled(value: object) -> object:
        if isinstance(value, dict):
            keys = list(value)
            random.Random(7).shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    content = shuffled(EXAMPLE.content())
    assert isinstance(content, dict)
    again = load("# another comment\n" + to_yaml(content))
    assert again.content_hash == EXAMPLE.content_hash


@pytest.mark.requirement("R30")
@pytest.mark.parametrize(
    ("step", "entries"),
    [
        ("CMP-060", {"action_high": "206.1 mg"}),
        ("CMP-060", {"action_high": "206 mg"}),  # other digits, another statement of precision
        ("CMP-060", {"instruction": "Weigh 20 cores; enter their mean."}),
        ("CMP-060", {"signatures": "performed"}),
        ("DSP-030", {"tare_required": False}),
        ("COT-070", {"accepted": ["Conforms"]}),
    ],
)
def test_hash_changes_with_any_content(step: str, entries: dict[str, object]) -> None:
    other = load(changed(lambda _, steps: steps[step].update(entries)))
    assert other.content_hash != EXAMPLE.content_hash


@pytest.mark.requirement("R30")
def test_hash_changes_with_the_order_of_steps() -> None:
    phase = EXAMPLE.procedure[0].operations[0].phases[1]
    turned = dataclasses.replace(phase, steps=phase.steps[::-1])
    operation = dataclasses.replace(
        EXAMPLE.procedure[0].operations[0],
        phases=(EXAMPLE.procedure[0].operations[0].phases[0], turned),
    )
    unit_procedure = dataclasses.replace(EXAMPLE.procedure[0], operations=(operation,))
    other = dataclasses.replace(EXAMPLE, procedure=(unit_procedure, *EXAMPLE.procedure[1:]))
    assert other.content_hash != EXAMPLE.content_hash


def test_default_written_out_is_the_same_content() -> None:
    def change(content: dict, steps: dict) -> None:  # type: ignore[type-arg]
        content["formula"]["inputs"][0]["removed"] = False
        del steps["DSP-030"]["tare_required"]
        del steps["CMP-100"]["rounding"]

    assert load(changed(change)).content_hash == EXAMPLE.content_hash


def test_record_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EXAMPLE.id = "M-0002"  # type: ignore[misc]
