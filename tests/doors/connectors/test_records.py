"""A record's identity is its natural key; its digest tells a repeat from a change."""

from __future__ import annotations

import uuid

from daytwo.doors.connectors.records import Remark, command_id_for, digest_of
from daytwo.record.batches.events import ParameterRecorded


def test_command_id_is_the_same_on_every_machine() -> None:
    assert command_id_for("mes", "north", "batch", ["3-164"]) == (
        "3d81c768-1a65-517e-a760-612e19986d60"
    )


def test_command_id_is_a_uuid5_of_its_parts() -> None:
    space = uuid.UUID("5a1ba4de-8f0c-5d7e-9f53-3b1f5c0f2d27")
    for key in (["3-164"], ["a", "ü"], []):
        name = "\x1f".join(["mes", "north", "batch", *key])
        assert command_id_for("mes", "north", "batch", key) == str(uuid.uuid5(space, name))


def test_command_id_differs_with_each_part() -> None:
    ids = {
        command_id_for("mes", "north", "batch", ["a", "b"]),
        command_id_for("mes", "north", "batch", ["ab"]),
        command_id_for("mes", "north", "lot", ["a", "b"]),
        command_id_for("mes", "south", "batch", ["a", "b"]),
        command_id_for("erp", "north", "batch", ["a", "b"]),
    }
    assert len(ids) == 5


def test_digest_follows_the_content() -> None:
    one = ParameterRecorded("B", "Speed", "2.50", "")
    assert digest_of([one]) == digest_of([ParameterRecorded("B", "Speed", "2.50", "")])
    assert digest_of([one]) != digest_of([ParameterRecorded("B", "Speed", "2.5", "")])


def test_remark_as_json_is_the_contract() -> None:
    assert Remark("a.csv", 3, "water", "is odd").as_json() == {
        "file": "a.csv",
        "row": 3,
        "field": "water",
        "why": "is odd",
    }
