"""Header, formula and equipment requirements of a master batch record.

The fields are the keys of the text form; `reading` and `writing` work from these annotations.

References:
    ISA-88 / IEC 61512-1 (header, formula and equipment requirements of a master recipe);
    21 CFR 211.186(b)(1)-(9) (what a master production and control record includes).
"""

from dataclasses import dataclass

from daytwo.kernel.quantity import Quantity
from daytwo.record.recipes.document.fields import ClassName, Code, Count, Date, Name, NodeId, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is made: 211.186(b)(1)."""

    code: Code
    name: Text
    strength: Quantity | None = None
    dosage_form: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveIngredient:
    """Weight of an active ingredient in one dosage unit: 211.186(b)(2)."""

    material: Code
    amount_per_unit: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class TheoreticalYield:
    """What the batch would give without loss, and where an investigation starts: (b)(7).

    Attributes:
        quantity: Theoretical yield of the batch.
        low: Lowest percentage of theoretical yield that needs no investigation.
        high: Highest.
    """

    quantity: Quantity
    low: Quantity
    high: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container, closure or packaging material of the product: 211.186(b)(8)."""

    code: Code
    description: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label and where its signed and dated specimen is kept: 211.186(b)(8)."""

    code: Code
    description: Text
    specimen: Text
    approved_by: Text
    approved_on: Date


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationReference:
    """A specification that the batch is held to: 211.186(b)(9)."""

    id: Code
    title: Text
    applies_to: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingInstruction:
    """What is sampled, at which step, how much, against which specification: 211.186(b)(9)."""

    id: Code
    step: NodeId
    quantity: Quantity
    specification: Code
    instruction: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Everything that holds for the batch as a whole.

    Only product and batch size are needed to save a draft; the completeness gate of the analysis
    asks for the rest.
    """

    product: Product
    batch_size: Quantity
    unit_weight: Quantity | None = None
    theoretical_yield: TheoreticalYield | None = None
    active_ingredients: tuple[ActiveIngredient, ...] = ()
    containers: tuple[Container, ...] = ()
    labels: tuple[Label, ...] = ()
    specifications: tuple[SpecificationReference, ...] = ()
    sampling: tuple[SamplingInstruction, ...] = ()
    precautions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One input of the batch: 211.186(b)(3), (4), (5).

    Attributes:
        material: Code of the material.
        name: Its name.
        quality: Grade or monograph that tells it from the like (`Ph. Eur., milled`).
        quantity: Amount per batch, excess included.
        excess: Calculated excess over the net amount, in %; None for none.
        excess_reason: Why there is an excess.
        removed: True for what processing takes out again (granulating water).
    """

    material: Code
    name: Text
    quality: Text | None = None
    quantity: Quantity
    excess: Quantity | None = None
    excess_reason: Text | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A named constant of the process that expressions may use."""

    name: Name
    description: Text
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One output of the batch."""

    material: Code
    name: Text
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """Inputs, parameters and outputs of the batch (ISA-88 formula)."""

    inputs: tuple[Component, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentRequirement:
    """A class of equipment that the procedure needs, and how many."""

    equipment_class: ClassName
    count: Count = 1
    description: Text
