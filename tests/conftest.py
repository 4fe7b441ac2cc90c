"""The cast and the site of every test: a fresh record on SQLite, or on a real PostgreSQL."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import postgresql

_DATA = Path(tempfile.mkdtemp(prefix="daytwo-tests-"))
"""Of this process alone: of several that share the tests, each makes one."""

atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["DAYTWO_DATA"] = str(_DATA)
os.environ["DAYTWO_SECRET_KEY"] = "a key for tests only, never for a site"
os.environ["DJANGO_SETTINGS_MODULE"] = "daytwo.config.settings"
os.environ.pop("DATABASE_URL", None)
if postgresql.WANTED:
    os.environ["DATABASE_URL"] = postgresql.start(_DATA)

import django  # noqa: E402 - the environment comes first

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from daytwo.kernel.ids import new_id  # noqa: E402
from daytwo.record.access import account, ceremony, commands  # noqa: E402
from daytwo.record.access.authority import By, Command  # noqa: E402
from daytwo.record.access.clockwatch import forget_anchor  # noqa: E402
from daytwo.record.access.hashing import SiteArgon2  # noqa: E402
from daytwo.record.ledger import writer  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daytwo.record.ledger.door import Receipt

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference"
POSTGRESQL = postgresql.WANTED
PASSWORD = "correct horse battery"
CAST = {
    "olga": ("Olga Brandt", ("operator",)),
    "otto": ("Otto Vogel", ("operator",)),
    "sam": ("Sam Keller", ("supervisor",)),
    "quinn": ("Quinn Meier", ("quality",)),
    "quentin": ("Quentin Weiss", ("quality",)),
    "paula": ("Paula Graf", ("qualified_person",)),
    "aron": ("Aron Huber", ("author",)),
    "luis": ("Luis Frei", ("auditor",)),
    "lea": ("Lea Roth", ("leader",)),
    "ivo": ("Ivo Kunz", ("integrator",)),
    "stan": ("Stan Fremd", ()),
}


class _Cheap(SiteArgon2):
    """The least Argon2id there is: a hash says its own cost, and checking it takes as little.

    Every signature of the cast is checked against one; what a real one costs, `test_hashing` asks.
    """

    time_cost = 1
    memory_cost = 8


LONG = (
    "tests/doors/web/browser/",
    "tests/insight/kpis/test_truth.py",
    "tests/insight/kpis/test_engines.py",
    "tests/insight/facts/test_engine.py",
    "tests/doors/connectors/test_plant.py",
    "tests/bench/",
)
"""Files that take long: first, so that no process is left with one when the others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@dataclass(frozen=True)
class Person:
    """One of the cast, signed in."""

    id: str

    @property
    def by(self) -> By:
        """The session under which this person acts in tests."""
        return By(self.id, f"session-{self.id}", "test")

    def does(self, command: Command, *, command_id: str = "", **arguments: object) -> Receipt:
        """Perform a command, looking at and signing what it asks to be signed."""
        statement = command.rehearse(self.by, **arguments) if command.signed else None
        signing = ceremony.Signing(statement.challenge, PASSWORD) if statement else None
        return command(self.by, command_id=command_id or new_id(), signing=signing, **arguments)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make, once, a migrated record with the cast in it."""
    call_command("migrate", verbosity=0)
    account.first_administrator("ada", "Ada Lang", PASSWORD)
    ada = Person("ada")
    hasher = _Cheap()
    encoded = hasher.encode(PASSWORD, hasher.salt())
    for person_id, (name, roles) in CAST.items():
        ada.does(commands.register_person, person_id=person_id, name=name)
        for role in roles:
            ada.does(commands.grant_role, person_id=person_id, role=role, reason="cast")
        ada.does(commands.verify_identity, person_id=person_id, document="passport seen")
        ada.does(
            commands.set_password, person_id=person_id, encoded=encoded, reason="first password"
        )
        person = Person(person_id)
        person.does(commands.change_password, encoded=encoded)
        person.does(commands.attest, statement=commands.ATTESTATION)
    writer.close()
    connections.close_all()
    path = tmp_path_factory.mktemp("template") / "daytwo.sqlite3"
    if not POSTGRESQL:
        shutil.copy(connection.settings_dict["NAME"], path)
    return path


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Iterator[Path]:
    """Give a fresh record with the cast; return its data directory."""
    before = connection.settings_dict["NAME"]
    forget_anchor()
    if POSTGRESQL:
        connection.close()
        name = postgresql.copy(before)
    else:
        name = str(tmp_path / "daytwo.sqlite3")
        shutil.copy(template, name)
    connections.close_all()
    connection.settings_dict["NAME"] = name
    yield tmp_path
    writer.close()
    connections.close_all()
    connection.settings_dict["NAME"] = before
    if POSTGRESQL:
        postgresql.drop(name)


def _member(name: str) -> object:
    @pytest.fixture(name=name)
    def person(site: Path) -> Person:
        return Person(name)

    return person


_NAMES = ("ada", *CAST)
ada, olga, otto, sam, quinn, quentin, paula, aron, luis, lea, ivo, stan = map(_member, _NAMES)


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the folder of reference material; skip aloud where it is absent."""
    if not REFERENCE.is_dir():
        pytest.skip("the reference material is not beside this checkout (../shared/reference)")
    return REFERENCE
