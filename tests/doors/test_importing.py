"""The one interface between the pages and the connectors: whoever answers, answers all of it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from django.conf import settings

from daytwo.doors.importing import Desk, desk

if TYPE_CHECKING:
    import pytest


def test_whoever_config_names_answers_everything_as_it_is_asked() -> None:
    answering = desk()
    asked = [name for name in vars(Desk) if not name.startswith("_")]
    assert len(asked) > 20
    for name in asked:
        wanted = [p.name for p in inspect.signature(getattr(Desk, name)).parameters.values()][1:]
        given = [p.name for p in inspect.signature(getattr(answering, name)).parameters.values()]
        assert given == wanted, name


def test_desk_is_the_one_that_the_settings_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_DESK", "daytwo.doors.importing.LARGEST")
    assert desk() == 4 * 1024**3
