"""Small things to write into a ledger: comments, each an event with a row of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daytwo.kernel.ids import new_id
from daytwo.record.batches.events import CommentAdded
from daytwo.record.batches.models import Comment
from daytwo.record.ledger.append import Intent, Pending
from daytwo.record.ledger.door import transact
from daytwo.record.ledger.envelope import Actor, Origin
from daytwo.record.ledger.sql import fetch_all

if TYPE_CHECKING:
    from daytwo.record.ledger.door import Receipt

WRITER = Actor("olga", "Olga Brandt", "operator")
NATIVE = Origin("native", "test")


def intent(command_id: str = "", digest: str = "0" * 64, name: str = "test.note") -> Intent:
    return Intent(command_id or new_id(), name, digest, WRITER, NATIVE)


def note(text: str = "said", stream: str = "batch/B-1", **more: Any) -> Pending:
    return Pending(stream, CommentAdded(stream.partition("/")[2], None, text), **more)


def write_notes(*texts: str, stream: str = "batch/B-1") -> Receipt:
    """Write comments in one command."""
    return transact(intent(), lambda: [note(text, stream) for text in texts])


def write_streams(*names: str, events: int = 4) -> None:
    """Write streams of several events each, one command an event, in turns."""
    for number in range(1, events + 1):
        for name in names:
            write_notes(f"{name} says {number}", stream=f"batch/{name}")


def notes(batch_id: str = "B-1") -> list[str]:
    """Return the rows that follow from the comments of a stream."""
    rows = Comment.objects.filter(batch_id=batch_id).order_by("event_seq")
    return list(rows.values_list("comment", flat=True))


def count(table: str = "ledger_event") -> int:
    return int(fetch_all(f"SELECT COUNT(*) FROM {table}")[0][0])


def heads(*streams: str) -> dict[str, tuple[int, str]]:
    """Return version and hash of each stream's end as the ledger keeps it; new ones lack."""
    rows = fetch_all("SELECT stream, version, hash FROM ledger_stream")
    return {stream: (version, hash_) for stream, version, hash_ in rows if stream in streams}
