"""Events of the system itself and of how it is used: what decay after go-live is seen by."""

from __future__ import annotations

from dataclasses import dataclass

from daytwo.record.ledger.catalogue import event


@event("system.clock.drifted")
@dataclass(frozen=True, slots=True)
class ClockDrifted:
    """The server's clock jumped against its own steady counter, or behind the last event."""

    drift_ms: int
    against: str


@event("usage.session.begun", stream="usage/{person_id}")
@dataclass(frozen=True, slots=True)
class SessionBegun:
    """Somebody signed in to another system; a sign-in here is `SignedIn`."""

    person_id: str


@event("usage.session.refused", stream="usage/{person_id}")
@dataclass(frozen=True, slots=True)
class SessionRefused:
    """A sign-in to another system was refused."""

    person_id: str


@event("usage.screen.opened", stream="usage/{person_id}")
@dataclass(frozen=True, slots=True)
class ScreenOpened:
    """A screen was opened."""

    person_id: str
    screen: str


@event("usage.feature.used", stream="usage/{person_id}")
@dataclass(frozen=True, slots=True)
class FeatureUsed:
    """A function of the system was used (K29)."""

    person_id: str
    feature: str


@event("usage.feedback.given", stream="feedback/{feedback_id}", key=("feedback_id",))
@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """Somebody said what hinders the work.

    Attributes:
        feedback_id: Its number.
        words: In the person's own words.
        batch_id: The batch in hand; empty where none.
        step_id: The step in hand; empty where none.
    """

    feedback_id: str
    words: str = ""
    batch_id: str = ""
    step_id: str = ""


@event("usage.feedback.answered", stream="feedback/{feedback_id}")
@dataclass(frozen=True, slots=True)
class FeedbackAnswered:
    """Whoever gave the feedback was told what became of it."""

    feedback_id: str
    answer: str = ""


@event("system.fallback.started", stream="system/fallback")
@dataclass(frozen=True, slots=True)
class FallbackStarted:
    """The plant went over to paper; the reason is on the envelope (EU GMP Annex 11 §16)."""

    area: str = ""


@event("system.fallback.ended", stream="system/fallback")
@dataclass(frozen=True, slots=True)
class FallbackEnded:
    """The plant came back from paper."""

    area: str = ""


@event("system.configuration.changed", stream="system/configuration")
@dataclass(frozen=True, slots=True)
class ConfigurationChanged:
    """A setting of the system was changed (EU GMP Annex 11 §10)."""

    setting: str
    value: str = ""
    previous: str = ""


@event("system.mapping.saved")
@dataclass(frozen=True, slots=True)
class MappingSaved:
    """A version of an import mapping was put on the record; it is never changed afterwards.

    Attributes:
        mapping_id: The mapping's name.
        version: Its version, greater than every one before.
        title: For people.
        text: The mapping file, whole, as YAML text.
        sha256: Over that text as UTF-8: the digest of the file.
    """

    mapping_id: str
    version: int
    title: str
    text: str
    sha256: str


@event("system.release.deployed", stream="system/configuration")
@dataclass(frozen=True, slots=True)
class ReleaseDeployed:
    """Another version of the system went live: what comes after is measured against before."""

    release: str
    system: str = ""
