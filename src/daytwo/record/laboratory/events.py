"""What the laboratory records: results that stand after second-person review."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("laboratory.result.final")
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
