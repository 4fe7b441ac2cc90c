"""KPI definitions: complete, unique, found by discovery."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daytwo.insight.kpis.definition import Definition, all_definitions, definition, register
from daytwo.kernel.errors import Fault, Unknown


@pytest.mark.parametrize("found", all_definitions(), ids=lambda d: d.id)
def test_every_definition_is_complete(found: Definition) -> None:
    assert all(getattr(found, name) not in ("", None) for name in Definition.__dataclass_fields__)
    assert found.trend.split()[0] in {"lower", "higher"}
    assert found.observe([]) == []


def test_second_definition_of_an_id_is_refused() -> None:
    with pytest.raises(Fault, match="K1"):
        register(definition("K1"))


def test_definition_with_an_empty_field_is_refused() -> None:
    with pytest.raises(Fault, match="guard"):
        register(replace(definition("K1"), id="K999", guard=""))


def test_unknown_id_names_those_that_exist() -> None:
    with pytest.raises(Unknown, match="K1"):
        definition("nonsense")
