"""Static analysis: each rule fails on one thing that is wrong, and passes on the example."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from daytwo.record.recipes.analysis import RULES, analyse, review, submittable
from daytwo.record.recipes.enums import Severity
from daytwo.record.recipes.errors import DocumentRefused
from tests.record.recipes.example import EXAMPLE, TEXT, changed
from tests.record.recipes.strategies import RECORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from daytwo.record.recipes.document import MasterBatchRecord
    from daytwo.record.recipes.issues import Issue

    Change = Callable[[Any, Any], object]

DEFECTIVE = Path(__file__).parent / "defective" / "content.yaml"


def issues_of(change: Change) -> tuple[Issue, ...]:
    record, issues = review(changed(change))
    assert record is not None, issues
    return issues


def update(step: str, **entries: object) -> Change:
    return lambda _, steps: steps[step].update(entries)


def drop(*path: str | int) -> Change:
    def change(content: Any, _: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        del content[path[-1]]

    return change


def put(*path: Any) -> Change:
    """Return a change that puts the last argument at the path of the others."""

    def change(content: Any, _: Any) -> None:
        for key in path[:-2]:
            content = content[key]
        content[path[-2]] = path[-1]

    return change


def phase(content: Any, step: str) -> list[Any]:
    """Return the list of steps that holds a step."""
    return next(
        phase["steps"]
        for unit_procedure in content["procedure"]
        for operation in unit_procedure["operations"]
        for phase in operation["phases"]
        if any(entry["id"] == step for entry in phase["steps"])
    )


def remove(step: str) -> Change:
    def change(content: Any, steps: Any) -> None:
        phase(content, step).remove(steps[step])

    return change


def swap(first: str, second: str) -> Change:
    def change(content: Any, steps: Any) -> None:
        one, other = phase(content, first), phase(content, second)
        i, j = one.index(steps[first]), other.index(steps[second])
        one[i], other[j] = other[j], one[i]

    return change


def both(*changes: Change) -> Change:
    def change(content: Any, steps: Any) -> None:
        for each in changes:
            each(content, steps)

    return change


INPUTS = ("formula", "inputs")
AUTO = {"check": "automatic", "check_reason": "Load cell of the dryer, validation VR-12."}

FAILING: list[tuple[str, Change, str]] = [
    # Completeness: the elements of a master record.
    ("complete.product", drop("header", "product", "strength"), "header.product.strength"),
    ("complete.product", drop("header", "product", "dosage_form"), "header.product.dosage_form"),
    ("complete.active_ingredients", drop("header", "active_ingredients"), "active_ingredients"),
    ("complete.active_ingredients", drop("header", "unit_weight"), "header.unit_weight"),
    ("complete.components", put(*INPUTS, []), "formula.inputs"),
    ("complete.components", drop(*INPUTS, 2, "quality"), "formula.inputs[2].quality"),
    ("complete.excess", drop(*INPUTS, 5, "excess_reason"), "formula.inputs[5].excess_reason"),
    ("complete.excess", drop(*INPUTS, 5, "excess"), "formula.inputs[5].excess"),
    ("complete.excess", put(*INPUTS, 5, "excess", "0.1 1"), "formula.inputs[5].excess"),
    ("complete.excess", put(*INPUTS, 5, "excess", "-1 %"), "formula.inputs[5].excess"),
    (
        "complete.theoretical_weights",
        both(remove("GRN-100"), remove("CMP-100"), remove("COT-090")),
        "procedure",
    ),
    ("complete.theoretical_yield", drop("header", "theoretical_yield"), "theoretical_yield"),
    (
        "complete.theoretical_yield",
        put("header", "theoretical_yield", "low", "0.95 1"),
        "theoretical_yield",
    ),
    (
        "complete.theoretical_yield",
        put("header", "theoretical_yield", "high", "99.9 %"),
        "theoretical_yield",
    ),
    (
        "complete.theoretical_yield",
        both(
            put("header", "theoretical_yield", "high", "100 %"),
            put("header", "theoretical_yield", "low", "100 %"),
        ),
        "theoretical_yield",
    ),
    ("complete.packaging", drop("header", "containers"), "header.containers"),
    ("complete.packaging", drop("header", "labels"), "header.labels"),
    ("complete.instructions", put("procedure", []), "procedure"),
    ("complete.instructions", put("procedure", 1, "operations", []), "procedure[1].operations"),
    (
        "complete.instructions",
        put("procedure", 1, "operations", 0, "phases", []),
        "procedure[1].operations[0].phases",
    ),
    (
        "complete.instructions",
        put("procedure", 1, "operations", 0, "phases", 1, "steps", []),
        "procedure[1].operations[0].phases[1].steps",
    ),
    ("complete.instructions", update("DSP-010", items=[]), "steps[0].items"),
    ("complete.controls", drop("header", "sampling"), "header.sampling"),
    ("complete.controls", drop("header", "specifications"), "header.specifications"),
    ("complete.controls", drop("header", "precautions"), "header.precautions"),
    # Formula.
    ("formula.duplicate", put(*INPUTS, 2, "material", "RM-2001"), "formula.inputs[2].material"),
    (
        "formula.active_unknown",
        put("header", "active_ingredients", 0, "material", "RM-7"),
        "header.active_ingredients[0].material",
    ),
    (
        "formula.active_amount",
        put("header", "active_ingredients", 0, "amount_per_unit", "50.1 mg"),
        "header.active_ingredients[0].amount_per_unit",
    ),
    (
        "formula.active_amount",
        put("header", "active_ingredients", 0, "amount_per_unit", "50 mL"),
        "header.active_ingredients[0].amount_per_unit",
    ),
    (
        "formula.active_amount",  # an overage that the quantity does not hold
        put(*INPUTS, 0, "excess", "2.0 %"),
        "header.active_ingredients[0].amount_per_unit",
    ),
    ("formula.unit_weight", put("header", "unit_weight", "206.1 mg"), "header.unit_weight"),
    ("formula.unit_weight", drop(*INPUTS, 6, "removed"), "header.unit_weight"),
    ("formula.amount", put("header", "batch_size", "0 tab"), "header.batch_size"),
    ("formula.amount", put("header", "unit_weight", "-206 mg"), "header.unit_weight"),
    ("formula.amount", put(*INPUTS, 0, "quantity", "0.000 kg"), "formula.inputs[0].quantity"),
    (
        "formula.amount",
        put("formula", "outputs", 0, "quantity", "-1 tab"),
        "formula.outputs[0].quantity",
    ),
    (
        "formula.amount",
        put("header", "theoretical_yield", "quantity", "0 tab"),
        "header.theoretical_yield.quantity",
    ),
    (
        "formula.amount",
        put("header", "active_ingredients", 0, "amount_per_unit", "0 mg"),
        "header.active_ingredients[0].amount_per_unit",
    ),
    ("formula.output", put("formula", "outputs", []), "formula.outputs"),
    ("formula.output", put("formula", "outputs", 0, "quantity", "1 tab"), "formula.outputs"),
    ("formula.material_unknown", update("DSP-050", material="RM-7"), "steps[2].material"),
    (
        "formula.weigh_unit",
        update("DSP-050", target="2880 mL", tolerance_low="1 mL", tolerance_high="9999 mL"),
        "steps[2].target",
    ),
    ("formula.not_dispensed", both(remove("DSP-050"), remove("GRN-040")), "formula.inputs[2]"),
    (
        "formula.dispensed_amount",
        update("GRN-050", target="8.001 kg"),
        "formula.inputs[6].quantity",
    ),
    ("formula.not_charged", remove("GRN-040"), "steps[2]"),
    # References.
    ("reference.duplicate_id", update("DSP-040", id="DSP-030"), "steps[1].id"),
    ("reference.duplicate_id", put("procedure", 1, "id", "UP-10"), "procedure[1].id"),
    ("reference.weigh_unknown", update("GRN-040", weigh="DSP-990"), "steps[3].weigh"),
    ("reference.weigh_unknown", update("GRN-040", weigh="DSP-020"), "steps[3].weigh"),
    ("reference.weigh_later", swap("GRN-050", "GRN-060"), "steps[4].weigh"),
    ("reference.charged_twice", update("GRN-040", weigh="DSP-040"), "steps[3].weigh"),
    ("reference.actual", update("COT-090", actual_step="COT-070"), "steps[1].actual_step"),
    ("reference.actual", update("COT-090", actual_step="COT-990"), "steps[1].actual_step"),
    ("reference.actual", update("COT-090", actual_unit="kg"), "steps[1].actual_step"),
    ("reference.actual", lambda _, s: s["COT-090"].pop("actual_step"), "steps[1].actual_step"),
    ("reference.actual", swap("COT-080", "COT-090"), "steps[0].actual_step"),
    (
        "reference.equipment_unknown",
        update("GRN-020", equipment_class="bucket"),
        "steps[1].equipment_class",
    ),
    ("reference.equipment_unknown", drop("equipment", 0), "steps[1].equipment_class"),
    ("reference.equipment_unchecked", remove("DSP-020"), "steps[0].equipment_class"),
    ("reference.equipment_unused", remove("GRN-080"), "equipment[2]"),
    ("reference.sampling", put("header", "sampling", 0, "step", "GRN-990"), "sampling[0].step"),
    (
        "reference.sampling",
        put("header", "sampling", 0, "specification", "SP-0"),
        "sampling[0].specification",
    ),
    # Limits.
    (
        "limits.missing",
        lambda _, s: (s["CMP-060"].pop("action_low"), s["CMP-060"].pop("action_high")),
        "steps[1]",
    ),
    (
        "limits.missing",
        lambda _, s: s["COT-070"].update(accepted=s["COT-070"]["options"]),
        "steps[2].accepted",
    ),
    (
        "limits.missing",
        lambda _, s: (
            [s["COT-070"].pop(key) for key in ("options", "accepted")],
            s["COT-070"].update(datatype="text"),
        ),
        "steps[2]",
    ),
    ("limits.unit", update("CMP-060", target="200 mm"), "steps[1].target"),
    ("limits.unit", update("CMP-060", action_high="206 %"), "steps[1].action_high"),
    ("limits.unit", update("DSP-030", tolerance_low="11.9 L"), "steps[0].tolerance_low"),
    ("limits.order", update("CMP-060", target="205 mg"), "steps[1].alert_high"),
    ("limits.order", update("CMP-060", target="195 mg"), "steps[1].target"),
    ("limits.order", update("CMP-060", alert_low="194.0 mg"), "steps[1].alert_low"),
    ("limits.order", update("CMP-060", action_high="203 mg"), "steps[1].action_high"),
    ("limits.order", update("CMP-060", action_high="0.203 g"), "steps[1].action_high"),
    ("limits.order", update("CMP-090", alert_high="1.00 %"), "steps[4].action_high"),
    ("limits.order", update("CMP-090", action_low="2.00 %"), "steps[4].alert_high"),
    ("limits.tolerance", update("DSP-030", tolerance_low="12.001 kg"), "steps[0].tolerance_low"),
    ("limits.tolerance", update("DSP-030", tolerance_high="0.012 kg"), "steps[0].tolerance_low"),
    (
        "limits.tolerance",
        update("DSP-030", tolerance_low="12 kg", tolerance_high="12 kg"),
        "steps[0].tolerance_low",
    ),
    ("limits.tolerance", update("DSP-030", target="0.000 kg"), "steps[0].target"),
    ("limits.yield", update("CMP-100", low="100 %"), "steps[5].low"),
    ("limits.yield", update("CMP-100", high="99.9 %"), "steps[5].low"),
    ("limits.yield", update("CMP-100", low="0.95 1"), "steps[5].low"),
    ("limits.yield", update("CMP-100", theoretical="0 kg"), "steps[5].theoretical"),
    ("limits.choice", update("COT-070", options=["Conforms"]), "steps[2].options"),
    (
        "limits.choice",
        update("COT-070", options=["Conforms", "Conforms", "No"], accepted=["Conforms"]),
        "steps[2].options",
    ),
    ("limits.choice", update("COT-070", accepted=[]), "steps[2].accepted"),
    ("limits.choice", update("COT-070", accepted=["Fine"]), "steps[2].accepted"),
    ("limits.decimals", update("CMP-060", alert_low="196.05 mg"), "steps[1].alert_low"),
    # Signatures.
    ("signature.second_check", update("CMP-060", signatures="performed"), "steps[1].signatures"),
    ("signature.second_check", update("COT-070", signatures="none"), "steps[2].signatures"),
    ("signature.second_check", update("DSP-040", signatures="performed"), "steps[1].signatures"),
    ("signature.second_check", update("GRN-030", signatures="performed"), "steps[2].signatures"),
    ("signature.second_check", update("DSP-010", signatures="performed"), "steps[0].signatures"),
    ("signature.missing", update("CMP-100", signatures="none"), "steps[5].signatures"),
    ("signature.missing", update("CMP-040", signatures="none"), "steps[3].signatures"),
    ("signature.missing", update("CMP-050", signatures="none"), "steps[0].signatures"),
    ("signature.missing", update("COT-060", signatures="none", **AUTO), "steps[1].signatures"),
    ("signature.check_reason", update("COT-060", check="automatic"), "steps[1].check"),
    (
        "signature.more_than_needed",
        update("CMP-080", signatures="performed_and_verified"),
        "steps[3].signatures",
    ),
    (
        "signature.more_than_needed",
        update("CMP-040", criticality="none", signatures="performed"),
        "steps[3].signatures",
    ),
    ("signature.more_than_needed", update("COT-060", **AUTO), "steps[1].signatures"),
    # Names and expressions.
    ("variable.duplicate", update("CMP-060", name="granule_lod"), "steps[1].name"),
    ("variable.duplicate", update("CMP-060", name="theoretical"), "steps[1].name"),
    ("variable.duplicate", update("CMP-060", name="min"), "steps[1].name"),
    ("variable.duplicate", update("GRN-090", name="powder_moisture"), "steps[1].name"),
    ("variable.unused", update("CMP-060", name="core_weight"), "steps[1].name"),
    ("expression.syntax", update("CMP-100", expression="actual ** 2"), "steps[5].expression"),
    ("expression.undefined", update("GRN-090", name="lod"), "steps[2].expression"),
    ("expression.undefined", drop("formula", "parameters"), "steps[2].expression"),
    ("expression.undefined", swap("GRN-090", "GRN-100"), "steps[1].expression"),
    ("expression.unit", update("CMP-100", actual_unit="tab"), "steps[5].expression"),
    ("expression.unit", update("COT-080", unit="L", target="49 L"), "steps[1].expression"),
    (
        "expression.unit",
        update("CMP-100", expression="actual - theoretical"),
        "steps[5].expression",
    ),
    ("expression.unit", update("GRN-090", unit="Cel"), "steps[2].expression"),
    ("expression.actual", update("CMP-100", expression="actual / actual"), "steps[5].expression"),
    (
        "expression.identity",
        update("CMP-100", expression="actual / theoretical * 100"),
        "steps[5].expression",
    ),
    (
        "expression.identity",
        update("CMP-100", expression="theoretical / actual"),
        "steps[5].expression",
    ),
]

PASSING: list[tuple[str, Change]] = [
    ("complete.excess", put(*INPUTS, 0, "excess", "0.0 %")),
    ("complete.theoretical_yield", put("header", "theoretical_yield", "high", "100 %")),
    ("formula.active_amount", put("header", "active_ingredients", 0, "amount_per_unit", "0.05 g")),
    ("formula.unit_weight", put("header", "unit_weight", "0.2060 g")),
    ("formula.unit_weight", put("header", "batch_size", "49.440 kg")),
    ("formula.dispensed_amount", update("DSP-050", target="2880 g")),
    ("reference.weigh_later", swap("DSP-040", "DSP-050")),
    ("limits.missing", lambda _, s: s["CMP-060"].pop("action_low")),
    ("limits.missing", lambda _, s: [s["CMP-080"].pop(k) for k in ("action_low", "action_high")]),
    ("limits.order", update("CMP-060", target="196.0 mg")),
    ("limits.order", update("CMP-060", action_high="0.206 g")),
    ("limits.order", lambda _, s: [s["CMP-060"].pop(k) for k in ("target", "alert_low")]),
    ("limits.tolerance", update("DSP-030", tolerance_high="12.000 kg")),
    ("limits.yield", update("CMP-100", high="100.0 %")),
    ("limits.decimals", update("CMP-060", alert_low="196.000 mg")),
    ("signature.second_check", update("COT-060", signatures="performed", **AUTO)),
    ("signature.second_check", update("DSP-040", signatures="performed", **AUTO)),
    ("signature.missing", update("CMP-040", criticality="none", signatures="none")),
    ("signature.more_than_needed", update("COT-060", signatures="performed", **AUTO)),
    (
        "expression.undefined",
        update("CMP-100", expression="actual / theoretical * batch_size / batch_size"),
    ),
    ("expression.unit", update("CMP-100", actual_unit="g")),
    ("expression.identity", update("CMP-100", expression="actual * 2 / (2 * theoretical)")),
]


@pytest.mark.requirement("R29")
def test_example_has_nothing_against_it() -> None:
    assert review(TEXT) == (EXAMPLE, ())


@pytest.mark.requirement("R29")
@pytest.mark.parametrize(("code", "change", "path"), FAILING)
def test_rule_names_what_is_wrong_and_where(code: str, change: Change, path: str) -> None:
    found = [issue for issue in issues_of(change) if issue.code == code]
    assert len(found) >= 1
    assert any(issue.path.endswith(path) for issue in found), found
    assert all(re.fullmatch(r"[A-Z0-9].*\.", issue.detail) for issue in found)


@pytest.mark.parametrize(("code", "change"), PASSING)
def test_rule_lets_pass_what_is_right(code: str, change: Change) -> None:
    assert [issue for issue in issues_of(change) if issue.code == code] == []


def test_every_rule_has_a_failing_case_and_a_code_of_its_own() -> None:
    codes = Counter(entry.code for entry in RULES)
    assert set(codes) == {code for code, _, _ in FAILING}
    assert set(codes.values()) == {1}


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("step", ["GRN-070", "GRN-090", "CMP-060", "CMP-070", "COT-050", "COT-070"])
def test_critical_manual_entry_without_second_check_stops_submission(step: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        submittable(changed(update(step, signatures="performed")))
    assert [issue.code for issue in refused.value.issues] == ["signature.second_check"]


@pytest.mark.requirement("R34")
@pytest.mark.parametrize("kind", ["weigh", "charge_material"])
def test_every_weighing_and_charge_needs_a_second_person(kind: str) -> None:
    for placed in EXAMPLE.steps():
        if placed.step.kind == kind:
            found = issues_of(update(placed.step.id, signatures="performed"))
            assert [issue.code for issue in found] == ["signature.second_check"]


@pytest.mark.requirement("R32")
def test_automatic_check_still_needs_the_person_who_performed() -> None:
    found = issues_of(update("COT-060", signatures="none", **AUTO))
    assert [issue.code for issue in found] == ["signature.missing"]


def test_warnings_do_not_stop_submission_and_are_returned() -> None:
    record, warnings = submittable(changed(update("CMP-080", signatures="performed_and_verified")))
    assert record.id == "M-0001"
    assert [(issue.severity, issue.code) for issue in warnings] == [
        (Severity.WARNING, "signature.more_than_needed")
    ]


def test_text_without_the_form_is_not_submittable() -> None:
    with pytest.raises(DocumentRefused):
        submittable("format: 1\n")
    assert review("format: 1\n")[0] is None


def test_defective_content_names_every_issue_with_its_line() -> None:
    record, issues = review(DEFECTIVE.read_text(encoding="utf-8"))
    assert record is not None
    assert [(issue.code, issue.line) for issue in issues] == [
        ("complete.product", 5),
        ("complete.product", 5),
        ("complete.active_ingredients", 4),
        ("complete.theoretical_yield", 4),
        ("complete.packaging", 4),
        ("complete.packaging", 4),
        ("complete.controls", 4),
        ("complete.controls", 4),
        ("complete.controls", 4),
        ("formula.active_amount", 11),
        ("formula.not_dispensed", 18),
        ("reference.duplicate_id", 64),
        ("reference.weigh_later", 39),
        ("reference.equipment_unknown", 51),
        ("reference.equipment_unchecked", 51),
        ("limits.missing", 52),
        ("limits.tolerance", 49),
        ("signature.second_check", 38),
        ("signature.second_check", 59),
        ("variable.unused", 60),
        ("expression.identity", 73),
    ]


def test_rule_that_cannot_be_computed_is_an_error_and_not_a_pass() -> None:
    huge = "9" * 40
    found = issues_of(
        both(
            put("header", "batch_size", f"{huge} tab"),
            put("header", "active_ingredients", 0, "amount_per_unit", f"{huge} kg"),
        )
    )
    uncomputed = [issue for issue in found if "could not be checked" in issue.detail]
    assert {(issue.severity, issue.code) for issue in uncomputed} == {
        (Severity.ERROR, "formula.active_amount")
    }


@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)
@given(RECORDS)
def test_any_record_can_be_analysed(record: MasterBatchRecord) -> None:
    issues = analyse(record)
    assert not [issue for issue in issues if "could not be checked" in issue.detail]


def test_issue_without_a_text_has_no_line() -> None:
    issues = analyse(dataclasses.replace(EXAMPLE, equipment=()))
    assert {issue.code for issue in issues} == {"reference.equipment_unknown"}
    assert {issue.line for issue in issues} == {None}
