"""The triggers that make the ledger append-only, on SQLite and on PostgreSQL."""

from __future__ import annotations

GUARDED = ("ledger_event", "ledger_checkpoint")
"""The tables that nobody may change."""
_ACTS = ("UPDATE", "DELETE", "TRUNCATE")
_REFUSE = "BEGIN RAISE EXCEPTION 'the ledger is append-only'; END"
_STATEMENT = "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"


def guard_names(table: str) -> tuple[str, ...]:
    """Return the names of the triggers that must stand on a table."""
    return (f"{table}_no_update", f"{table}_no_delete", f"{table}_no_replace")


def guard_statements(vendor: str) -> list[str]:
    """Return the statements that create the triggers.

    SQLite's `INSERT OR REPLACE` removes a row without firing a DELETE trigger, so an insert over a
    standing key is refused by a trigger of its own. PostgreSQL guards TRUNCATE as well.

    References:
        21 CFR 11.10(e); draft EU GMP Annex 11 (2025) §12.3: the trail cannot be edited.
    """
    return _postgresql() if vendor == "postgresql" else _sqlite()


def guards_of(vendor: str) -> dict[str, str]:
    """Return, by name, how each trigger reads in the database's own catalogue."""
    if vendor != "postgresql":
        return {statement.split()[2]: statement for statement in _sqlite()}
    return {
        name: f"CREATE TRIGGER {name} BEFORE {act} ON public.{table} {_STATEMENT} O {_REFUSE}"
        for table in GUARDED
        for name, act in zip(guard_names(table), _ACTS, strict=True)
    }


def _sqlite() -> list[str]:
    statements = []
    keys = {
        "ledger_event": "seq = NEW.seq OR (stream = NEW.stream AND version = NEW.version)"
        " OR (command_id = NEW.command_id AND command_position = NEW.command_position)",
        "ledger_checkpoint": "number = NEW.number",
    }
    refuse = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    for table in GUARDED:
        update, delete, replace = guard_names(table)
        standing = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {keys[table]})"  # noqa: S608
        statements += [
            f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {replace} BEFORE INSERT ON {table} {standing} {refuse}",
        ]
    return statements


def _postgresql() -> list[str]:
    function = "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql"
    return [f"{function} AS $$ {_REFUSE} $$"] + [
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} {_STATEMENT}"
        for table in GUARDED
        for name, act in zip(guard_names(table), _ACTS, strict=True)
    ]
