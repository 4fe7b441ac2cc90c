"""A trip to PostgreSQL: several prepared statements in one write, then all their answers.

psycopg's own pipeline looks for answers after each statement; of a step's two dozen statements that
took longer in the server's process than in the database. Here libpq, by psycopg's wrapper of it,
is handed all statements first. Connection, transaction, types and errors stay psycopg's.

References:
    PostgreSQL documentation, "Pipeline Mode" of libpq; psycopg 3, `psycopg.pq`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from psycopg import OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.waiting import Wait

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection
    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGresult

    Row = tuple[Any, ...]
    Asked = tuple[str, Sequence[Any]]
    _Key = tuple[str, tuple[int, ...]]

MOST_AT_ONCE = 1000
"""Statements of one trip: their answers are held until its end."""
MOST_PREPARED = 300
"""Statements that the server keeps prepared for a connection; then it begins anew."""


class Trips:
    """Trips over one connection; what they ask is prepared once."""

    def __init__(self, connection: Connection[Any]) -> None:
        """Begin with nothing prepared."""
        self.connection = connection
        self._wire = connection.pgconn
        self._types = Transformer(connection)
        self._prepared: dict[_Key, bytes] = {}
        self._numbers = count()

    def rows(self, asked: Sequence[Asked]) -> list[list[Row]]:
        """Ask statements (`%s` placeholders) in this order and return the rows of each.

        Raises:
            psycopg.Error: Of the first that failed; none after it was run.
        """
        return [self._loaded(result) for result in self._ask(asked)]

    def touched(self, asked: Sequence[Asked]) -> int:
        """Ask likewise and return how many rows they touched together."""
        return sum(result.command_tuples or 0 for result in self._ask(asked))

    def _ask(self, asked: Sequence[Asked]) -> Iterator[PGresult]:
        left = iter(asked)
        while some := list(islice(left, MOST_AT_ONCE)):
            yield from self._trip(some)

    def _trip(self, asked: Sequence[Asked]) -> list[PGresult]:
        if len(self._prepared) >= MOST_PREPARED:
            self.connection.execute("DEALLOCATE ALL")
            self._prepared.clear()
        # What cannot be sent is told before anything is.
        dumped = [(statement, *self._dumped(parameters)) for statement, parameters in asked]
        try:
            self._wire.enter_pipeline_mode()
            sent = [what for statement in dumped for what in self._send(*statement)]
            self._wire.pipeline_sync()
            answers = self.connection.wait(self._answers())
            self._wire.exit_pipeline_mode()
        except BaseException:
            # What is still on its way would be taken for the answer to something else.
            self.connection.close()
            raise
        return self._judged(sent, answers)

    def _dumped(self, parameters: Sequence[Any]) -> tuple[Any, Any, tuple[int, ...]]:
        """Return parameters as the server reads them, their formats and their types."""
        values = self._types.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        return values, self._types.formats, self._types.types or ()

    def _send(
        self, statement: str, values: Any, formats: Any, types: tuple[int, ...]
    ) -> Iterator[_Key | bool]:
        """Send a statement; yield for each answer to come what it prepares, or if it is wanted."""
        status = self._wire.transaction_status
        if status == TransactionStatus.IDLE and not self.connection.autocommit:
            self._wire.send_query_params(b"BEGIN", None)
            yield False
        key = (statement, types)
        if key not in self._prepared:
            self._prepared[key] = b"daytwo_%d" % next(self._numbers)
            self._wire.send_prepare(self._prepared[key], _numbered(statement), types)
            yield key
        self._wire.send_query_prepared(self._prepared[key], values, formats)
        yield True

    def _answers(self) -> PQGen[list[PGresult]]:
        """Return every answer up to the end of the trip, waiting where there is none yet."""
        while self._wire.flush():
            yield Wait.RW
            self._wire.consume_input()
        answers: list[PGresult] = []
        between = False
        while True:
            while self._wire.is_busy():
                yield Wait.R
                self._wire.consume_input()
            answer = self._wire.get_result()
            if answer is None and between:
                raise OperationalError("The connection ended before all was answered.")
            between = answer is None
            if answer is None:
                continue
            if answer.status == ExecStatus.PIPELINE_SYNC:
                return answers
            answers.append(answer)

    def _judged(self, sent: Sequence[_Key | bool], answers: Sequence[PGresult]) -> list[PGresult]:
        """Return the answers that are wanted, or raise what failed first."""
        for what, answer in zip(sent, answers, strict=True):
            if isinstance(what, tuple) and answer.status != ExecStatus.COMMAND_OK:
                del self._prepared[what]
        for answer in answers:
            if answer.status == ExecStatus.FATAL_ERROR:
                raise errors.error_from_result(answer, self.connection.info.encoding)
        return [answer for what, answer in zip(sent, answers, strict=True) if what is True]

    def _loaded(self, answer: PGresult) -> list[Row]:
        self._types.set_pgresult(answer)
        return self._types.load_rows(0, answer.ntuples, tuple)


@lru_cache(maxsize=512)
def _numbered(statement: str) -> bytes:
    """Return a statement with `$1`, `$2` and so on for `%s`, and `%` for `%%`."""
    numbers = count(1)
    return re.sub(
        "%[s%]", lambda mark: "%" if mark[0] == "%%" else f"${next(numbers)}", statement
    ).encode()
