"""An attempted violation: it must be refused, be on record, and leave the target as it was."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from daytwo.kernel.errors import Denied, Refused
from daytwo.record.access.models import Refusal
from daytwo.record.ledger.reading import head_version, one_event
from tests import floor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Person

STREAM = f"batch/{floor.BATCH}"


@contextmanager
def refused(code: str, person: Person, command: str = "", stream: str = STREAM) -> Iterator[None]:
    """Expect the one command inside to be refused with a code, as an auditor would look for it.

    Args:
        code: Of the error.
        person: Who attempts it.
        command: The verb's name; any where empty.
        stream: The record aimed at.
    """
    head = head_version(stream)
    known = set(Refusal.objects.values_list("event_seq", flat=True))
    with pytest.raises((Refused, Denied)) as caught:
        yield
    assert caught.value.code == code
    assert head_version(stream) == head, "the record was changed"
    [row] = Refusal.objects.exclude(event_seq__in=known)
    assert (row.person_id, row.code) == (person.id, code)
    assert command in {"", row.command}
    assert row.detail == str(caught.value)
    event = one_event(row.event_seq)
    assert event is not None
    assert (event.type, event.stream) == ("access.command.refused", f"refusal/{person.id}")
    assert (event.actor.id, event.data.code, event.data.target) == (person.id, code, row.target)
    assert stream.partition("/")[2] in event.data.target
