"""A master made for measuring: many steps of one sort, then what every master must have."""

from __future__ import annotations

from typing import Any

from daytwo.record.recipes.document.writing import to_yaml

STEPS = 28
"""Measured steps of a batch; with the three that every master needs it is as long as a real one."""
UNSIGNED = "M-9001"
SIGNED = "M-9002"


def text(mbr_id: str, *, signed: bool, steps: int = STEPS) -> str:
    """Return the YAML of a master whose first steps are all unsigned, or all signed.

    Args:
        mbr_id: Its id.
        signed: Whether the measured steps ask for the performer's signature.
        steps: How many of them.
    """
    measured = [_measured(number, signed=signed) for number in range(1, steps + 1)]
    return to_yaml(
        {
            "format": 1,
            "id": mbr_id,
            "header": _HEADER,
            "formula": _FORMULA,
            "equipment": [
                {"equipment_class": "balance", "count": 1, "description": "Floor balance, 60 kg"}
            ],
            "procedure": [_unit(10, "Measured", measured), _unit(20, "Rest", _REST)],
        }
    )


def step_id(number: int) -> str:
    """Return the id of a measured step, from 1."""
    return f"STP-{number:03d}"


def entry(number: int) -> dict[str, str]:
    """Return a conforming entry of a measured step."""
    if number % 3 == 0:
        return {"confirmed": "yes"}
    return {"value": f"{40 + number % 5}.{number % 10}"}


def _measured(number: int, *, signed: bool) -> dict[str, Any]:
    step = {
        "id": step_id(number),
        "kind": "confirm" if number % 3 == 0 else "enter_value",
        "title": f"Room condition, reading {number}",
        "instruction": "Read the display at the booth and enter what it shows; report an alarm.",
        "criticality": "GMP" if signed else "none",
        "performed_by": "operator",
        "signatures": "performed" if signed else "none",
        "on_exception": "discrepancy",
    }
    if step["kind"] == "enter_value":
        step |= {"datatype": "number", "unit": "%", "decimals": 1}
        step |= {"action_low": "20.0 %", "action_high": "60.0 %"}
    return step


def _unit(number: int, title: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    phase = {"id": f"PH-{number}1", "title": title, "steps": steps}
    operation = {"id": f"OP-{number}", "title": title, "phases": [phase]}
    return {"id": f"UP-{number}", "title": title, "operations": [operation]}


def _closing(step: str, kind: str, title: str, **own: object) -> dict[str, Any]:
    return {
        "id": step,
        "kind": kind,
        "title": title,
        "instruction": "As the procedure says.",
        "criticality": "GMP",
        "performed_by": "operator",
        "signatures": "performed" if kind == "yield" else "performed_and_verified",
        **own,
    }


_REST = [
    _closing(
        "DSP-010",
        "weigh",
        "Active",
        material="RM-1",
        target="10.000 kg",
        tolerance_low="9.990 kg",
        tolerance_high="10.010 kg",
        tare_required=True,
        equipment_class="balance",
    ),
    _closing("DSP-020", "charge_material", "Charge the active", weigh="DSP-010"),
    _closing(
        "YLD-010",
        "yield",
        "Yield",
        actual_unit="kg",
        theoretical="10.000 kg",
        expression="actual / theoretical",
        decimals=1,
        rounding="half_up",
        low="95.0 %",
        high="101.0 %",
    ),
]
_HEADER = {
    "product": {
        "code": "BEN-100",
        "name": "Measured tablets 100 mg",
        "strength": "100 mg",
        "dosage_form": "White round tablets",
    },
    "batch_size": "100000 tab",
    "unit_weight": "100.0 mg",
    "theoretical_yield": {"quantity": "100000 tab", "low": "95.0 %", "high": "101.0 %"},
    "active_ingredients": [{"material": "RM-1", "amount_per_unit": "100.0 mg"}],
    "containers": [{"code": "PK-1", "description": "Fibre drum, 60 L, with lid and clamp ring"}],
    "labels": [
        {
            "code": "LB-1",
            "description": "Bulk label of the drum",
            "specimen": "DOC-LB-1 version 1",
            "approved_by": "Head of quality assurance",
            "approved_on": "2026-06-15",
        }
    ],
    "specifications": [{"id": "SP-1", "title": "Finished product", "applies_to": "Bulk tablets"}],
    "sampling": [
        {
            "id": "SA-1",
            "step": "YLD-010",
            "quantity": "20 tab",
            "specification": "SP-1",
            "instruction": "Begin, middle and end, pooled.",
        }
    ],
    "precautions": ["None."],
}
_FORMULA = {
    "inputs": [
        {"material": "RM-1", "name": "Active", "quality": "Ph. Eur.", "quantity": "10.000 kg"}
    ],
    "outputs": [{"material": "FP-1", "name": "Measured tablets", "quantity": "100000 tab"}],
}
