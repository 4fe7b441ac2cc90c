"""What happens to the value that somebody promises: stated, frozen, live, measured, signed."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("value.hypothesis.stated", stream="value/{initiative_id}")
@dataclass(frozen=True, slots=True)
class HypothesisStated:
    """Somebody says what will get better, by how much, and why; before anything is done.

    Attributes:
        initiative_id: Its number.
        title: In a line.
        kpi_id: The KPI that is to move.
        site: Only this site; empty for all.
        product_code: Only this product; empty for all.
        expected_change: By how much, in the KPI's unit, as a decimal text with its sign; empty
            where only a baseline is to be kept.
        promised_eur_per_year: What that is worth in a year, as a decimal text; empty for nothing.
        rationale: Why it will.
    """

    initiative_id: str
    title: str
    kpi_id: str
    site: str = ""
    product_code: str = ""
    expected_change: str = ""
    promised_eur_per_year: str = ""
    rationale: str = ""


@event("value.baseline.frozen", stream="value/{initiative_id}")
@dataclass(frozen=True, slots=True)
class BaselineFrozen:
    """The figure before was frozen, with everything that makes it repeatable.

    Attributes:
        initiative_id: The initiative.
        kpi_id: The KPI.
        kpi_version: Version of its definition.
        since: First day, ISO.
        until: Last day, ISO.
        value: The figure as a decimal text; empty when unknown.
        low: Lower end of its 95 % interval; empty when there is none.
        high: Upper end.
        n: What it rests on.
        coverage: As a decimal text; empty when unknown.
        excluded: Subjects left out.
        open: Subjects that had not ended.
        subjects_sha256: Digest over every subject with its state, value and events.
        ledger_seq: Everything up to here in the ledger was in.
        checkpoint: Number of the latest checkpoint; 0 where none was made.
        checkpoint_root: Its Merkle root; empty where none was made.
    """

    initiative_id: str
    kpi_id: str
    kpi_version: int
    since: str
    until: str
    value: str
    low: str
    high: str
    n: int
    coverage: str
    excluded: int
    open: int
    subjects_sha256: str
    ledger_seq: int
    checkpoint: int
    checkpoint_root: str


@event("value.target.set", stream="value/{initiative_id}")
@dataclass(frozen=True, slots=True)
class TargetSet:
    """What is to be reached, and by when; set by people, never by a default.

    Attributes:
        initiative_id: The initiative.
        target: In the KPI's unit, as a decimal text.
        due_on: Day by which it is to be reached, ISO.
    """

    initiative_id: str
    target: str
    due_on: str


@event("value.action.live", stream="value/{initiative_id}")
@dataclass(frozen=True, slots=True)
class ActionLive:
    """What was to make it better is in use: what comes after is measured against before.

    Attributes:
        initiative_id: The initiative.
        live_on: First day, ISO.
        action: What was done.
        confounders: What else changed meanwhile: mix, volume, shifts; empty where nothing did.
    """

    initiative_id: str
    live_on: str
    action: str
    confounders: str = ""


@event("value.measured", stream="value/{initiative_id}")
@dataclass(frozen=True, slots=True)
class ValueMeasured:
    """The figure after, by the definition that the baseline was frozen with.

    Attributes:
        initiative_id: The initiative.
        kpi_version: Version of the definition: that of the baseline.
        since: First day, ISO.
        until: Last day, ISO.
        value: The figure as a decimal text; empty when unknown.
        low: Lower end of its 95 % interval; empty when there is none.
        high: Upper end.
        n: What it rests on.
        change: After minus before, as a decimal text; empty when one is unknown.
        beyond_noise: Whether the two intervals lie apart.
        subjects_sha256: Digest over every subject.
        ledger_seq: Everything up to here in the ledger was in.
    """

    initiative_id: str
    kpi_version: int
    since: str
    until: str
    value: str
    low: str
    high: str
    n: int
    change: str
    beyond_noise: bool
    subjects_sha256: str
    ledger_seq: int


@event("value.signed", stream="value/{initiative_id}")
@dataclass(frozen=True, slots=True)
class ValueSigned:
    """Another person than who promised it confirmed what the change is worth.

    Attributes:
        initiative_id: The initiative.
        recurring_eur_per_year: Each year, as a decimal text.
        one_off_eur: Once, as a decimal text; never added to the other.
        run_cost_eur_per_year: What it costs to keep it so.
        rationale: How it was reckoned.
    """

    initiative_id: str
    recurring_eur_per_year: str
    one_off_eur: str
    run_cost_eur_per_year: str
    rationale: str


@event("value.withdrawn", stream="value/{initiative_id}")
@dataclass(frozen=True, slots=True)
class ValueWithdrawn:
    """An initiative was given up; the reason is on the envelope."""

    initiative_id: str
