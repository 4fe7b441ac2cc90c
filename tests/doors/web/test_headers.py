"""Headers of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.doors.web.headers import CONTENT_SECURITY_POLICY
from tests.doors.web.conftest import signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client


@pytest.mark.parametrize("path", ["/sign-in/", "/live/", "/nowhere/", "/account/"])
def test_every_page_carries_the_policy(path: str, site: Path) -> None:
    answer = signed_in("sam").get(path)
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"] == "no-store"
    assert "camera=()" in answer["Permissions-Policy"]


def test_policy_lets_nothing_from_outside_and_nothing_inline_in() -> None:
    assert "default-src 'self'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    for hole in ("unsafe", "http", "*", "data:", "blob:"):
        assert hole not in CONTENT_SECURITY_POLICY


def test_browsers_send_their_origin_with_forms(anyone: Client, site: Path) -> None:
    """`no-referrer` makes browsers send `Origin: null`, which the form check must refuse."""
    assert anyone.get("/sign-in/")["Referrer-Policy"] == "same-origin"
