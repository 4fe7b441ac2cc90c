"""What the laboratory records: samples, tests, results and what lies outside specification."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event(
    "laboratory.result.final",
    stream="laboratory/{subject_kind}/{subject_id}",
    key=("result_id",),
)
@dataclass(frozen=True, slots=True)
class LaboratoryResultFinal:
    """A test's result was made final for a batch or a material lot.

    The value is kept as text exactly as it was reported ("2.50", "< 0.05", "complies"): it is the
    original record (21 CFR 211.194(a)(4)). A later result for the same test supersedes this one
    by an event of its own; nothing is overwritten.

    Attributes:
        result_id: The result's own name, unique in the site.
        subject_kind: `batch` for in-process and finished-product tests, `lot` for incoming
            material; what `subject_id` names.
        subject_id: The batch or the material lot that was tested.
        stage: `incoming`, `in_process` or `final`.
        test_code: The test's stable code, such as `dissolution_av`.
        test_name: The test as people call it.
        value: The reported value as written, decimal point `.`, no thousands marks.
        unit: The reported unit, such as `%`, `N` or `mm`; empty for a ratio, an index, a text, or
            where the source states none.
        sample_id: The sample that was tested; None where the source names none.
        specification_id: The specification that it was tested against; None where none is named.
        verdict: `within` or `oos`; empty where the source does not say.
        supersedes: The result that this one takes the place of; None for a first one.
    """

    result_id: str
    subject_kind: str
    subject_id: str
    stage: str
    test_code: str
    test_name: str
    value: str
    unit: str
    sample_id: str | None = None
    specification_id: str | None = None
    verdict: str = ""
    supersedes: str | None = None


@event("laboratory.sample.taken", stream="laboratory/sample/{sample_id}", key=("sample_id",))
@dataclass(frozen=True, slots=True)
class SampleTaken:
    """A sample was taken (21 CFR 211.160(b)).

    Attributes:
        sample_id: The sample's number, unique in the site.
        subject_kind: `batch` or `lot`.
        subject_id: The batch or the material lot.
        stage: `incoming`, `in_process` or `final`.
        plan: The sampling plan or point; empty where none is named.
    """

    sample_id: str
    subject_kind: str
    subject_id: str
    stage: str
    plan: str = ""


@event("laboratory.sample.received", stream="laboratory/sample/{sample_id}", key=("sample_id",))
@dataclass(frozen=True, slots=True)
class SampleReceived:
    """The laboratory has the sample."""

    sample_id: str


@event("laboratory.test.started", stream="laboratory/sample/{sample_id}", key=("result_id",))
@dataclass(frozen=True, slots=True)
class LaboratoryTestStarted:
    """An analyst began a test."""

    sample_id: str
    result_id: str
    test_code: str


@event("laboratory.result.entered", stream="laboratory/sample/{sample_id}", key=("result_id",))
@dataclass(frozen=True, slots=True)
class ResultEntered:
    """A result was entered; it counts only once a second person has reviewed it (211.194(a)(8))."""

    sample_id: str
    result_id: str
    test_code: str
    value: str = ""
    unit: str = ""


@event("laboratory.oos.opened", stream="laboratory/oos/{oos_id}", key=("oos_id",))
@dataclass(frozen=True, slots=True)
class OosOpened:
    """A result lies outside its specification and is investigated (FDA OOS guidance, 2022).

    Attributes:
        oos_id: The investigation's number.
        result_id: The result.
        sample_id: Its sample.
        subject_kind: `batch` or `lot`; empty where the source does not say.
        subject_id: The batch or lot; empty where the source does not say.
        test_code: The test.
    """

    oos_id: str
    result_id: str = ""
    sample_id: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    test_code: str = ""


@event("laboratory.oos.invalidated", stream="laboratory/oos/{oos_id}", key=("oos_id",))
@dataclass(frozen=True, slots=True)
class OosInvalidated:
    """The result was shown to be an error of measurement; the reason is on the envelope."""

    oos_id: str


@event("laboratory.oos.confirmed", stream="laboratory/oos/{oos_id}", key=("oos_id",))
@dataclass(frozen=True, slots=True)
class OosConfirmed:
    """The result stands: the batch or lot does not conform."""

    oos_id: str
