"""The ledger's tables, and the triggers that refuse every change to what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models

from daytwo.record.ledger.guards import guard_statements

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_guards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's form
    """Create the triggers of this database."""
    with editor.connection.cursor() as cursor:
        for statement in guard_statements(editor.connection.vendor):
            cursor.execute(statement)


class Migration(migrations.Migration):
    """First shape."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="LedgerEvent",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("stream", models.CharField(max_length=200)),
                ("version", models.IntegerField()),
                ("type", models.CharField(max_length=100)),
                ("schema", models.SmallIntegerField()),
                ("payload", models.TextField()),
                ("occurred_at", models.CharField(max_length=27)),
                ("recorded_at", models.CharField(max_length=27)),
                ("actor_id", models.CharField(max_length=100)),
                ("actor_name", models.TextField()),
                ("actor_role", models.TextField()),
                ("origin", models.TextField()),
                ("reason", models.TextField(null=True)),
                ("command_id", models.CharField(max_length=100)),
                ("command_position", models.IntegerField()),
                ("command_name", models.CharField(max_length=100)),
                ("command_digest", models.CharField(max_length=64)),
                ("prev_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "ledger_event",
                "indexes": [
                    models.Index(fields=["type", "seq"], name="ledger_event_type"),
                    models.Index(fields=["actor_id", "seq"], name="ledger_event_actor"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["stream", "version"], name="ledger_event_stream"
                    ),
                    models.UniqueConstraint(
                        fields=["command_id", "command_position"], name="ledger_event_command"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerStream",
            fields=[
                (
                    "stream",
                    models.CharField(max_length=200, primary_key=True, serialize=False),
                ),
                ("version", models.IntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("seq", models.BigIntegerField(db_index=True)),
            ],
            options={"db_table": "ledger_stream"},
        ),
        migrations.CreateModel(
            name="LedgerCheckpoint",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("made_at", models.CharField(max_length=27)),
                ("last_seq", models.BigIntegerField()),
                ("streams", models.IntegerField()),
                ("root", models.CharField(max_length=64)),
                ("body", models.TextField()),
                ("signature", models.TextField()),
            ],
            options={"db_table": "ledger_checkpoint"},
        ),
        migrations.RunPython(add_guards, migrations.RunPython.noop),
    )
