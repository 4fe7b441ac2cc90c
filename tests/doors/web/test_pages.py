"""Every page: anonymous to sign-in, wrong role out, right role in, nothing inline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.urls import reverse

from daytwo.doors.web.pages import Page, Route, discover
from daytwo.record.access.rules import MATRIX
from daytwo.record.batches import commands as b
from tests.conftest import Person
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

PAGES = discover()
ROUTES = [(page, route) for page in PAGES for route in page.routes]
READS = [(page, route) for page, route in ROUTES if "GET" in route.methods]
PARTS = {
    "batch_id": "B-2",
    "step_id": "DSP-040",
    "person_id": "olga",
    "verb": "open",
    "mbr_id": "M-0001",
    "number": 1,
    "discrepancy_id": "B-2/1",
    "deviation_id": "D-B-2-1",
    "lot_id": "L-RM-1001-01",
    "equipment_id": "B-balance-01",
    "initiative_id": "K1-baseline-1",
    "kpi_id": "K1",
    "subject": "B-1",
    "seq": 5,
    "check_id": "late",
    "which": "K1",
    "cause": "laboratory",
    "upload_id": "01900000-0000-7000-8000-000000000000",
    "mapping_id": "north",
}
ROLE_HOLDER = {
    "operator": "olga",
    "supervisor": "sam",
    "quality": "quinn",
    "qualified_person": "paula",
    "author": "aron",
    "auditor": "luis",
    "leader": "lea",
    "integrator": "ivo",
    "administrator": "ada",
}
NOT_THERE = {
    "batches.deviation": "no deviation was opened",
    "imports.run": "nothing was imported",
    "imports.version": "no mapping was saved",
} | {route.name: "nothing was uploaded" for _, route in READS if "<key:upload_id>" in route.path}
"""Addresses of things that the walked site has none of, with the reason."""


def address(route: Route) -> str:
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", route.path)
    return reverse(f"web:{route.name}", kwargs={name: PARTS[name] for name in wanted})


def holder(permission: str | None) -> str:
    if permission is None:
        return "olga"
    return next(ROLE_HOLDER[r] for r in MATRIX[permission] if r in ROLE_HOLDER)


def named(value: object) -> str:
    return value.name if isinstance(value, Route) else ""


def test_pages_are_found_in_the_order_of_the_rail() -> None:
    titles = [str(page.title) for page in PAGES if page.nav]
    assert titles[:3] == ["Orders", "Live batches", "Batches"]
    assert len(PAGES) == len({page.url for page in PAGES})


@pytest.mark.requirement("R05")
@pytest.mark.parametrize(("page", "route"), ROUTES, ids=named)
def test_anonymous_is_sent_to_sign_in(
    page: Page, route: Route, walked: Path, anyone: Client
) -> None:
    method = route.methods[0].lower()
    answer = getattr(anyone, method)(address(route))
    if page.public:
        assert answer.status_code in {200, 302, 401}
        return
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.requirement("R23")
@pytest.mark.parametrize(("page", "route"), ROUTES, ids=named)
def test_wrong_role_is_shut_out(page: Page, route: Route, walked: Path) -> None:
    if route.permission is None:
        pytest.skip("for every signed-in person")
    answer = getattr(signed_in("stan"), route.methods[0].lower())(address(route))
    assert answer.status_code == 403
    assert "does not open this page" in answer.content.decode()


@pytest.mark.parametrize(("page", "route"), READS, ids=named)
def test_right_role_is_let_in_and_nothing_is_inline(page: Page, route: Route, walked: Path) -> None:
    if route.name in NOT_THERE:
        pytest.skip(NOT_THERE[route.name])
    answer = signed_in(holder(route.permission)).get(address(route))
    if page.public or route.name in {"home.start", "step.batch"}:
        assert answer.status_code in {200, 204, 302}
        return
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    if answer["Content-Type"] == "application/pdf":
        assert answer.content.startswith(b"%PDF")
        return
    text = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert answer["Cache-Control"] == "no-store"


def test_unknown_method_is_refused(walked: Path) -> None:
    assert signed_in("sam").delete("/orders/").status_code == 405
    assert signed_in("sam").head("/orders/").status_code == 200


@pytest.mark.parametrize("path", ["/batches/?q=%00", "/ledger/?q=a%00", "/sign-in/?next=%00"])
def test_zero_byte_is_not_understood(path: str, site: Path) -> None:
    answer = signed_in("quinn").get(path)
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_duty_is_settled_before_any_other_page(site: Path, ada: Person) -> None:
    from daytwo.record.access import commands
    from daytwo.record.access.hashing import hash_password

    ada.does(
        commands.set_password,
        person_id="olga",
        encoded=hash_password("handed over in person"),
        reason="forgotten",
    )
    client = signed_in("olga")
    assert client.get("/live/")["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200


def test_fragment_of_an_ended_session_sends_the_whole_page_away(anyone: Client, site: Path) -> None:
    answer = anyone.get("/live/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/live/", "sam"),
        ("/orders/", "sam"),
        ("/batches/", "sam"),
        ("/kpis/K1/", "lea"),
        ("/masters/", "sam"),
        ("/people/", "ada"),
        ("/resources/", "sam"),
    ],
)
def test_query_count_does_not_grow_with_rows(path: str, who: str, walked: Path) -> None:
    client = signed_in(who)
    client.get(path)
    before = statements(client, path)
    for number in range(4, 7):
        _one_more(str(number))
    client.get(path)  # the facts take in what is new once
    assert statements(client, path) == before


def statements(client: Client, path: str) -> int:
    """Count what SQLite is asked for, also by code that goes round Django's cursor."""
    seen: list[str] = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(seen.append)
    try:
        assert client.get(path).status_code == 200
    finally:
        connection.connection.set_trace_callback(None)
    return len(seen)


def _one_more(number: str) -> None:
    sam, ada = Person("sam"), Person("ada")
    from daytwo.kernel.quantity import Quantity
    from daytwo.record.access import commands as people
    from daytwo.record.resources import commands as lots

    sam.does(
        b.issue_order, batch_id=f"B-{number}", order_id=f"O-{number}", mbr_id="M-0001", number=1
    )
    ada.does(people.register_person, person_id=f"p{number}", name=f"Person {number}")
    sam.does(
        lots.receive_lot,
        lot_id=f"L-{number}",
        material_code="RM-1001",
        material_name="Metoprolol tartrate",
        quantity=Quantity.parse("1.000 kg"),
    )
