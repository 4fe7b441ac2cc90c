"""KPI definitions and values for other systems: JSON with the names of ISO 22400, or KPI-ML.

KPI-ML is MESA International's XML for ISO 22400. Its schema is not public; the element names here
follow what is told of it (KPIDefinition and KPIInstance with KPIValue, in the manner of B2MML), and
the namespace is the house's own, so that nobody takes the file for a validated one.

References:
    ISO 22400-1 §4.3 (fields of a KPI); MESA International, KPI Markup Language (KPI-ML), overview.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from daytwo.insight.kpis.calendar import at
from daytwo.insight.kpis.definition import WORDS
from daytwo.insight.kpis.evaluate import evaluate, groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from daytwo.insight.kpis.cohort import Question
    from daytwo.insight.kpis.definition import Definition
    from daytwo.insight.kpis.subjects import Facts
    from daytwo.insight.kpis.value import KpiValue

FORMAT = "daytwo/kpis/1"
NAMESPACE = "urn:daytwo:kpi-ml:1"
"""Of the house: KPI-ML's own schema is not public."""

_ISO = {
    "id": "ID",
    "name": "Name",
    "description": "Description",
    "scope": "Scope",
    "formula": "Formula",
    "unit": "UnitOfMeasure",
    "range": "Range",
    "trend": "Trend",
    "timing": "Timing",
    "audience": "Audience",
    "production_methodology": "ProductionMethodology",
    "effect_model": "EffectModelDiagram",
    "notes": "Notes",
}
"""The fields of ISO 22400-1 §4.3 and their names in KPI-ML; the others are extensions."""


def figures(of: Iterable[Definition], facts: Facts, question: Question) -> list[KpiValue]:
    """Return the figures to export: each KPI, and where it can be split so, each group of it."""
    made = []
    for definition in answering(of, question):
        made.append(evaluate(definition, facts, question))
        if question.by:
            made += groups(definition, facts, question)
    return made


def answering(of: Iterable[Definition], question: Question) -> list[Definition]:
    """Return the definitions whose subjects have every dimension of a question."""
    names = {*question.where, *question.by}
    return [definition for definition in of if names <= set(definition.dimensions)]


def as_json(found: Sequence[KpiValue], facts: Facts) -> dict[str, Any]:
    """Return definitions and figures for programs."""
    definitions = {value.definition.id: value.definition for value in found}
    return {
        "format": FORMAT,
        "made_at": at(facts.now_us).isoformat(),
        "time_zone": facts.zone,
        "ledger_seq": facts.seq,
        "definitions": [{name: getattr(of, name) for name in WORDS} for of in definitions.values()],
        "values": [value.as_json() for value in found],
    }


def as_kpi_ml(found: Sequence[KpiValue], facts: Facts) -> bytes:
    """Return definitions and figures as XML in the manner of KPI-ML."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("KPIInformation"))
    _text(root, "PublishedDate", at(facts.now_us).isoformat())
    _text(root, "LedgerSequence", facts.seq)
    for of in {value.definition.id: value.definition for value in found}.values():
        _definition(root, of)
    for value in found:
        _instance(root, value, facts.zone)
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode", xml_declaration=False)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _definition(root: ET.Element, of: Definition) -> None:
    element = ET.SubElement(root, _tag("KPIDefinition"))
    _text(element, "Version", of.version)
    for name, tag in _ISO.items():
        _text(element, tag, getattr(of, name))
    for name in WORDS:
        if name not in _ISO and name != "version":
            extension = ET.SubElement(element, _tag("Extension"), name=name)
            extension.text = str(getattr(of, name))


def _instance(root: ET.Element, value: KpiValue, zone: str) -> None:
    element = ET.SubElement(root, _tag("KPIInstance"))
    _text(element, "KPIDefinitionID", value.definition.id)
    _text(element, "KPIDefinitionVersion", value.definition.version)
    for name, member in value.group.items():
        ET.SubElement(element, _tag("Scope"), dimension=name).text = member or ""
    for tag, instant in (
        ("StartTime", value.period.since_us),
        ("EndTime", value.period.until_us),
    ):
        if instant is not None:
            _text(element, tag, at(instant, zone).isoformat())
    figure = ET.SubElement(element, _tag("KPIValue"))
    if value.value is None:
        figure.set("unknown", "true")
    else:
        _text(figure, "Value", repr(value.value))
    _text(figure, "UnitOfMeasure", value.definition.unit)
    _text(figure, "Count", value.n)
    if value.interval is not None:
        low, high = value.interval
        interval = ET.SubElement(figure, _tag("Interval"), confidence="0.95")
        _text(interval, "Low", repr(low))
        _text(interval, "High", repr(high))
    if value.coverage is not None:
        _text(figure, "Coverage", repr(value.coverage))
    _text(figure, "Open", "" if value.open is None else value.open)
    for why, n in value.excluded:
        ET.SubElement(figure, _tag("Excluded"), count=str(n)).text = why


def _text(parent: ET.Element, tag: str, content: object) -> None:
    ET.SubElement(parent, _tag(tag)).text = str(content)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
