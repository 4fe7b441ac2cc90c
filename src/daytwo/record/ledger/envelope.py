"""The envelope: who, when, from where and why around each event, and the hash over all of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from daytwo.kernel.canonical import canonical
from daytwo.kernel.clock import instant
from daytwo.record.ledger.catalogue import Json, decode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

GENESIS = "0" * 64
"""What the first event of every stream names as its predecessor's hash."""

COLUMNS = (
    "seq",
    "stream",
    "version",
    "type",
    "schema",
    "payload",
    "occurred_at",
    "recorded_at",
    "actor_id",
    "actor_name",
    "actor_role",
    "origin",
    "reason",
    "command_id",
    "command_position",
    "command_name",
    "command_digest",
    "prev_hash",
    "hash",
)
"""The ledger table's columns, in the order in which they are read and written."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, as values: the ledger needs nobody above it to read an old event."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event comes from.

    Attributes:
        kind: `native`, `device`, `import`, `simulation` or `system`.
        source: The interface, or the system that an import came from.
        ref: For an import: file, row, column, mapping and site; and, where the source names them,
            `by` (who did it), `role` and `recorded` (when the source wrote it down). Else None.
    """

    kind: str
    source: str = ""
    ref: Mapping[str, Json] | None = None

    def text(self) -> str:
        """Return the origin as canonical JSON text."""
        ref = None if self.ref is None else dict(self.ref)
        return canonical({"kind": self.kind, "source": self.source, "ref": ref}).decode()


@dataclass(frozen=True)
class Recorded:
    """One event as it stands in the ledger; times as canonical UTC text until asked for."""

    seq: int
    stream: str
    version: int
    type: str
    schema: int
    payload_text: str
    occurred_text: str
    recorded_text: str
    actor: Actor
    origin_text: str
    reason: str | None
    command_id: str
    command_position: int
    command_name: str
    command_digest: str
    prev_hash: str
    hash: str
    made: object | None = field(default=None, compare=False, repr=False)

    @cached_property
    def payload(self) -> dict[str, Json]:
        """The payload as plain JSON."""
        loaded: dict[str, Json] = json.loads(self.payload_text)
        return loaded

    @cached_property
    def data(self) -> Any:
        """The event object of the catalogue."""
        return self.made if self.made is not None else decode(self.type, self.payload)

    @cached_property
    def occurred_at(self) -> datetime:
        """When the act is said to have happened, UTC."""
        return instant(self.occurred_text)

    @cached_property
    def recorded_at(self) -> datetime:
        """When the server recorded it, UTC."""
        return instant(self.recorded_text)

    @cached_property
    def origin(self) -> dict[str, Json]:
        """Kind, source and reference of the origin."""
        loaded: dict[str, Json] = json.loads(self.origin_text)
        return loaded

    @property
    def origin_kind(self) -> str:
        """`native`, `device`, `import`, `simulation` or `system`: first in the canonical text."""
        return self.origin_text.split('"', 4)[3]

    @cached_property
    def doer(self) -> Actor:
        """Who did it: the actor; for an import the person whom the source names, else nobody.

        An import's actor is the one who imported: attributed, but not who did the work.
        """
        if self.origin_kind != "import":
            return self.actor
        ref = self.origin["ref"] or {}
        by = ref.get("by", "")
        return Actor(by, by, ref.get("role", ""))

    @cached_property
    def noted_at(self) -> datetime:
        """When it was written down: here, or for an import in the source where it says so."""
        if self.origin_kind != "import":
            return self.recorded_at
        noted = (self.origin["ref"] or {}).get("recorded", "")
        return instant(noted) if noted else self.occurred_at

    def as_row(self) -> tuple[object, ...]:
        """Return the values of `COLUMNS`."""
        return (
            self.seq,
            self.stream,
            self.version,
            self.type,
            self.schema,
            self.payload_text,
            self.occurred_text,
            self.recorded_text,
            self.actor.id,
            self.actor.name,
            self.actor.role,
            self.origin_text,
            self.reason,
            self.command_id,
            self.command_position,
            self.command_name,
            self.command_digest,
            self.prev_hash,
            self.hash,
        )

    def envelope(self) -> dict[str, Json]:
        """Return the whole event as the JSON object that is hashed, with its hash added."""
        names = dict(zip(COLUMNS, self.as_row(), strict=True))
        return names | {"payload": self.payload, "origin": self.origin}


def from_row(row: Sequence[Any]) -> Recorded:
    """Return the event that a ledger row (the values of `COLUMNS`) holds."""
    columns: tuple[Any, ...] = (*row[:8], Actor(*row[8:11]), *row[11:])
    return Recorded(*columns)


@lru_cache(maxsize=4096)
def _quoted(text: str | None) -> str:
    return "null" if text is None else json.dumps(text, ensure_ascii=False)


def hashed_text(row: Sequence[Any]) -> str:
    """Return the canonical JSON (RFC 8785) of the envelope in a row, without its hash.

    Keys stand in order and the payload and origin are canonical already, so that the text is the
    same as `canonical(envelope)` and a verifier needs no JSON parser for it. Texts made by people
    (names, roles, reasons) are quoted; the other columns are held to a character set that needs
    no quoting when they are appended.
    """
    (
        seq,
        stream,
        version,
        type_,
        schema,
        payload,
        occurred,
        recorded,
        actor_id,
        actor_name,
        actor_role,
        origin,
        reason,
        command_id,
        position,
        command_name,
        digest,
        prev,
    ) = row[:18]
    return (
        f'{{"actor_id":"{actor_id}","actor_name":{_quoted(actor_name)}'
        f',"actor_role":{_quoted(actor_role)},"command_digest":"{digest}"'
        f',"command_id":"{command_id}","command_name":"{command_name}"'
        f',"command_position":{position},"occurred_at":"{occurred}","origin":{origin}'
        f',"payload":{payload},"prev_hash":"{prev}","reason":{_quoted(reason)}'
        f',"recorded_at":"{recorded}","schema":{schema},"seq":{seq},"stream":"{stream}"'
        f',"type":"{type_}","version":{version}}}'
    )


def hash_of(row: Sequence[Any]) -> str:
    """Return the SHA-256 (hex) over the canonical envelope of a row."""
    return hashlib.sha256(hashed_text(row).encode()).hexdigest()
