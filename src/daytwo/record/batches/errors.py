"""What the execution of a batch refuses, in words that say the way out."""

from __future__ import annotations

from daytwo.kernel.errors import Refused


class StepRefused(Refused):
    """The step cannot be done so, now, or by this person."""

    def __init__(self, code: str, detail: str, info: dict[str, object] | None = None) -> None:
        """Say why and what would help."""
        super().__init__(f"step.{code}", detail, info)


class EntryRefused(Refused):
    """What was entered cannot be taken; the field says which."""

    def __init__(self, code: str, field: str, detail: str) -> None:
        """Name the field."""
        super().__init__(f"entry.{code}", detail, {"field": field})


class BatchRefused(Refused):
    """The batch or its record is not in a state for this."""

    def __init__(self, code: str, detail: str, info: dict[str, object] | None = None) -> None:
        """Say why and what would help."""
        super().__init__(f"batch.{code}", detail, info)
