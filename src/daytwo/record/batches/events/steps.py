"""Events of the steps of a batch."""

from __future__ import annotations

from dataclasses import dataclass, field

from daytwo.record.ledger.catalogue import event


@event("batch.step.offered", stream="batch/{batch_id}", key=("batch_id", "step_id"))
@dataclass(frozen=True, slots=True)
class StepOffered:
    """The step may be done from now on.

    Attributes:
        batch_id: The batch.
        step_id: The step. What follows tells an import what the master tells of a native step.
        title: As people read it.
        position: Place in the procedure, from 1; 0 where the source does not say.
        unit_procedure: ISA-88 unit procedure.
        operation: ISA-88 operation.
        phase: ISA-88 phase.
        kind: A `StepKind`, or the source's own word.
        criticality: `CPP`, `CQA`, `GMP` or `none`; empty where the source does not say.
        unit: Equipment or workplace.
    """

    batch_id: str
    step_id: str
    title: str = ""
    position: int = 0
    unit_procedure: str = ""
    operation: str = ""
    phase: str = ""
    kind: str = ""
    criticality: str = ""
    unit: str = ""


@event("batch.step.claimed", stream="batch/{batch_id}", key=("batch_id", "step_id"))
@dataclass(frozen=True, slots=True)
class StepClaimed:
    """A person has begun the step."""

    batch_id: str
    step_id: str


@event("batch.step.value_entered", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class ValueEntered:
    """What was entered, normalised but as written; `method` is manual, device or interface."""

    batch_id: str
    step_id: str
    entry: dict[str, str]
    result: dict[str, str] = field(default_factory=dict)
    method: str = "manual"


@event("batch.step.completed", stream="batch/{batch_id}", key=("batch_id", "step_id"))
@dataclass(frozen=True, slots=True)
class StepCompleted:
    """The step is done; `outcome` is `conforming` or `discrepant`."""

    batch_id: str
    step_id: str
    outcome: str = "conforming"
    verification_due: bool = False


@event("batch.step.verified", stream="batch/{batch_id}", key=("batch_id", "step_id"))
@dataclass(frozen=True, slots=True)
class StepVerified:
    """A second person has checked the step."""

    batch_id: str
    step_id: str


@event("batch.step.corrected", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class StepCorrected:
    """An entry was corrected; the old one stays readable, the reason is given.

    Attributes:
        batch_id: The batch.
        step_id: The step.
        old: The entry that stood.
        entry: The entry that stands from now on.
        result: What follows from it.
        verification_due: A second person has to check it again.
        after_signoff: The step had been signed; natively always so, for a slip before the
            signature is no correction.
    """

    batch_id: str
    step_id: str
    old: dict[str, str] = field(default_factory=dict)
    entry: dict[str, str] = field(default_factory=dict)
    result: dict[str, str] = field(default_factory=dict)
    verification_due: bool = False
    after_signoff: bool = True


@event("batch.step.paused", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class StepPaused:
    """Work on the step stopped for a while; the reason is on the envelope."""

    batch_id: str
    step_id: str


@event("batch.step.continued", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class StepContinued:
    """Work on a paused step went on."""

    batch_id: str
    step_id: str


@event("batch.step.input_begun", stream="batch/{batch_id}", key=("batch_id", "step_id"))
@dataclass(frozen=True, slots=True)
class StepInputBegun:
    """The first entry was made: until then the person read, walked or waited."""

    batch_id: str
    step_id: str


@event("batch.step.signed", stream="batch/{batch_id}")
@dataclass(frozen=True, slots=True)
class StepSigned:
    """A signature of another system, as its export tells of it; ours are `SignatureApplied`.

    Attributes:
        batch_id: The batch.
        step_id: The step; empty for the record as a whole.
        meaning: What it says, in the source's words.
        automated: The step ran by itself: one checker may do (21 CFR 211.68(c)).
    """

    batch_id: str
    step_id: str = ""
    meaning: str = ""
    automated: bool = False


@event("batch.step.back_entered", stream="batch/{batch_id}", key=("batch_id", "step_id"))
@dataclass(frozen=True, slots=True)
class StepBackEntered:
    """The step was done on paper and entered later: paper fallback (EU GMP Annex 11 §16)."""

    batch_id: str
    step_id: str
