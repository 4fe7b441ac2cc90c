"""Older versions of B2MML: elements whose meaning is the same are read by their present names."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from daytwo.doors.connectors.b2mml.kinds import NAMESPACE
from daytwo.doors.connectors.formats import Misfit

if TYPE_CHECKING:
    from collections.abc import Mapping

_OLD = re.compile(r"http://www\.(?:mesa|wbf)\.org/xml/b2mml-v0([456])[0-9]{2}", re.IGNORECASE)

CURRENT = 7

_RENAMED = MappingProxyType(
    {
        # Production became one kind of operations with V0600.
        "ProductionSchedule": "OperationsSchedule",
        "ProductionRequest": "OperationsRequest",
        "ProductionPerformance": "OperationsPerformance",
        "ProductionResponse": "OperationsResponse",
        "ProductionData": "SegmentData",
        "ProductionParameter": "SegmentParameter",
        "ProductionScheduleID": "OperationsScheduleID",
        "ProductionRequestID": "OperationsRequestID",
        "ProductProductionRuleID": "OperationsDefinitionID",
        "ProductSegmentID": "OperationsSegmentID",
        "MaterialProducedRequirement": "MaterialRequirement",
        "MaterialConsumedRequirement": "MaterialRequirement",
        "ConsumableExpectedRequirement": "MaterialRequirement",
        "MaterialProducedActual": "MaterialActual",
        "MaterialConsumedActual": "MaterialActual",
        "ConsumableActual": "MaterialActual",
        # The batch production record before version 7.
        "ExecutedControlRecipes": "ControlRecipes",
        "ExecutedControlRecipe": "ControlRecipe",
        "RuntimeRecipeElement": "RecipeElement",
        "PersonnelIdentifications": "PersonnelIdentification",
    }
)
_RENAMED_INSIDE = MappingProxyType(
    {
        ("OperationsSchedule", "Location"): "HierarchyScope",
        ("OperationsRequest", "Location"): "HierarchyScope",
        ("OperationsPerformance", "Location"): "HierarchyScope",
        ("MaterialLot", "Location"): "HierarchyScope",
        ("MaterialSubLot", "Location"): "HierarchyScope",
        ("MaterialActual", "Location"): "HierarchyScope",
        ("MaterialRequirement", "Location"): "HierarchyScope",
        ("Equipment", "Location"): "HierarchyScope",
        ("Person", "Location"): "HierarchyScope",
        ("PersonnelIdentification", "PersonnelIdentification"): "PersonnelIdentificationManifest",
        ("PersonnelIdentificationManifest", "PersonName"): "Name",
        ("PersonnelIdentificationManifest", "ReferencedElement"): "RecordReference",
        ("PersonnelIdentificationManifest", "ID"): "EntryID",
        ("Comment", "TargetID"): "RecordReference",
        ("Comment", "ID"): "EntryID",
        ("Event", "ID"): "EntryID",
        ("RecipeElement", "ObjectType"): "",
        ("ControlRecipe", "ObjectType"): "",
    }
)
"""(Present name of the element around, old name) to the present name; empty: no meaning today."""

_SET = MappingProxyType(
    {
        "MaterialProducedRequirement": {"use": "Produced"},
        "MaterialConsumedRequirement": {"use": "Consumed"},
        "ConsumableExpectedRequirement": {"use": "Consumable"},
        "MaterialProducedActual": {"use": "Produced"},
        "MaterialConsumedActual": {"use": "Consumed"},
        "ConsumableActual": {"use": "Consumable"},
    }
)
"""What an old name said that is a column today."""


def version_of(namespace: str, name: str, line: int) -> int:
    """Return the version that a root element's namespace stands for.

    Raises:
        Misfit: It is none of B2MML from V0400 on.
    """
    if namespace == NAMESPACE:
        return CURRENT
    found = _OLD.fullmatch(namespace)
    if found is None:
        where = f"namespace {namespace!r}" if namespace else "no namespace"
        raise Misfit(f"line {line}: <{name}> is of {where}: B2MML from V0400 to version 7 is read")
    return int(found[1])


def present_name(name: str, around: str, version: int) -> str | None:
    """Return the name that an element has in version 7; None for one that is passed over.

    Args:
        name: As the document has it.
        around: Present name of the element around it.
        version: Of the document.
    """
    if version == CURRENT:
        return name
    inside = _RENAMED_INSIDE.get((around, name))
    return _RENAMED.get(name, name) if inside is None else inside or None


def implied(name: str, version: int) -> Mapping[str, str]:
    """Return the columns that an old element name already says."""
    return {} if version == CURRENT else _SET.get(name, {})
