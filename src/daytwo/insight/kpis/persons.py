"""Whether enough persons worked in a group: told by marks, and counted where marks do not tell.

No figure of a person may be shown, so a figure of work is withheld where too few worked. To count
who is different takes a third of the dearest pass of all. A mark is one of 32 and follows from the
name: persons of different marks are different, so a group of so many marks has as many persons.
Most large groups have; in the others the persons are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa
    from ibis.expr.types import StringValue, Table
    from numpy.typing import NDArray

MARKS = 32


def marked(person: StringValue) -> Any:
    """Return the marks of a group's persons, each a bit of one number; NULL without any person.

    Which mark a name has differs from engine to engine; what is told by it does not.
    """
    place = (person.hash() & (MARKS - 1)).cast("int32")
    # Some engines have a hash of what is unknown too, and that is nobody.
    return (ibis.literal(1).cast("int64") << place).bit_or(where=person.notnull())


def persons(
    sums: pa.Table, by: Sequence[str], enough: int, count: Callable[[pa.Table], pa.Table]
) -> NDArray[np.int64]:
    """Return how many persons there are in each group: exactly, or some number from `enough` on.

    Args:
        sums: A row a group: its keys, `counted`, and `marks` of `marked`.
        by: The keys.
        enough: From so many on it does not matter how many.
        count: Gives the keys and `persons` of groups, of some more maybe.
    """
    marks = pc.fill_null(sums["marks"], 0).to_numpy()
    found: NDArray[np.int64] = np.bitwise_count(marks).astype(np.int64)
    unclear = (found < enough) & (sums["counted"].to_numpy() >= enough)
    if unclear.any():
        asked = sums.select(by).filter(unclear)
        got = count(asked)
        known = dict(zip(_keys(got, by), got["persons"].to_pylist(), strict=True))
        found[unclear] = [known[key] for key in _keys(asked, by)]
    return found


def about(counted: Table, groups: pa.Table) -> Table:
    """Return a table of groups without most of those that are not asked for.

    Args:
        counted: With the keys of `groups`.
        groups: Those that are asked for.
    """
    told = [name for name in groups.column_names if not groups[name].null_count]
    return counted.filter(
        [counted[name].isin(pc.unique(groups[name]).to_pylist()) for name in told]
    )


def _keys(groups: pa.Table, by: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(groups[name].to_pylist() for name in by), strict=True))
