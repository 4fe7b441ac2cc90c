"""Mapping texts as data and back: plain, in the order of the house, without aliases."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import lru_cache
from typing import Any

import yaml

from daytwo.doors.connectors.tables.yamlfile import plain

_WIDTH = 98
_SHORT = 88
"""A leaf whose JSON is no longer than this is written on one line."""


class _Whole(dict[str, Any]):
    """The whole of a mapping: never on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes leaves on one line, and lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - its parent's form
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - its parent's form
        return True


def _mapping(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    flat = all(value is not None and not isinstance(value, dict) for value in data.values())
    short = flat and len(json.dumps(data, ensure_ascii=False, default=str)) <= _SHORT
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=short)


def _list(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    flat = all(not isinstance(value, dict | list) for value in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flat)


def _none(dumper: _Dumper, data: None) -> yaml.Node:  # noqa: ARG001 - what a representer is given
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


def _whole(dumper: _Dumper, data: _Whole) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=False)


_Dumper.add_representer(_Whole, _whole)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(type(None), _none)


def dump(data: dict[str, Any]) -> str:
    """Return data as the text of a mapping file."""
    written: str = yaml.dump(
        _Whole(data),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
        default_flow_style=False,
    )
    return written


def shape(text: str) -> dict[str, Any]:
    """Return a text's data as far as it can be read; nothing at all of a text that is no YAML."""
    return deepcopy(_parsed(text))


@lru_cache(maxsize=32)
def _parsed(text: str) -> dict[str, Any]:
    """Parse once what every page of the flow asks for."""
    try:
        data = plain(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
