"""The projection registry: which rows follow from which events, and who writes them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Model

    from daytwo.record.ledger.envelope import Recorded

    Handler = Callable[[Recorded], None]

_PROJECTIONS: dict[str, Projection] = {}
_HANDLERS: dict[str, list[Handler]] = defaultdict(list)


@dataclass(frozen=True)
class Projection:
    """One capability's rows; its handlers are their only writer.

    Attributes:
        name: Unique name, as `rebuild` reports it.
        models: The tables, parents before children.
    """

    name: str
    models: tuple[type[Model], ...]
    types: set[str] = field(default_factory=set, compare=False)

    def __post_init__(self) -> None:
        """Register, refusing a second projection of one name."""
        if self.name in _PROJECTIONS:
            raise Fault("projection.duplicate", f"Two projections are named {self.name!r}.")
        _PROJECTIONS[self.name] = self

    def on(self, *types: str) -> Callable[[Handler], Handler]:
        """Have a handler called for each event of the given types, in the order of the ledger."""

        def register(handler: Handler) -> Handler:
            for type_ in types:
                self.types.add(type_)
                _HANDLERS[type_].append(handler)
            return handler

        return register


def project(events: Iterable[Recorded]) -> None:
    """Let every projection take in the events, inside the caller's transaction."""
    for event in events:
        for handler in _HANDLERS.get(event.type, ()):
            handler(event)


def projections() -> tuple[Projection, ...]:
    """Return every registered projection, in the order of registration (lower floors first)."""
    return tuple(_PROJECTIONS.values())


def handled_types() -> tuple[str, ...]:
    """Return the event types that some projection listens to, sorted."""
    return tuple(sorted(_HANDLERS))
