"""YAML read strictly: plain data only, no key twice, no aliases, and each place's line known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from daytwo.doors.connectors.tables.problems import Problem, refuse

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000
"""Bytes of a mapping file."""

Place: TypeAlias = "tuple[str | int, ...]"


class _Loader(yaml.SafeLoader):
    """Refuses aliases: nested, they grow a small file to any size when it is walked."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            message = "aliases (*name) are not taken; write the part out"
            raise yaml.MarkedYAMLError(problem=message, problem_mark=mark)
        return super().compose_node(parent, index)


def load(path: Path) -> tuple[Any, dict[Place, int]]:
    """Read a YAML file.

    Returns:
        Its data, and the line of every place in it.

    Raises:
        ConnectorError: `import.mapping`: unreadable, too large, not YAML, a key twice.
    """
    what = f"The mapping {path.name}"
    try:
        if path.stat().st_size > LARGEST:
            problem = Problem(path.name, f"is larger than {LARGEST} bytes")
            raise refuse("import.mapping", what, [problem])
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        problem = Problem(path.name, f"cannot be read: {error.strerror or error}")
        raise refuse("import.mapping", what, [problem]) from error
    except UnicodeDecodeError as error:
        raise refuse("import.mapping", what, [Problem(path.name, "is not UTF-8")]) from error
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        lines: dict[Place, int] = {}
        doubles: list[Problem] = []
        _walk(node, (), lines, doubles)
        if doubles:
            raise refuse("import.mapping", what, doubles)
        return (loader.construct_document(node) if node else None), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problem = Problem(path.name, error.problem or "is not YAML", line)
        raise refuse("import.mapping", what, [problem]) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = Problem(path.name, f"is not YAML: {str(error)[:200]}")
        raise refuse("import.mapping", what, [problem]) from error


def plain(text: str) -> Any:
    """Return the data of a text that may still be wrong in many ways, by the same strict reading.

    Raises:
        yaml.YAMLError: It is no YAML, or has aliases.
    """
    return _Loader(text).get_single_data()


def _walk(
    node: yaml.Node | None, at: Place, lines: dict[Place, int], doubles: list[Problem]
) -> None:
    if node is None:
        return
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                where = ".".join(map(str, (*at, name)))
                doubles.append(Problem(where, "stands twice", key.start_mark.line + 1))
            seen.add(name)
            _walk(value, (*at, name), lines, doubles)
            lines[(*at, name)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*at, index), lines, doubles)
