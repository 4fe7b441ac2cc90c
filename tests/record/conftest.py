"""Stages of one batch as fixtures; each test gets a copy of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests import conftest
from tests.record.stages import MAKING, Stages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Two busy cores: no deadline for one example. A database made for the test as a whole is what the
# examples share on purpose.
settings.register_profile(
    "record",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("record")


@pytest.fixture(scope="session")
def stages(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Return the maker of stages."""
    cast = connection.settings_dict["NAME"] if conftest.POSTGRESQL else str(template)
    return Stages(str(cast), tmp_path_factory.mktemp("stages"))


def _stage(name: str) -> object:
    @pytest.fixture(name=name)
    def stage(site: Path, stages: Stages) -> Iterator[Path]:
        with stages.copy(name):
            yield site

    return stage


issued, compressing, made, completed, reviewed = map(_stage, MAKING)
