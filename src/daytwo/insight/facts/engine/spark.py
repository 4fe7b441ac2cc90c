"""Spark: the same Parquet files of one or of many sites, read by a distributed engine."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from ibis.config import Config

from daytwo.insight.facts.declare import Kind
from daytwo.insight.facts.engine.port import Period, as_arrow, compiled, of_period, plain, table
from daytwo.insight.facts.registry import all_facts
from daytwo.insight.facts.storage.manifest import UNBORN
from daytwo.insight.facts.storage.store import Store
from daytwo.kernel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pyarrow as pa
    from ibis.backends.sql.compilers import PySparkCompiler
    from ibis.expr.types import Table

_TYPES = {Kind.TEXT: "STRING", Kind.I64: "BIGINT", Kind.F64: "DOUBLE", Kind.BOOL: "BOOLEAN"}


class SparkEngine:
    """The facts' files as of their last writing (`daytwo refresh`), of all sites together.

    A number of the ledger, and a key that is one, is unique within its site only.
    """

    name = "spark"

    def __init__(self, session: Any, folders: Sequence[Path]) -> None:
        """Lay the files out as tables.

        Args:
            session: A `pyspark.sql.SparkSession`, local or of a cluster that sees the folders.
            folders: The folder `facts` of each site.
        """
        self._session = session
        stores = [Store(folder) for folder in folders]
        manifests = [store.manifest() for store in stores]
        for fact in all_facts():
            schema = ", ".join(f"`{c.name}` {_TYPES[c.kind]}" for c in fact.columns)
            files = [
                store.path(part)
                for store, manifest in zip(stores, manifests, strict=True)
                for partition, part in manifest.parts(fact.name).items()
                if partition != UNBORN
            ]
            reader = session.read.schema(schema)
            frame = reader.parquet(*files) if files else session.createDataFrame([], schema)
            frame.createOrReplaceTempView(fact.name)

    def table(self, name: str, period: Period | None = None) -> Table:
        """Return a fact as an Ibis table."""
        rows = table(name)
        return rows if period is None else of_period(rows, period)

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """Run an expression."""
        found = self._session.sql(compiled(expression, _compiler())).collect()
        return plain(expression, expression.columns, found)

    def holding(self, name: str, expression: Table) -> AbstractContextManager[Table]:  # noqa: ARG002
        """Give the expression itself: each question about it asks for it again."""
        return nullcontext(expression)

    def arrows(self, expressions: Iterable[Table]) -> Iterator[pa.Table]:
        """Run expressions in their order and yield an Arrow table of each."""
        return (as_arrow(expression, self.rows(expression)) for expression in expressions)


def local_session(*, memory: str = "2g") -> Any:
    """Return a Spark in this machine, quiet, with nothing listening for others.

    Raises:
        Fault: Spark or Java is not there.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - of the extra `spark`
    except ImportError as error:
        raise Fault("engine.spark", "Spark is not there: pip install 'daytwo[spark]'.") from error
    builder = SparkSession.builder.master("local[*]").appName("daytwo")
    settings = {
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.log.level": "ERROR",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise Fault("engine.spark", f"Spark did not start; it needs Java: {error}") from error


class _Options(Config):  # type: ignore[misc] # Ibis ships no types
    """The one option of Ibis' Spark backend that its compiler reads."""

    treat_nan_as_null: bool = False


@cache
def _compiler() -> PySparkCompiler:
    import ibis  # noqa: PLC0415 - when asked for
    from ibis.backends.sql.compilers import PySparkCompiler  # noqa: PLC0415

    if ibis.options.pyspark is None:
        # The compiler reads this option of a backend that we do not load: it would want pandas.
        ibis.options.pyspark = _Options()

    class Compiler(PySparkCompiler):  # type: ignore[misc] # Ibis ships no types
        """Spark has this aggregate; Ibis does not know it."""

        __slots__ = ()

        def visit_BitOr(self, _op: Any, *, arg: Any, where: Any) -> Any:  # noqa: N802 - Ibis' form
            """Return the bits that any value has."""
            return self.agg.bit_or(arg, where=where)

    return Compiler()
