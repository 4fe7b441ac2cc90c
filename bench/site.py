"""A site made for measuring: people, two approved masters, and as many issued batches as asked."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench import master

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from daytwo.record.access.authority import By, Command
    from daytwo.record.ledger.door import Receipt

OPERATORS = ("olga", "otto", "omar")
FILE = "daytwo.sqlite3"


def configure(data: Path, url: str = "") -> None:
    """Load the application over a data directory; once a process, before anything of it.

    Args:
        data: The data directory.
        url: A PostgreSQL address; empty for the embedded file.
    """
    os.environ["DAYTWO_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "daytwo.config.settings"
    os.environ.pop("DATABASE_URL", None)
    if url:
        os.environ["DATABASE_URL"] = url
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()


def populate() -> None:
    """Make the tables, the demonstration's people, and the two approved masters."""
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    from daytwo.doors.jobs.demo.cast import employ  # noqa: PLC0415 - after setup
    from daytwo.record.recipes import commands  # noqa: PLC0415 - after setup

    call_command("migrate", verbosity=0)
    employ()
    for mbr_id, signed in ((master.UNSIGNED, False), (master.SIGNED, True)):
        yaml = master.text(mbr_id, signed=signed)
        hand("aron").does(commands.draft, mbr_id=mbr_id, yaml=yaml, reason="measuring")
        hand("aron").does(commands.submit, mbr_id=mbr_id, number=1)
        hand("sara").does(commands.check, mbr_id=mbr_id, number=1)
        hand("quinn").does(commands.approve, mbr_id=mbr_id, number=1)


def issue(batch_ids: Iterable[str], *, signed: bool = False) -> list[str]:
    """Issue batches of one of the masters; return their ids."""
    from daytwo.record.batches import commands  # noqa: PLC0415 - after setup

    mbr_id = master.SIGNED if signed else master.UNSIGNED
    made = []
    for batch_id in batch_ids:
        hand("sam").does(
            commands.issue_order,
            batch_id=batch_id,
            order_id=f"O-{batch_id}",
            mbr_id=mbr_id,
            number=1,
        )
        made.append(batch_id)
    return made


def settle(data: Path) -> None:
    """Let go of the database and bring its log into the file, so that a copy of it is whole."""
    release()
    with closing(sqlite3.connect(data / FILE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def close_here() -> None:
    """Close this thread's connection, as a thread that ends must."""
    from django.db import connection  # noqa: PLC0415 - after setup

    connection.close()


def release() -> None:
    """Close every connection of this process; the next call opens them again."""
    from django.db import connections  # noqa: PLC0415 - after setup

    from daytwo.record.ledger import writer  # noqa: PLC0415 - after setup

    writer.close()
    connections.close_all()


@dataclass(frozen=True, slots=True)
class Hand:
    """A person who acts natively, so that every watch of the real door is on."""

    person_id: str

    @property
    def by(self) -> By:
        """The session under which this person acts."""
        from daytwo.record.access.authority import By  # noqa: PLC0415 - after setup

        return By(self.person_id, f"bench-{self.person_id}", "job")

    def does(self, command: Command, **arguments: object) -> Receipt:
        """Perform a command, signing where it asks for it."""
        from daytwo.doors.jobs.demo.cast import PASSWORD  # noqa: PLC0415 - after setup
        from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup
        from daytwo.record.access.ceremony import Signing  # noqa: PLC0415 - after setup

        statement = command.rehearse(self.by, **arguments) if command.signed else None
        signing = Signing(statement.challenge, PASSWORD) if statement else None
        return command(self.by, command_id=new_id(), signing=signing, **arguments)


def hand(person_id: str) -> Hand:
    """Return a person by id."""
    return Hand(person_id)
