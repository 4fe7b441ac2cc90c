"""Steps of a master batch record: seven kinds, nine shapes.

The fields are the keys of the text form; `reading` and `writing` work from these annotations.

References:
    21 CFR 211.186(b)(9) (complete manufacturing and control instructions), 211.101, 211.103.
"""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from daytwo.kernel.quantity import Quantity, Rounding
from daytwo.record.recipes.document.fields import (
    ClassName,
    Code,
    ExpressionText,
    Length,
    Name,
    NodeId,
    Places,
    Text,
    UnitCode,
)
from daytwo.record.recipes.enums import (
    Check,
    Criticality,
    Datatype,
    OnException,
    PerformedBy,
    SignatureNeed,
    StepKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBase:
    """What every step has.

    Attributes:
        id: Unique in the record and kept from version to version.
        performed_by: Role of the person who performs it.
        qualification: Code of a qualification that the person must hold as well.
        signatures: What closes the step.
        check: Who or what checks a critical entry.
        check_reason: Why the automatic check is as good as a second person (211.68(c)).
        on_exception: What follows when the result is not as required.
    """

    kind: ClassVar[StepKind]

    id: NodeId
    title: Text
    instruction: Text
    criticality: Criticality
    performed_by: PerformedBy
    signatures: SignatureNeed
    qualification: Code | None = None
    check: Check = Check.PERSON
    check_reason: Text | None = None
    on_exception: OnException = OnException.DISCREPANCY


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(StepBase):
    """An instruction that is carried out and confirmed."""

    kind: ClassVar[StepKind] = StepKind.CONFIRM


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterNumber(StepBase):
    """A number that is read and entered.

    Attributes:
        name: Under which expressions may use the value.
        unit: Unit in which the value is entered.
        decimals: Decimal places with which it is entered.
        alert_low: Lowest value that needs no attention; likewise `alert_high`.
        action_low: Lowest value that is within limits; likewise `action_high`.
    """

    kind: ClassVar[StepKind] = StepKind.ENTER_VALUE
    datatype: ClassVar[Datatype] = Datatype.NUMBER

    name: Name | None = None
    unit: UnitCode
    decimals: Places
    target: Quantity | None = None
    alert_low: Quantity | None = None
    alert_high: Quantity | None = None
    action_low: Quantity | None = None
    action_high: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterText(StepBase):
    """A text that is entered."""

    kind: ClassVar[StepKind] = StepKind.ENTER_VALUE
    datatype: ClassVar[Datatype] = Datatype.TEXT

    max_length: Length = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterChoice(StepBase):
    """One of several answers; those in `accepted` are as required."""

    kind: ClassVar[StepKind] = StepKind.ENTER_VALUE
    datatype: ClassVar[Datatype] = Datatype.CHOICE

    options: tuple[Text, ...]
    accepted: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigh(StepBase):
    """A material of the formula is weighed out.

    Attributes:
        target: Net weight wanted.
        tolerance_low: Lowest net weight accepted, as a weight, not as a difference.
        tolerance_high: Highest net weight accepted.
        tare_required: Whether the container is tared first.
        equipment_class: Class of the balance.
        name: Under which expressions may use the net weight.
    """

    kind: ClassVar[StepKind] = StepKind.WEIGH

    material: Code
    target: Quantity
    tolerance_low: Quantity
    tolerance_high: Quantity
    tare_required: bool = True
    equipment_class: ClassName
    name: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeMaterial(StepBase):
    """What an earlier weigh step gave is put into the process."""

    kind: ClassVar[StepKind] = StepKind.CHARGE_MATERIAL

    weigh: NodeId
    equipment_class: ClassName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEquipment(StepBase):
    """One piece of equipment of a class is assigned to the batch and its state checked."""

    kind: ClassVar[StepKind] = StepKind.CHECK_EQUIPMENT

    equipment_class: ClassName
    calibrated: bool
    clean: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineClearance(StepBase):
    """An area is free of what belongs to other batches; each item is ticked."""

    kind: ClassVar[StepKind] = StepKind.LINE_CLEARANCE

    area: Text
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield(StepBase):
    """Actual yield and its percentage of the theoretical one (211.103).

    Attributes:
        actual_step: Step whose value is the actual yield; or else
        actual_unit: unit in which it is entered at this step.
        theoretical: Theoretical yield at this point of the process (211.186(b)(6)).
        expression: Over `actual`, `theoretical` and other names; gives the ratio.
        decimals: Decimals of the percentage.
        rounding: How it is rounded.
        low: Lowest percentage that needs no investigation; likewise `high`.
        name: Under which expressions may use the percentage.
    """

    kind: ClassVar[StepKind] = StepKind.YIELD

    actual_step: NodeId | None = None
    actual_unit: UnitCode | None = None
    theoretical: Quantity
    expression: ExpressionText
    decimals: Places
    rounding: Rounding = Rounding.HALF_UP
    low: Quantity
    high: Quantity
    name: Name | None = None


Step: TypeAlias = (
    Confirm
    | EnterNumber
    | EnterText
    | EnterChoice
    | Weigh
    | ChargeMaterial
    | CheckEquipment
    | LineClearance
    | Yield
)
STEP_CLASSES: tuple[type[Step], ...] = (
    Confirm,
    EnterNumber,
    EnterText,
    EnterChoice,
    Weigh,
    ChargeMaterial,
    CheckEquipment,
    LineClearance,
    Yield,
)
