"""Stages of one batch as fixtures; each test gets a copy of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests import conftest
from tests.record.stages import MAKING, Stages

if TYPE_CHECKING:
    from collections.abc import Iterator

# Two busy cores: no deadline for one example. A database made for the test as a whole is what the
# examples share on purpose.
settings.register_profile(
    "record",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("record")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run the tests that have a record in them; the others ran on SQLite already."""
    if conftest.POSTGRESQL:
        here = Path(__file__).parent
        other = [i for i in items if here in i.path.parents and "site" not in i.fixturenames]
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in other]


@pytest.fixture(scope="session")
def stages(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Return the maker of stages."""
    cast = connection.settings_dict["NAME"] if conftest.POSTGRESQL else str(template)
    return Stages(str(cast), tmp_path_factory.mktemp("stages"))


@pytest.fixture
def site(request: pytest.FixtureRequest, stages: Stages, tmp_path: Path) -> Iterator[Path]:
    """Give a record of one's own in the latest stage that the test asks for; else with the cast."""
    wanted = [name for name in MAKING if name in request.fixturenames]
    with stages.copy(wanted[-1] if wanted else "cast", tmp_path):
        yield tmp_path


def _stage(name: str) -> object:
    @pytest.fixture(name=name)
    def stage(site: Path) -> Path:
        return site

    return stage


issued, compressing, made, completed, reviewed = map(_stage, MAKING)
