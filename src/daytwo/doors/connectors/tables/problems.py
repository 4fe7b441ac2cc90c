"""All that is wrong with a mapping or its files, collected before a row is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daytwo.kernel.errors import ConnectorError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend.

    Attributes:
        where: Place in the mapping (`files.laboratory.columns.start`), or a file's name.
        what: What is wrong and what to do, in words.
        line: Line of the mapping file; 0 where there is none.
    """

    where: str
    what: str
    line: int = 0

    def __str__(self) -> str:
        """Return it on one line."""
        place = f"line {self.line}, {self.where}" if self.line else self.where
        return f"{place}: {self.what}"

    def as_json(self) -> dict[str, object]:
        """Return its fields by name."""
        return {"where": self.where, "what": self.what, "line": self.line}


def refuse(code: str, what: str, problems: Sequence[Problem]) -> ConnectorError:
    """Return the error that tells all problems at once; nothing was written when it is raised.

    Args:
        code: `import.mapping` or `import.files`.
        what: What does not fit, such as `The mapping tablets.yaml`.
        problems: At least one.
    """
    listed = "\n".join(f"  - {problem}" for problem in problems[:_SHOWN])
    more = f"\n  ... and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    things = "problem" if len(problems) == 1 else "problems"
    return ConnectorError(
        code,
        f"{what} has {len(problems)} {things}. Nothing was written.\n{listed}{more}",
        {"problems": [problem.as_json() for problem in problems]},
        permanent=True,
    )
