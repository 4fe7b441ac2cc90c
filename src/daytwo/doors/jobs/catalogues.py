"""Catalogues for people, made from the code: events, permissions, states, facts, KPIs."""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
import typing
from typing import TYPE_CHECKING, Any

from django.apps import apps

from daytwo.insight.facts.registry import all_facts, plan
from daytwo.insight.kpis.calendar import SPANS
from daytwo.insight.kpis.definition import WORDS, all_definitions
from daytwo.insight.kpis.notyet import NOT_YET
from daytwo.record.access import rules as access
from daytwo.record.access.authority import COMMANDS
from daytwo.record.access.enums import Role
from daytwo.record.access.events import SignatureApplied
from daytwo.record.batches.rules import states as batch_states
from daytwo.record.batches.rules.discrepancies import KINDS
from daytwo.record.ledger.catalogue import entries
from daytwo.record.ledger.projections import projections
from daytwo.record.recipes import rules as mbr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import StrEnum
    from pathlib import Path

    from daytwo.insight.facts.declare import Fact
    from daytwo.insight.kpis.definition import Definition
    from daytwo.record.access.authority import Command
    from daytwo.record.ledger.catalogue import EventType

NOTE = "Made from the code by `daytwo catalogue --write docs`; a test compares the two."
"""Stands below each title, so that nobody mends a catalogue by hand."""
_NONE = "—"
_FIELD = re.compile(r"    (\w+): (.*)")
_WINGS = ("daytwo.record.", "daytwo.insight.")
"""Where capabilities with events and commands of their own stand."""
_LIMITS = (
    ("Wrong passwords or codes in a row that lock an account", access.FAILURES_BEFORE_LOCK, ""),
    ("A session without a request for this long has ended", access.IDLE_SECONDS, "s"),
    ("How long a statement that was shown may be signed", access.SIGNING_SECONDS, "s"),
    ("Characters of a password, at least", access.PASSWORD_LEAST, ""),
    ("A password older than this must be changed", access.PASSWORD_DAYS_MOST, "d"),
    ("How long a program's token may live, at most", access.TOKEN_DAYS_MOST, "d"),
)


def pages() -> dict[str, str]:
    """Return every catalogue as Markdown, by file name; Django must have been set up."""
    return {
        "events.md": _events(),
        "permissions.md": _permissions(),
        "states.md": _states(),
        "facts.md": _facts(),
        "kpis.md": _kpis(),
    }


