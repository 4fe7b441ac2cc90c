"""B2MML documents: flattened to tables, older versions migrated or refused by name and line."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from daytwo.doors.connectors.b2mml import document
from daytwo.doors.connectors.b2mml.document import flatten
from daytwo.doors.connectors.b2mml.format import parts, rows
from daytwo.doors.connectors.b2mml.kinds import KINDS
from daytwo.doors.connectors.formats import Misfit
from tests.house.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

V7 = "http://www.mesa.org/xml/B2MML"
V6 = "http://www.mesa.org/xml/B2MML-V0600"
V4 = "http://www.wbf.org/xml/B2MML-V0401"
EXAMPLE = "b2mml/examples/ProductionBatchRecord_Example_v06.xml"


def planted(folder: Path, body: str, root: str = "", namespace: str = V7) -> Path:
    """Write a document; `root` is a transaction around a body that has none."""
    path = folder / "a.xml"
    name = root or body[1:].partition(">")[0].partition(" ")[0]
    if root:
        verb = root[: 4 + 3 * root.startswith("Process")]
        body = f"<{root}><ApplicationArea/><DataArea><{verb}/>\n{body}</DataArea></{root}>"
    path.write_text(body.replace(f"<{name}", f"<{name} xmlns='{namespace}'", 1), encoding="utf-8")
    return path


def table(path: Path, part: str) -> list[dict[str, str]]:
    header, *found = rows(path, SimpleNamespace(part=part))
    return [dict(zip(header.cells, row.cells, strict=True)) for row in found]


SCHEDULE = """<OperationsSchedule><ID>S1</ID><OperationsRequest><ID>O-1</ID>
<Description>Order</Description><StartTime>2024-05-01T06:00:00Z</StartTime><Priority>3</Priority>
<RequestState>Released</RequestState><OperationsDefinitionID>M-1</OperationsDefinitionID>
<SegmentRequirement><ID>1</ID><ProcessSegmentID>granulate</ProcessSegmentID>
<OperationsDefinitionID>M-1</OperationsDefinitionID><OperationsSegmentID>10</OperationsSegmentID>
<MaterialRequirement><ID>m1</ID><MaterialDefinitionID>LACTOSE</MaterialDefinitionID>
<MaterialUse>Consumed</MaterialUse><Quantity><QuantityString>25.50</QuantityString>
<UnitOfMeasure>kg</UnitOfMeasure></Quantity></MaterialRequirement>
</SegmentRequirement></OperationsRequest></OperationsSchedule>"""


def test_orders_with_their_segments_and_materials(tmp_path: Path) -> None:
    path = planted(tmp_path, SCHEDULE, "ProcessOperationsSchedule")
    assert table(path, "operations_requests") == [
        {
            "schedule": "S1",
            "id": "O-1",
            "description": "Order",
            "starts": "2024-05-01T06:00:00Z",
            "priority": "3",
            "state": "Released",
            "definition": "M-1",
        }
    ]
    assert table(path, "segment_requirements")[0]["request"] == "O-1"
    assert table(path, "material_requirements") == [
        {
            "request": "O-1",
            "segment": "1",
            "id": "m1",
            "material": "LACTOSE",
            "use": "Consumed",
            "quantity": "25.50",
            "unit": "kg",
        }
    ]


PERFORMANCE = """<OperationsPerformance><ID>P1</ID><OperationsResponse><ID>R1</ID>
<OperationsRequestID>O-1</OperationsRequestID>
<SegmentResponse><ID>1</ID><ActualStartTime>2024-05-01T07:00:00Z</ActualStartTime>
<ActualEndTime>2024-05-01T09:00:00Z</ActualEndTime><ProcessSegmentID>granulate</ProcessSegmentID>
<SegmentData><ID>speed</ID><Value><ValueString>12.0</ValueString><UnitOfMeasure>Hz</UnitOfMeasure>
</Value></SegmentData>
<EquipmentActual><ID>e1</ID><EquipmentID>HSM-01</EquipmentID></EquipmentActual>
<MaterialActual><ID>1</ID><MaterialDefinitionID>LACTOSE</MaterialDefinitionID>
<MaterialLotID>L1</MaterialLotID><MaterialLotID>L2</MaterialLotID><MaterialUse>Consumed
</MaterialUse></MaterialActual>
<SegmentResponseChild><ID>1.1</ID><MaterialActual><ID>2</ID></MaterialActual>
</SegmentResponseChild></SegmentResponse></OperationsResponse></OperationsPerformance>"""


def test_performance_knows_times_lots_and_children(tmp_path: Path) -> None:
    path = planted(tmp_path, PERFORMANCE, "ProcessOperationsPerformance")
    first, second = table(path, "material_actuals")
    assert first["lot"] == "L1|L2"
    assert first["use"] == "Consumed"
    assert (first["request"], first["response"], first["segment"]) == ("O-1", "R1", "1")
    assert (first["started"], first["ended"]) == ("2024-05-01T07:00:00Z", "2024-05-01T09:00:00Z")
    assert (second["id"], second["segment"], second["started"]) == ("2", "1.1", "")
    assert table(path, "equipment_actuals")[0]["equipment"] == "HSM-01"
    assert table(path, "segment_data")[0]["value"] == "12.0"
    numbers = [row.number for row in rows(path, SimpleNamespace(part="segment_responses"))]
    assert numbers == [0, 2, 1]


def test_all_tables_are_parts_with_the_columns_that_are_there(tmp_path: Path) -> None:
    found = {part.name: part for part in parts(planted(tmp_path, PERFORMANCE))}
    assert [*found] == [kind.part for kind in KINDS]
    assert found["persons"].rows == 0
    assert found["equipment_actuals"].header == (
        "request",
        "response",
        "segment",
        "process_segment",
        "started",
        "ended",
        "id",
        "equipment",
    )


RESOURCES = """<EquipmentInformation><ID>x</ID><Equipment><ID>CELL</ID><EquipmentProperty>
<ID>capacity</ID><Value><ValueString>300</ValueString><UnitOfMeasure>kg</UnitOfMeasure></Value>
</EquipmentProperty><EquipmentChild><ID>TP-01</ID><EquipmentClassID>tablet_press</EquipmentClassID>
</EquipmentChild></Equipment><EquipmentClass><ID>tablet_press</ID></EquipmentClass>
</EquipmentInformation>"""


def test_resources_and_their_properties(tmp_path: Path) -> None:
    path = planted(tmp_path, RESOURCES, "SyncEquipmentInformation")
    assert [(r["id"], r["equipment_class"]) for r in table(path, "equipment")] == [
        ("TP-01", "tablet_press"),
        ("CELL", ""),
    ]
    assert table(path, "equipment_properties")[0]["equipment"] == "CELL"
    people = "<Person><ID>P7</ID><PersonName>Anna</PersonName>"
    people += "<PersonnelClassID>operator</PersonnelClassID></Person>"
    path = planted(tmp_path, people, "SyncPersonnelInformation")
    assert table(path, "persons") == [{"id": "P7", "name": "Anna", "personnel_class": "operator"}]


def test_example_of_version_v0401_is_migrated(reference: Path) -> None:
    path = reference / EXAMPLE
    counts = {part.name: part.rows for part in parts(path) if part.rows}
    assert counts == {
        "batch_production_records": 1,
        "control_recipes": 1,
        "recipe_elements": 15,
        "recipe_element_information": 36,
        "batch_record_entries": 12,
    }
    entries = table(path, "batch_record_entries")
    assert Counter(row["object_type"] for row in entries) == {
        "EventType": 3,
        "CommentType": 2,
        "PersonnelIdentificationType": 7,
    }
    assert {row["batch"] for row in entries} == {"BX10"}
    assert entries[0]["subtype"] == "Exception"
    assert (entries[0]["risk"], entries[0]["status"]) == ("Low", "Open")
    assert (entries[8]["person"], entries[8]["reason"]) == ("q", "Approval")
    assert table(path, "batch_production_records")[0]["created"].startswith("2010-04-30T14:30")


OLD = """<ProductionPerformance><ID>P1</ID><Location><EquipmentID>NORTH</EquipmentID></Location>
<ProductionResponse><ID>R1</ID><ProductionRequestID>O-1</ProductionRequestID><SegmentResponse>
<ID>1</ID><ProductSegmentID>10</ProductSegmentID>
<ProductionData><ID>x</ID></ProductionData>
<MaterialProducedActual><MaterialLotID>B1</MaterialLotID></MaterialProducedActual>
<MaterialConsumedActual><MaterialLotID>L1</MaterialLotID></MaterialConsumedActual>
</SegmentResponse></ProductionResponse></ProductionPerformance>"""


@pytest.mark.parametrize("namespace", [V6, V4, V4.replace("401", "500"), V4.lower()])
def test_production_of_older_versions_is_operations_today(tmp_path: Path, namespace: str) -> None:
    path = planted(tmp_path, OLD, "ProcessProductionPerformance", namespace)
    found = [(r["use"], r["lot"], r["request"]) for r in table(path, "material_actuals")]
    assert found == [("Produced", "B1", "O-1"), ("Consumed", "L1", "O-1")]
    assert table(path, "performances") == [{"id": "P1", "scope": "NORTH"}]
    assert table(path, "segment_responses")[0]["operations_segment"] == "10"
    assert len(table(path, "segment_data")) == 1


@pytest.mark.parametrize(
    ("body", "root", "namespace", "why"),
    [
        (OLD, "ProcessProductionPerformance", V7, "<ProcessProductionPerformance> is no document"),
        (SCHEDULE, "", "urn:other", "is of namespace 'urn:other'"),
        (SCHEDULE, "", V4.replace("401", "301"), "B2MML from V0400 to version 7 is read"),
        ("<WorkAlert><ID/></WorkAlert>", "", V7, "<WorkAlert> is no document that is read"),
        (SCHEDULE, "CancelOperationsSchedule", V7, "takes back something"),
        (SCHEDULE, "GetOperationsSchedule", V7, "asks for, answers"),
        (
            "<MaterialLot><ID>1</ID>\n<Colour>red</Colour></MaterialLot>",
            "",
            V7,
            "line 2: <Colour> in <MaterialLot> is not known",
        ),
        (
            "<MaterialLot><ID>1</ID>\n<Colour>red</Colour></MaterialLot>",
            "",
            V6,
            "line 2: <Colour> in <MaterialLot> is not known",
        ),
        (
            "<Sync><ActionCriteria><ActionExpression actionCode='Delete'/></ActionCriteria></Sync>",
            "SyncMaterialLot",
            V7,
            "asks to delete records",
        ),
        ("<MaterialLot><ID>1</ID>", "", V7, "is the file cut off"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_line(
    tmp_path: Path, body: str, root: str, namespace: str, why: str
) -> None:
    path = planted(tmp_path, body, root, namespace)
    with pytest.raises(Misfit) as error:
        parts(path)
    assert why in str(error.value)


def test_extensions_of_a_site_are_passed_over(tmp_path: Path) -> None:
    body = "<MaterialLot><ID>1</ID><x:Mine xmlns:x='urn:mine'><ID>no</ID></x:Mine></MaterialLot>"
    assert table(planted(tmp_path, body), "material_lots") == [{"id": "1"}]


def test_cell_that_repeats_without_end_is_bounded(tmp_path: Path) -> None:
    many = "".join(f"<Description>{n:0500}</Description>" for n in range(100))
    (row,) = flatten(planted(tmp_path, f"<MaterialLot><ID>1</ID>{many}</MaterialLot>"))
    assert 4000 < len(row.texts["description"]) < 5000


TYPES = {
    "schedules": ["OperationsScheduleType"],
    "operations_requests": ["OperationsRequestType"],
    "segment_requirements": ["OpSegmentRequirementType"],
    "material_requirements": ["OpMaterialRequirementType"],
    "equipment_requirements": ["OpEquipmentRequirementType"],
    "segment_parameters": ["ParameterType"],
    "performances": ["OperationsPerformanceType"],
    "operations_responses": ["OperationsResponseType"],
    "segment_responses": ["OpSegmentResponseType"],
    "material_actuals": ["OpMaterialActualType"],
    "equipment_actuals": ["OpEquipmentActualType"],
    "personnel_actuals": ["OpPersonnelActualType"],
    "segment_data": ["OpSegmentDataType"],
    "material_lots": ["MaterialLotType"],
    "material_lot_properties": ["MaterialLotPropertyType"],
    "material_sublots": ["MaterialSubLotType"],
    "equipment": ["EquipmentType"],
    "equipment_properties": ["EquipmentPropertyType"],
    "persons": ["PersonType"],
    "person_properties": ["PersonPropertyType"],
    "batch_production_records": ["BatchProductionRecordType"],
    "control_recipes": ["ControlRecipeType"],
    "recipe_elements": ["RecipeElementType"],
    "recipe_element_information": ["OtherInformationType"],
    "batch_record_entries": [
        "SingleEventType",
        "CommentType",
        "ChangeType",
        "SampleType",
        "PersonnelIdentificationManifestType",
        "ResourceQualificationsManifestType",
    ],
    "sample_tests": ["SampleTestType"],
    "sample_test_results": ["SampleTestResultType"],
}
"""Each table to the types of its elements in the schemas of version 7."""


def test_every_element_of_the_schemas_is_read_or_passed_over_knowingly(reference: Path) -> None:
    from lxml import etree

    xsd = "{http://www.w3.org/2001/XMLSchema}"
    types, groups = {}, {}
    for path in (reference / "b2mml" / "Schema").glob("*.xsd"):
        for node in etree.parse(path).getroot():
            if node.tag == f"{xsd}complexType":
                types[node.get("name")] = node
            elif node.tag == f"{xsd}group":
                groups[node.get("name")] = node

    def children(node: etree._Element) -> set[str]:
        own = {e.get("name") for e in node.iter(f"{xsd}element")}
        inner = {r.get("ref") for r in node.iter(f"{xsd}group") if r.get("ref")}
        return own.union(*(children(groups[r]) for r in inner if ":" not in r)) - {None}

    elements = {e.rpartition("/")[2] for kind in KINDS for e in kind.elements}
    unknown = {
        (kind.part, name)
        for kind in KINDS
        for of in TYPES[kind.part]
        for name in children(types[of]) - kind.known - elements
    }
    assert unknown == set()
    assert {
        e.get("name")
        for path in (reference / "b2mml" / "Schema").glob("*.xsd")
        for e in etree.parse(path).iter(f"{xsd}element")
    } >= document._NOUNS


def test_papers_have_every_table_with_its_columns() -> None:
    paper = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    for kind in KINDS:
        columns = ", ".join(f"`{name}`" for name in (*kind.inherited, *kind.columns))
        assert f"| `{kind.part}` | {columns} |" in paper
