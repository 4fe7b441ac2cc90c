"""The usage fact: one use of the system, or one change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.insight.facts.declare import Fact, Fold, moment, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daytwo.insight.facts.declare import Changes, Key
    from daytwo.insight.facts.happening import Happening

_KINDS: dict[str, tuple[str, str]] = {
    "access.signed_in": ("session", "channel"),
    "access.credentials_refused": ("refused", "purpose"),
    "usage.session.begun": ("session", ""),
    "usage.session.refused": ("refused", ""),
    "usage.screen.opened": ("screen", "screen"),
    "usage.feature.used": ("feature", "feature"),
    "usage.feedback.given": ("feedback", ""),
    "usage.feedback.answered": ("answer", ""),
    "system.fallback.started": ("fallback_start", "area"),
    "system.fallback.ended": ("fallback_end", "area"),
    "system.configuration.changed": ("configuration", "setting"),
    "system.release.deployed": ("release", "release"),
}


def _itself(it: Happening) -> Iterable[Key]:
    return ((it.seq,),)


def _used(row: Mapping[str, Any], it: Happening) -> Changes:  # noqa: ARG001 - one form for all
    kind, name = _KINDS[it.type]
    return {
        "at_us": it.us,
        "kind": kind,
        "person": it.get("person_id") or it.person,
        "role": it.role,
        "name": it.get(name) if name else None,
        "batch_id": it.get("batch_id"),
        "step_id": it.get("step_id"),
        "ref": it.get("feedback_id"),
    }


FACT = Fact(
    name="usage",
    grain="one use of the system, or one change of it",
    key=whole("seq", "the ledger's number of the event"),
    anchor=("at_us",),
    own=(
        *moment("at", "when"),
        *text(
            "kind",
            "session, refused, screen, feature, feedback, answer, fallback_start, fallback_end,"
            " configuration or release",
        ),
        *text("person", "who"),
        *text("role", "in which role"),
        *text("name", "of the screen, feature, area, setting or release"),
        *text("batch_id", "the batch in hand"),
        *text("step_id", "the step in hand"),
        *text("ref", "of a feedback and its answers: its number"),
    ),
    folds={type_: Fold(_itself, _used) for type_ in _KINDS},
)
