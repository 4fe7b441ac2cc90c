"""People at the door: clients signed in, forms sent and signed, a site with some history."""

from __future__ import annotations

import re
import shutil
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections
from django.test import Client

from daytwo.doors.web import session
from daytwo.kernel import clock
from daytwo.kernel.ids import new_id
from daytwo.record.access.clockwatch import forget_anchor
from daytwo.record.batches import commands as b
from daytwo.record.batches import queries as q
from daytwo.record.ledger import writer
from daytwo.record.release import commands as rel
from tests import floor
from tests.conftest import PASSWORD, POSTGRESQL, Person

if TYPE_CHECKING:
    from pathlib import Path

    from django.http import HttpResponse


def signed_in(person_id: str) -> Client:
    """Return a browser in which the person has signed in, without the cost of a password."""
    client = Client(SERVER_NAME="localhost")
    store = client.session
    store[session._PERSON] = person_id
    store[session._SESSION] = f"session-{person_id}"
    store[session._METHOD] = "password"
    store[session._SEEN] = clock.now().timestamp()
    store.save()
    return client


def field(text: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', text)
    assert found, f"the page has no field {name}"
    return unescape(found[1])


def perform(client: Client, path: str, password: str = PASSWORD, **fields: object) -> HttpResponse:
    """Send a form, look at the statement that comes back, sign it, and return the answer."""
    shown = client.post(path, {"command_id": new_id(), **fields})
    if shown.status_code != 200:
        return shown
    text = shown.content.decode()
    kept = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
        if name != "csrfmiddlewaretoken" and not name.startswith("next")
    }
    return client.post(path, {**kept, "challenge": field(text, "challenge"), "password": password})


@pytest.fixture
def anyone() -> Client:
    return Client(SERVER_NAME="localhost")


@pytest.fixture(scope="session")
def walked_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make, once, a site with a released batch, one in review, one at work and one at its start."""
    if POSTGRESQL:
        pytest.skip("the pages are tested on SQLite; the record itself on both databases")
    path = tmp_path_factory.mktemp("walked") / "daytwo.sqlite3"
    shutil.copy(template, path)
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = str(path)
    forget_anchor()
    _walk()
    writer.close()
    connections.close_all()
    connection.settings_dict["NAME"] = before
    return path


def _walk() -> None:
    sam, quinn, olga, otto = Person("sam"), Person("quinn"), Person("olga"), Person("otto")
    quentin, paula = Person("quentin"), Person("paula")
    floor.approve_master(Person("aron"), sam, quinn)
    floor.stock(sam, quinn, times=60)
    floor.issue(sam, "B-1")
    floor.do_all(olga, otto, "B-1")
    sam.does(b.complete_record, batch_id="B-1")
    quentin.does(rel.open_review, batch_id="B-1")
    quentin.does(rel.review_record, batch_id="B-1")
    paula.does(rel.decide, batch_id="B-1", decision="released", rationale="conforms")
    freeze()
    clean(sam)
    floor.issue(sam, "B-2")
    floor.do_until(olga, otto, "DSP-040", "B-2")
    report(olga, "B-2", stop_work=False)
    floor.issue(sam, "B-3")


def freeze() -> None:
    """Freeze the release time of the month up to today as a baseline."""
    from datetime import timedelta

    from daytwo.insight.governance import commands as value

    today = clock.now().date()
    Person("lea").does(
        value.freeze_baseline,
        initiative_id="K1-baseline-1",
        kpi_id="K1",
        title="Release time before",
        since=(today - timedelta(days=30)).isoformat(),
        until=(today + timedelta(days=1)).isoformat(),
    )


def clean(sam: Person) -> None:
    """Clean all equipment again, so that another batch can use it."""
    from datetime import timedelta

    from daytwo.record.resources import commands as m

    for name in sorted(floor.equipment_classes()):
        number = floor.equipment_number(name)
        until = clock.now() + timedelta(days=30)
        sam.does(m.record_cleaning, equipment_id=number, clean_until=until)


def report(olga: Person, batch_id: str, *, stop_work: bool) -> str:
    """Report a torn bag at the step in hand; return the id of the exception."""
    step = q.current_step(batch_id)
    assert step is not None
    olga.does(
        b.report_discrepancy,
        batch_id=batch_id,
        step_id=step.step_id,
        description="The bag is torn.",
        stop_work=stop_work,
    )
    return q.discrepancies(batch_id)[-1].id


@pytest.fixture
def walked(walked_template: Path, site: Path) -> Path:
    """Give a fresh copy of the site on which batches have walked."""
    writer.close()
    connections.close_all()
    shutil.copy(walked_template, connection.settings_dict["NAME"])
    return site
