from __future__ import annotations

import json
import pickle

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db.utils import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import RequestFactory
from ninja.errors import HttpError, ValidationError

from daytwo.doors.api.failures import (
    STATUS,
    DoorRefused,
    answer,
    bad_request,
    not_allowed,
    server_error,
    status_of,
)
from daytwo.kernel import errors
from daytwo.kernel.errors import DaytwoError
from daytwo.record.access.errors import CredentialsRefused, NotPermitted, NotSignedIn
from daytwo.record.ledger.errors import StaleVersion, Unwritable
from tests.conftest import PASSWORD
from tests.doors.api.program import by_token

REQUEST = RequestFactory().get("/api/v1/x")
SECRET = "/var/lib/daytwo password=hunter2"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotSignedIn(), 401, "access.not_signed_in"),
        (NotPermitted("batch.read", ("operator",)), 403, "access.not_permitted"),
        (CredentialsRefused(), 403, "access.credentials"),
        (errors.Unknown("batch.unknown", "none"), 404, "batch.unknown"),
        (errors.Refused("step.order", "no", {"missing": ["x"]}), 409, "step.order"),
        (StaleVersion("batch/B-1", 3, 4), 409, "ledger.stale"),
        (errors.Tampered("mbr.tampered", SECRET, {"x": SECRET}), 500, "tampered"),
        (errors.Fault("x.y", SECRET, {"x": SECRET}), 500, "fault"),
        (Unwritable(SECRET), 503, "unwritable"),
        (errors.ConnectorError("erp", SECRET, permanent=False), 502, "fault"),
        (DoorRefused(413, "too_large", "big"), 413, "api.too_large"),
        (RuntimeError(SECRET), 500, "fault"),
        (RequestDataTooBig(SECRET), 413, "api.too_large"),
        (SuspiciousOperation(SECRET), 400, "api.unreadable"),
        (PermissionDenied(SECRET), 403, "api.forbidden"),
        (Http404(SECRET), 404, "api.unknown_address"),
        (OperationalError(SECRET), 503, "unanswered"),
        (InterfaceError(SECRET), 503, "unanswered"),
        (IntegrityError(SECRET), 500, "fault"),
        (HttpError(429, "slow down"), 429, "api.http"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_failure_is_told_by_one_table(error: Exception, status: int, code: str) -> None:
    response = answer(REQUEST, error)
    said = json.loads(response.content)
    assert (response.status_code, said["code"]) == (status, code)
    assert set(said) == {"code", "detail", "info"}
    assert response.headers["Content-Type"].startswith("application/json")
    if status >= 500 or not isinstance(error, DaytwoError | HttpError):
        assert SECRET not in response.content.decode()
        assert said["detail"]


def test_every_family_has_its_status() -> None:
    families = {
        found
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, DaytwoError) and found is not DaytwoError
    }
    assert families <= {family for family, _ in STATUS}
    assert status_of(DaytwoError("a.b", "c")) == 500


def test_tampered_and_fault_can_be_told_apart() -> None:
    tampered, fault = (
        json.loads(answer(REQUEST, kind("a.b", "c")).content)
        for kind in (errors.Tampered, errors.Fault)
    )
    assert tampered["code"] != fault["code"]


def test_facts_that_json_lacks_are_told_as_text() -> None:
    told = answer(REQUEST, errors.Refused("a.b", "c", {"who": {1}, "why": ("a", "b")}))
    assert json.loads(told.content)["info"] == {"who": "{1}", "why": ["a", "b"]}


def test_wrong_fields_are_named_without_their_content() -> None:
    found = [{"loc": ("body", "body", "number"), "msg": "must be whole"}]
    found += [{"loc": ("query", f"q{n}"), "msg": "m" * 500} for n in range(100)]
    said = json.loads(answer(REQUEST, ValidationError(found)).content)
    assert said["info"]["fields"][0] == {"field": "number", "problem": "must be whole"}
    assert said["info"]["fields"][1]["field"] == "q0"
    assert (len(said["info"]["fields"]), said["info"]["more"]) == (20, 81)
    assert "number" in said["detail"]


def test_refusal_of_the_door_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(DoorRefused(415, "content_type", "no", {"a": 1})))
    assert (error.status, error.code, error.detail, error.info) == (
        415,
        "api.content_type",
        "no",
        {"a": 1},
    )


def test_failures_outside_the_interface_have_the_same_form() -> None:
    refused, failed = bad_request(REQUEST, SuspiciousOperation(SECRET)), server_error(REQUEST)
    assert (refused.status_code, failed.status_code) == (400, 500)
    assert bad_request(REQUEST).status_code == 400
    for response in (refused, failed):
        assert set(json.loads(response.content)) == {"code", "detail", "info"}
        assert SECRET not in response.content.decode()


def test_unknown_method_says_what_is_known() -> None:
    response = not_allowed("GET, POST")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")


def test_too_large_body_is_refused(site: object) -> None:
    program = by_token("sam")
    answer = program.post("batches/hold_batch", b'{"a": "' + b"x" * 5_000_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "api.too_large")


def test_password_is_never_echoed(site: object) -> None:
    program = by_token("sam")
    body = {"batch_id": "B-1", "signing": {"challenge": "x", "password": PASSWORD, "y": PASSWORD}}
    answer = program.post("batches/complete_record", {**body, "command_id": "cid-00001"})
    assert answer.status_code == 422
    assert PASSWORD not in answer.content.decode()
