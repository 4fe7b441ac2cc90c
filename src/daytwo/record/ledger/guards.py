"""The triggers that make the ledger append-only, on SQLite and on PostgreSQL."""

from __future__ import annotations

GUARDED = ("ledger_event", "ledger_checkpoint")
"""The tables that nobody may change."""


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


def _sqlite() -> list[str]:
    statements = []
    keys = {
        "ledger_event": "seq = NEW.seq OR (stream = NEW.stream AND version = NEW.version)"
        " OR (command_id = NEW.command_id AND command_position = NEW.command_position)",
        "ledger_checkpoint": "number = NEW.number",
    }
    for table in GUARDED:
        update, delete, replace = guard_names(table)
        standing = f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {keys[table]})"  # noqa: S608
        refuse = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        statements += [
            f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {replace} BEFORE INSERT ON {table}{standing} {refuse}",
        ]
    return statements


def _postgresql() -> list[str]:
    body = "BEGIN RAISE EXCEPTION 'the ledger is append-only'; END"
    statements = [
        f"CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
    ]
    refuse = "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    for table in GUARDED:
        update, delete, replace = guard_names(table)
        statements += [
            f"CREATE TRIGGER {update} BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {delete} BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {replace} BEFORE TRUNCATE ON {table} {refuse}",
        ]
    return statements