def write(folder: Path) -> list[Path]:
    """Write every catalogue into a folder and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped, an empty cell shows a dash."""
    names = list(head)
    lines = [names, ["---" for _ in names], *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def about(cls: type) -> tuple[str, dict[str, str]]:
    """Return what a class's docstring says of it, and of each field below `Attributes:`."""
    said, _, below = (inspect.getdoc(cls) or "").partition("\nAttributes:\n")
    fields: dict[str, str] = {}
    name = ""
    for line in below.splitlines():
        found = _FIELD.fullmatch(line)
        if found:
            name = found[1]
            fields[name] = found[2]
        elif name and line.strip():
            fields[name] += f" {line.strip()}"
    return " ".join(said.split()), fields


def type_words(hint: Any) -> str:
    """Return a field's type as it is written in code, without module paths."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        # Python writes a union otherwise in each of its versions.
        return " | ".join(map(type_words, typing.get_args(hint)))
    text = hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", text).replace("NoneType", "None")


def _cell(value: object) -> str:
    text = " ".join(str(value).split())
    return re.sub(r"(?<!\\)\|", r"\\|", text) or _NONE


def _code(words: Iterable[object]) -> str:
    return ", ".join(f"`{word}`" for word in words) or _NONE


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", NOTE, *parts)) + "\n"


def _capabilities() -> list[str]:
    """Return the capabilities with events of their own, the lowest floor first."""
    names = (config.name for config in apps.get_app_configs())
    return [name.rpartition(".")[2] for name in names if name.startswith(_WINGS)]


def _capability(of: object) -> str:
    module = str(getattr(of, "__module__", ""))
    if not module.startswith(_WINGS):
        return ""
    return module.split(".")[2]


# ------------------------------------------------------------------ events
def _events() -> str:
    capabilities = _capabilities()
    every = [entry for entry in entries() if _capability(entry.cls) in capabilities]
    intro = (
        f"{len(every)} kinds of event. What stands around each of them (who, when, from where, why,"
        " the hashes) is in [concepts](concepts.md#an-event). A payload's decimals are text, a"
        " quantity is `{value, unit}`, a time is UTC text."
    )
    parts = [intro]
    for capability in capabilities:
        mine = [entry for entry in every if _capability(entry.cls) == capability]
        if mine:
            parts += [f"## {capability}", *(_event(entry) for entry in mine)]
    return _page("Events", *parts)


def _event(entry: EventType) -> str:
    said, meanings = about(entry.cls)
    hints = typing.get_type_hints(entry.cls)
    rows = [
        (f"`{field.name}`", f"`{type_words(hints[field.name])}`", meanings.get(field.name, ""))
        for field in dataclasses.fields(entry.cls)
    ]
    makers = [name for name, command in sorted(COMMANDS.items()) if entry.cls in command.emits]
    by = _code(makers) if makers else "no command of its own: the system, or an import"
    if entry.cls is SignatureApplied:
        by = "every command that asks for a signature ([permissions](permissions.md#commands))"
    readers = [p.name for p in projections() if entry.name in p.types]
    followed = [fact.name for fact, _ in plan().get(entry.name, ())]
    lines = [
        f"- Class `{entry.cls.__name__}`, schema {entry.schema}",
        f"- Appended by {by}",
        f"- Projected by {_code(readers)}; taken into the facts {_code(followed)}",
    ]
    head = f"### `{entry.name}`\n\n{said}\n\n" + "\n".join(lines)
    return f"{head}\n\n{table(('Field', 'Type', 'Meaning'), rows)}"


# ------------------------------------------------------------------ permissions
def _permissions() -> str:
    roles = list(Role)
    matrix = [
        (f"`{permission}`", *("yes" if role in holders else " " for role in roles))
        for permission, holders in access.MATRIX.items()
    ]
    intro = (
        "A right is given in one place, the table below"
        " (`src/daytwo/record/access/rules.py`). It is asked on the server for every act. An"
        " administrator has no GMP role: the two cannot be joined in one account."
    )
    commands = (
        "*Roles* are those that the permission lets in. *Signed* names the meaning of the signature"
        " that the act may ask for; for steps the master batch record decides. Beyond the"
        " permission an act's own rules apply: another person, independent of the doers, qualified"
        " person only."
    )
    parts = [
        intro,
        "## Roles and permissions",
        table(("Permission", *roles), matrix),
        "## Limits",
        table(("Limit", "Value"), ((words, f"{n} {unit}") for words, n, unit in _LIMITS)),
        "## Commands",
        commands,
    ]
    for capability in _capabilities():
        mine = [c for _, c in sorted(COMMANDS.items()) if _capability(c.function) == capability]
        if mine:
            head = ("Command", "Does", "Permission", "Roles", "Signed", "May append")
            parts += [f"### {capability}", table(head, map(_command, mine))]
    return _page("Permissions", *parts)


def _command(command: Command) -> tuple[str, ...]:
    names = {entry.cls: entry.name for entry in entries()}
    doc = inspect.getdoc(command.function) or ""
    holders = [role for role in Role if role in access.MATRIX[command.permission]]
    return (
        f"`{command.name}`",
        doc.partition("\n\n")[0],
        f"`{command.permission}`",
        "every role" if len(holders) == len(Role) else ", ".join(holders),
        ", ".join(command.signed),
        _code(names[cls] for cls in command.emits),
    )


# ------------------------------------------------------------------ states
def _states() -> str:
    kinds = (
        (f"`{k.code}`", k.discrepancy_class, k.severity, "yes" if k.blocking else "no", k.says)
        for k in KINDS.values()
    )
    return _page(
        "States",
        "What may follow what.",
        "## Version of a master batch record",
        _transitions(mbr.TRANSITIONS),
        "## Batch",
        _transitions(batch_states.BATCH_TRANSITIONS),
        "## Step",
        _transitions(batch_states.STEP_TRANSITIONS),
        "## Batch record",
        _transitions(batch_states.RECORD_TRANSITIONS),
        "## Kinds of discrepancy",
        "A blocking one stops the next step from being offered until it is answered.",
        table(("Kind", "Class", "Severity", "Blocks", "Says"), kinds),
    )


def _transitions(of: Mapping[Any, frozenset[Any]]) -> str:
    rows = (
        (f"`{state}`" if state else "(none yet)", _code(_ordered(nexts)))
        for state, nexts in of.items()
    )
    return table(("State", "May become"), rows)


def _ordered(states: frozenset[StrEnum]) -> list[StrEnum]:
    """Return states in the order of their enumeration: a set's own order changes by run."""
    return [state for kind in {type(s) for s in states} for state in kind if state in states]


# ------------------------------------------------------------------ facts
def _facts() -> str:
    found = all_facts()
    intro = (
        "One row of each is what its grain says; its key is unique. Rows are folded from events"
        " alone, and kept as Parquet in `facts/<fact>/<month>.parquet` of the data directory;"
        " `month` is that of the anchor time. An empty value is *unknown*, never 0. Times are"
        " whole microseconds since 1970, UTC; other units stand in the column's name."
        "\n\n[Facts in other tools](bi-tools.md): SQL on the command line, DuckDB, pandas, Spark,"
        " Power BI and PostgreSQL."
    )
    rows = ((f"[{f.name}](#{f.name})", f.grain, _code(f.key_names), len(f.folds)) for f in found)
    return _page(
        "Facts",
        intro,
        table(("Fact", "One row is", "Key", "Kinds of event"), rows),
        *(f"## {f.name}\n\n{_fact(f)}" for f in found),
    )


def _fact(of: Fact) -> str:
    inherits = ""
    if of.inherits is not None:
        taken = _code(of.inherits.columns)
        inherits = f"\n- Taken from the {of.inherits.fact} where not known: {taken}"
    columns = (
        (f"`{c.name}`", c.kind, "yes" if c in of.key else " ", c.meaning) for c in of.columns
    )
    head = (
        f"One row is {of.grain}.\n\n- Key {_code(of.key_names)}, anchor {_code(of.anchor)}"
        f"{inherits}\n- Folded from {_code(sorted(of.folds))}"
    )
    return f"{head}\n\n{table(('Column', 'Type', 'Key', 'Meaning'), columns)}"


# ------------------------------------------------------------------ KPIs
def _kpis() -> str:
    found = all_definitions()
    rows = ((f"[{d.id}](#{_anchor(d)})", d.name, d.unit, d.trend, d.version) for d in found)
    return _page(
        "KPIs",
        "Each figure comes with n, coverage, an interval and what was left out; `daytwo kpi explain"
        " ID` goes down to the events. Nothing to count gives *unknown*, never 0.",
        table(("Id", "Name", "Unit", "Trend", "Version"), rows),
        "## Not yet",
        "The catalogue of the house has these too; the facts cannot carry them yet.",
        table(("Id", "Name", "What is missing"), ((k, *v) for k, v in NOT_YET.items())),
        *(f"## {_title(d)}\n\n{_definition(d)}" for d in found),
    )


def _title(definition: Definition) -> str:
    return f"{definition.id} {definition.name}"


def _anchor(definition: Definition) -> str:
    return re.sub(r"[^\w\- ]", "", _title(definition).lower()).replace(" ", "-")


def _definition(of: Definition) -> str:
    left_out = {"id", "name"}
    if of.shortest_span == SPANS[0]:
        left_out.add("shortest_span")  # no limit: nothing to tell
    names = [name for name in WORDS if name not in left_out]
    rows = [(name.replace("_", " ").capitalize(), getattr(of, name)) for name in names]
    rows.append(("Split by", ", ".join(of.dimensions)))
    return table(("Field", "Value"), rows)
