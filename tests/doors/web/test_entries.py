"""Entries as they are read."""

from __future__ import annotations

from daytwo.doors.web.entries import fields
from tests import floor

STEPS = {placed.step.id: placed.step for placed in floor.MASTER.steps()}


def test_weighing_is_read_in_the_order_of_the_work_with_units() -> None:
    entry = {"balance": "B-1", "gross": "14.000", "lot": "L-1", "tare": "2.000"}
    assert fields(STEPS["DSP-030"], entry, {"net": "12.000 kg"}) == (
        ("Lot", "L-1"),
        ("Balance", "B-1"),
        ("Tare", "2.000 kg"),
        ("Gross", "14.000 kg"),
        ("Net", "12.000 kg"),
    )


def test_value_is_read_with_the_unit_of_its_result() -> None:
    assert fields(STEPS["CMP-060"], {"value": "200.1"}, {"value": "200.1 mg"}) == (
        ("Value", "200.1 mg"),
    )


def test_tick_is_read_in_the_words_of_its_item() -> None:
    read = fields(STEPS["DSP-010"], {"item-1": "yes"}, {})
    assert read == (("No material, label or document of another batch is present", "yes"),)
