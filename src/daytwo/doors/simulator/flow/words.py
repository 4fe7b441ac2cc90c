"""What people write about deviations: pieces put together, with slips, asides and quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daytwo.doors.simulator.plant.recipes import phrases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daytwo.doors.simulator.plant.chance import Draw
    from daytwo.doors.simulator.plant.recipes import Cause

TYPO_RATE = 0.3
ASIDE_RATE = 0.45
LINE_BREAK_RATE = 0.06
INJECTION_RATE = 0.008
LOWER_RATE = 0.1


def title(cause: Cause, draw: Draw, facts: Mapping[str, str]) -> str:
    """Return a title of a deviation."""
    return draw.pick(cause.titles).format_map(facts)


def description(cause: Cause, draw: Draw, facts: Mapping[str, str]) -> str:
    """Return three to six sentences on what was seen and done, never quite the same."""
    seen, done = _two(cause.seen, draw), _two(cause.done, draw)
    sentences = [*seen, *done]
    if draw.happens(ASIDE_RATE):
        sentences.insert(draw.whole(1, len(sentences)), draw.pick(phrases().asides))
    if draw.happens(ASIDE_RATE):
        sentences.append(f"Batch {facts['batch']}, step {facts['step']}, {facts['unit']}.")
    if len(sentences) < 3:  # noqa: PLR2004 - the least that is a description
        sentences.append(draw.pick(phrases().asides))
    text = " ".join(sentences).format_map(facts)
    for right, wrong in phrases().typos:
        if draw.happens(TYPO_RATE):
            text = text.replace(right, wrong, 1)
    if draw.happens(LOWER_RATE):
        text = text.lower()
    if draw.happens(LINE_BREAK_RATE):
        text = text.replace(". ", ".\n", 1)
    if draw.happens(INJECTION_RATE):
        text = f"{phrases().injection} {text}"
    return text


def finding(cause: Cause, draw: Draw, facts: Mapping[str, str]) -> str:
    """Return the root cause in words."""
    return draw.pick(cause.found).format_map(facts)


def _two(pieces: tuple[str, ...], draw: Draw) -> list[str]:
    """Return one or two different pieces."""
    first = draw.whole(0, len(pieces) - 1)
    second = (first + draw.whole(1, len(pieces) - 1)) % len(pieces)
    return [pieces[first]] if draw.happens(0.5) else [pieces[first], pieces[second]]
