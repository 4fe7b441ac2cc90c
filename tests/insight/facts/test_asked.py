"""SQL of one's own reads every fact as it is now, writes nothing and sees nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daytwo.insight.facts.engine.asked import ask
from daytwo.insight.facts.engine.live import over
from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.registry import by_name
from daytwo.insight.facts.storage.store import Store
from daytwo.kernel.errors import Refused
from tests.insight.facts import plant
from tests.insight.facts.telling import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Follower]:
    """Give facts of which half lie in files and half in the tail."""
    with pytest.MonkeyPatch.context() as patch:
        ledger = Ledger(plant.events(11), patch)
        last, ledger.end = ledger.end, ledger.end // 2
        of = Follower(Store(tmp_path_factory.mktemp("kept")), "main")
        of.refresh()
        ledger.end = last
        of.snapshot()
        yield of


def told(kept: Follower, statement: str) -> list[dict[str, object]]:
    with ask(kept.snapshot().sources, statement) as rows:
        return list(rows.read_all().to_pylist())


def test_every_fact_has_the_rows_that_the_engine_has(kept: Follower) -> None:
    engine = over(kept.snapshot())
    for name in by_name():
        found = told(kept, f'SELECT * FROM "{name}"')
        expected = engine.rows(engine.table(name))
        assert found
        assert sorted(row["seq_last"] for row in found) == sorted(  # type: ignore[type-var]
            row["seq_last"] for row in expected
        )


def test_joins_and_groups_are_answered(kept: Follower) -> None:
    found = told(
        kept,
        "WITH done AS (SELECT batch_id, count(*) AS n FROM step GROUP BY ALL)"
        " SELECT batch_id, n FROM batch JOIN done USING (batch_id) ORDER BY batch_id",
    )
    assert found
    assert all(row["n"] for row in found)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine AS SELECT 1",
        "INSERT INTO batch SELECT * FROM batch",
        "DELETE FROM batch",
        "DROP VIEW batch",
        "COPY (SELECT 1) TO '{folder}/mine.csv'",
        "COPY batch TO '{stored}' (FORMAT parquet)",
        "ATTACH '{folder}/mine.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "PRAGMA version",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECT 1; DROP VIEW batch",
        "",
        "no SQL",
    ],
)
def test_what_is_no_single_select_is_refused(
    kept: Follower, tmp_path: Path, statement: str
) -> None:
    stored = next(kept.store.folder.glob("batch/*.parquet"))
    before = {path: path.read_bytes() for path in kept.store.folder.rglob("*.parquet")}
    with pytest.raises(Refused, match=r"One SELECT|DuckDB cannot"):
        told(kept, statement.format(folder=tmp_path, stored=stored))
    assert before == {path: path.read_bytes() for path in kept.store.folder.rglob("*.parquet")}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "source",
    [
        "read_text('{file}')",
        "read_blob('{file}')",
        "read_csv('{file}')",
        "'{file}'",
        "glob('{folder}/*')",
        "read_text('{facts}/manifest.json')",
        "query('FROM read_text(''{file}'')')",
        "read_text('https://127.0.0.1:9/x')",
    ],
)
def test_other_files_and_addresses_stay_unread(kept: Follower, tmp_path: Path, source: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n", encoding="ascii")
    asked = source.format(file=file, folder=tmp_path, facts=kept.store.folder)
    with pytest.raises(Refused, match="DuckDB cannot"):
        told(kept, f"SELECT * FROM {asked}")


def test_process_of_the_asker_is_out_of_sight(kept: Follower) -> None:
    mine = [{"secret": 1}]
    with pytest.raises(Refused, match="mine"):
        told(kept, "SELECT * FROM mine")
    assert mine


def test_error_in_the_middle_of_the_rows_is_a_sentence(kept: Follower) -> None:
    with pytest.raises(Refused, match="DuckDB cannot answer"):
        told(kept, "SELECT error('stop') FROM step")
