"""What a B2MML or BatchML document is flattened to: tables, columns, and where they stand.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA International.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACE = "http://www.mesa.org/xml/B2MML"
"""Of version 7."""

_PASSED = frozenset(
    {
        "Any",
        "AssemblyRelationship",
        "AssemblyType",
        "EquipmentAssetMapping",
        "OperationalLocation",
        "PhysicalAssetID",
        "PostingDate",
        "PublishedDate",
        "RequiredByRequestedSegmentResponse",
        "SpatialDefinition",
        "TestResult",
        "TestSpecificationID",
    }
)
"""Elements that are part of the standard and are not read, wherever they stand."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of element that makes a row, or that rows inside it refer to.

    Attributes:
        part: The table; empty for one that makes no rows of its own.
        elements: Names of its elements in version 7; `Parent/Name` where the name alone could
            mean something else.
        columns: Column to the paths below the element whose texts it holds; `Name@Attribute` for
            an attribute. What repeats is joined by `|`.
        inherited: Column to the table and column of an element around it.
        opens: Elements inside it that hold others of these kinds, and nothing to read themselves.
        passed: Elements inside it that are not read.
    """

    part: str
    elements: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    inherited: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    opens: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()

    @property
    def heads(self) -> frozenset[str]:
        """Names that stand directly inside it and are read."""
        paths = [path for paths in self.columns.values() for path in paths]
        read = frozenset(path.partition("/")[0].partition("@")[0] for path in paths)
        return read | self.opens

    @property
    def known(self) -> frozenset[str]:
        """Names that may stand directly inside it, besides other kinds."""
        return self.heads | self.passed | _PASSED


def _c(**columns: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(paths.split()) for name, paths in columns.items()}


_NAMED = {"id": "ID", "description": "Description"}
_SCOPE = {"scope": "HierarchyScope/EquipmentID"}
_QUANTITY = {"quantity": "Quantity/QuantityString", "unit": "Quantity/UnitOfMeasure"}
_VALUE = {"value": "Value/ValueString", "unit": "Value/UnitOfMeasure", "type": "Value/DataType"}
_MATERIAL = {
    "material_class": "MaterialClassID",
    "material": "MaterialDefinitionID",
    "lot": "MaterialLotID",
    "sublot": "MaterialSubLotID",
    "use": "MaterialUse",
    "location": "StorageLocation/Location StorageLocation",
}
_EQUIPMENT = {
    "equipment_class": "EquipmentClassID",
    "equipment": "EquipmentID",
    "use": "EquipmentUse",
}
_LIFE = {
    "version": "Version",
    "effective_from": "EffectiveStartDate",
    "effective_until": "EffectiveEndDate",
}
_RECORD = {"record": ("batch_production_records", "id"), "batch": ("batch_production_records",
           "batch")}  # fmt: skip
_REQUEST = {"request": ("operations_requests", "id")}
_REQUIREMENT = _REQUEST | {"segment": ("segment_requirements", "id")}
_RESPONSE = {
    "request": ("operations_responses", "request"),
    "response": ("operations_responses", "id"),
}
_SEGMENT = _RESPONSE | {
    "segment": ("segment_responses", "id"),
    "process_segment": ("segment_responses", "process_segment"),
    "started": ("segment_responses", "started"),
    "ended": ("segment_responses", "ended"),
}
_ENTRY = {
    "entry": "EntryID",
    "object_type": "ObjectType",
    "time": "TimeStamp",
    "reference": "ExternalReference",
    "description": "Description",
}

KINDS = (
    # ------------------------------------------------------------ orders
    Kind(
        "schedules",
        ("OperationsSchedule",),
        _c(**_NAMED, **_SCOPE, version="Version", starts="StartTime", ends="EndTime",
           type="OperationsType", state="ScheduleState"),
    ),
    Kind(
        "operations_requests",
        ("OperationsRequest",),
        _c(**_NAMED, **_SCOPE, version="Version", starts="StartTime", ends="EndTime",
           type="OperationsType", priority="Priority", state="RequestState",
           definition="OperationsDefinitionID", operations_segment="OperationsSegmentID"),
        {"schedule": ("schedules", "id")},
        passed=frozenset({"RequestedSegmentResponse"}),
    ),
    Kind(
        "segment_requirements",
        ("SegmentRequirement", "SegmentRequirementChild"),
        _c(**_NAMED, **_SCOPE, process_segment="ProcessSegmentID",
           definition="OperationsDefinitionID", operations_segment="OperationsSegmentID",
           earliest_start="EarliestStartTime", latest_end="LatestEndTime", duration="Duration",
           state="SegmentState", type="OperationsType", version="Version"),
        _REQUEST,
        passed=frozenset({"PersonnelRequirement", "PhysicalAssetRequirement",
                          "RequestedSegmentResponse"}),
    ),
    Kind(
        "material_requirements",
        ("SegmentRequirement/MaterialRequirement", "SegmentRequirementChild/MaterialRequirement",
         "AssemblyRequirement"),
        _c(**_NAMED, **_SCOPE, **_MATERIAL, **_QUANTITY),
        _REQUIREMENT,
        passed=frozenset({"MaterialRequirementProperty"}),
    ),
    Kind(
        "equipment_requirements",
        ("SegmentRequirement/EquipmentRequirement", "SegmentRequirementChild/EquipmentRequirement",
         "EquipmentRequirementChild"),
        _c(**_NAMED, **_SCOPE, **_EQUIPMENT, **_QUANTITY, level="EquipmentLevel"),
        _REQUIREMENT,
        passed=frozenset({"EquipmentRequirementProperty"}),
    ),
    Kind(
        "segment_parameters",
        ("SegmentParameter", "ParameterChild"),
        _c(**_NAMED, **_SCOPE, **_VALUE),
        _REQUIREMENT,
        passed=frozenset({"ParameterSpecificationID", "ProcessSegmentParameterID"}),
    ),
    # ------------------------------------------------------------ what was done
    Kind(
        "performances",
        ("OperationsPerformance",),
        _c(**_NAMED, **_SCOPE, version="Version", schedule="OperationsScheduleID",
           started="StartTime", ended="Endtime EndTime", type="OperationsType",
           state="PerformanceState"),
    ),
    Kind(
        "operations_responses",
        ("OperationsResponse",),
        _c(**_NAMED, **_SCOPE, request="OperationsRequestID", requirement="SegmentRequirementID",
           definition="OperationsDefinitionID", operations_segment="OperationsSegmentID",
           started="StartTime", ended="EndTime", state="ResponseState", type="OperationsType",
           version="Version"),
        {"performance": ("performances", "id")},
    ),
    Kind(
        "segment_responses",
        ("SegmentResponse", "SegmentResponseChild"),
        _c(**_NAMED, **_SCOPE, process_segment="ProcessSegmentID",
           requirement="SegmentRequirementID", definition="OperationsDefinitionID",
           operations_segment="OperationsSegmentID", started="ActualStartTime",
           ended="ActualEndTime", state="SegmentState", type="OperationsType"),
        _RESPONSE,
        passed=frozenset({"OperationsRequestID", "WorkResponseID", "JobResponseID",
                          "PhysicalAssetActual"}),
    ),
    Kind(
        "material_actuals",
        ("MaterialActual", "AssemblyActual"),
        _c(**_NAMED, **_SCOPE, **_MATERIAL, **_QUANTITY),
        _SEGMENT,
        passed=frozenset({"MaterialActualProperty"}),
    ),
    Kind(
        "equipment_actuals",
        ("EquipmentActual", "EquipmentActualChild"),
        _c(**_NAMED, **_SCOPE, **_EQUIPMENT, **_QUANTITY),
        _SEGMENT,
        passed=frozenset({"EquipmentActualProperty"}),
    ),
    Kind(
        "personnel_actuals",
        ("PersonnelActual", "PersonnelActualChild"),
        _c(**_NAMED, **_SCOPE, **_QUANTITY, personnel_class="PersonnelClassID", person="PersonID",
           use="PersonnelUse"),
        _SEGMENT,
        passed=frozenset({"PersonnelActualProperty"}),
    ),
    Kind(
        "segment_data",
        ("SegmentData", "SegmentDataChild"),
        _c(**_NAMED, **_SCOPE, **_VALUE),
        _SEGMENT,
    ),
    # ------------------------------------------------------------ resources
    Kind(
        "material_lots",
        ("MaterialLot", "AssemblyLot"),
        _c(**_NAMED, **_SCOPE, **_LIFE, **_QUANTITY, material="MaterialDefinitionID",
           status="Status", disposition="Disposition",
           location="StorageLocation/Location StorageLocation"),
    ),
    Kind(
        "material_lot_properties",
        ("MaterialLotProperty", "MaterialLotPropertyChild"),
        _c(**_NAMED, **_VALUE, property="MaterialDefinitionPropertyID"),
        {"lot": ("material_lots", "id"), "sublot": ("material_sublots", "id")},
    ),
    Kind(
        "material_sublots",
        ("MaterialSubLot", "MaterialSubLotChild", "AssemblySubLot"),
        _c(**_NAMED, **_SCOPE, **_LIFE, **_QUANTITY, of="MaterialLotID", status="Status",
           disposition="Disposition", location="StorageLocation/Location StorageLocation"),
        {"lot": ("material_lots", "id")},
    ),
    Kind(
        "equipment",
        ("Equipment", "EquipmentChild"),
        _c(**_NAMED, **_SCOPE, **_LIFE, level="EquipmentLevel",
           equipment_class="EquipmentClassID"),
    ),
    Kind(
        "equipment_properties",
        ("EquipmentProperty", "EquipmentPropertyChild"),
        _c(**_NAMED, **_VALUE, property="EquipmentClassPropertyID"),
        {"equipment": ("equipment", "id")},
    ),
    Kind(
        "persons",
        ("Person",),
        _c(**_NAMED, **_SCOPE, **_LIFE, name="PersonName", personnel_class="PersonnelClassID"),
    ),
    Kind(
        "person_properties",
        ("PersonProperty", "PersonPropertyChild"),
        _c(**_NAMED, **_VALUE, property="PersonnelClassPropertyID"),
        {"person": ("persons", "id")},
    ),
    # ------------------------------------------------------------ batch production record
    Kind(
        "batch_production_records",
        ("BatchProductionRecord",),
        _c(**_ENTRY, id="ID", batch="BatchID", lot="LotID", campaign="CampaignID",
           material="MaterialDefinitionID", equipment="EquipmentID",
           created="CreationDate Header/CreationDate",
           changed="LastChangedDate Header/LastChangedDate", expires="ExpirationDate",
           status="RecordStatus",
           specification="BatchProductionRecordSpec", version="Version", language="Language",
           change="ChangeIndication"),
        opens=frozenset({"ChangeHistory", "Comments", "ControlRecipes", "Events",
                         "PersonnelIdentification", "OperationsPerformances", "OperationsSchedules",
                         "RecipeElements", "ResourceQualifications", "Samples"}),
        passed=frozenset({"EquipmentScope", "Delimiter", "DataSets", "MasterRecipes",
                          "OperationsDefinitions", "WorkDirectives", "WorkMasters",
                          "WorkPerformances", "WorkSchedules"}),
    ),
    Kind(
        "control_recipes",
        ("ControlRecipe",),
        _c(**_NAMED, version="Version", batch="BatchID", product="Header/ProductID",
           product_name="Header/ProductName"),
        {"record": ("batch_production_records", "id")},
        passed=frozenset({"VersionDate", "EquipmentRequirement", "Formula", "ProcedureLogic",
                          "OtherInformation"}),
    ),
    Kind(
        "recipe_elements",
        ("RecipeElement", "RecipeElementRecord/RecipeElementType"),
        _c(**_NAMED, type="RecipeElementType", version="Version", block="BuildingBlockElementID",
           equipment="ActualEquipmentID", completed="CompletionTime", person="Performer",
           instance="InstanceCount"),
        _RECORD,
        passed=frozenset({"VersionDate", "BuildingBlockElementVersion", "Header",
                          "EquipmentRequirement", "Parameter", "ProcedureLogic"}),
    ),
    Kind(
        "recipe_element_information",
        ("RecipeElement/OtherInformation", "RecipeElementType/OtherInformation"),
        _c(**_NAMED, **_VALUE),
        _RECORD | {"element": ("recipe_elements", "id"), "time": ("recipe_elements", "completed")},
    ),
    Kind(
        "batch_record_entries",
        ("Events/Event", "Comments/Comment", "ChangeHistory/Change", "Samples/Sample",
         "PersonnelIdentificationManifest", "ResourceQualificationsManifest"),
        _c(**_ENTRY, type="EventType", subtype="EventSubType", equipment="EquipmentID",
           value="Value/ValueString", unit="Value/UnitOfMeasure",
           previous="PreviousValue/ValueString PrechangeData/ValueString",
           text="MessageText CommentText", person="PersonID Name", element="RecordReference"
           " ProceduralElementReference", category="Category", reason="Reason SamplePullReason",
           resource="ResourceID", use="ResourceUse",
           status="QualificationStatus EventSubType@Status RecommendedEventStatus",
           risk="EventSubType@Risk RecommendedEventRisk",
           effective="EffectiveTimeStamp", until="ExpirationTimeStamp SampleExpiration",
           source="SampleSourceID", related="AssociatedEventID"),
        _RECORD,
        passed=frozenset({"ComputerID", "AlarmData", "UserAttribute", "SampleSize", "SampleType",
                          "SOPReference", "ResourceType", "ChangeIndication"}),
    ),
    Kind(
        "sample_tests",
        ("Sample/SampleTest",),
        _c(**_ENTRY, code="TestCode", name="TestName"),
        _RECORD | {"sample": ("batch_record_entries", "entry")},
    ),
    Kind(
        "sample_test_results",
        ("SampleTest/SampleTestResult",),
        _c(**_ENTRY, disposition="TestDisposition", equipment="EquipmentID",
           value="Results/ValueString", unit="Results/UnitOfMeasure",
           expected="ExpectedResults/ValueString", analysis="AnalysisUsed", expires="Expiration"),
        _RECORD | {"sample": ("batch_record_entries", "entry"), "test": ("sample_tests", "code"),
                   "test_name": ("sample_tests", "name")},
    ),
)  # fmt: skip
"""Every table, in the order in which `parts` lists them."""
