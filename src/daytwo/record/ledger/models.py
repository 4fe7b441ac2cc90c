"""Rows of the ledger: events, the head of each stream, checkpoints."""

from __future__ import annotations

from django.db import models


class LedgerEvent(models.Model):
    """One event; never updated, never deleted (triggers refuse both)."""

    seq = models.BigAutoField(primary_key=True)
    stream = models.CharField(max_length=200)
    version = models.IntegerField()
    type = models.CharField(max_length=100)
    schema = models.SmallIntegerField()
    payload = models.TextField()
    occurred_at = models.CharField(max_length=27)
    recorded_at = models.CharField(max_length=27)
    actor_id = models.CharField(max_length=100)
    actor_name = models.TextField()
    actor_role = models.TextField()
    origin = models.TextField()
    reason = models.TextField(null=True)
    command_id = models.CharField(max_length=100)
    command_position = models.IntegerField()
    command_name = models.CharField(max_length=100)
    command_digest = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """Names and indexes; the two unique keys are the optimistic lock and idempotency."""

        app_label = "ledger"
        db_table = "ledger_event"
        constraints = (
            models.UniqueConstraint(fields=["stream", "version"], name="ledger_event_stream"),
            models.UniqueConstraint(
                fields=["command_id", "command_position"], name="ledger_event_command"
            ),
        )
        indexes = (
            models.Index(fields=["type", "seq"], name="ledger_event_type"),
            models.Index(fields=["actor_id", "seq"], name="ledger_event_actor"),
        )


class LedgerStream(models.Model):
    """The head of one stream: a second witness of its length, and the row that writers lock."""

    stream = models.CharField(max_length=200, primary_key=True)
    version = models.IntegerField()
    hash = models.CharField(max_length=64)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        """Names."""

        app_label = "ledger"
        db_table = "ledger_stream"


class LedgerCheckpoint(models.Model):
    """A signed Merkle root over all stream heads; the signed file itself lies outside."""

    number = models.IntegerField(primary_key=True)
    made_at = models.CharField(max_length=27)
    last_seq = models.BigIntegerField()
    streams = models.IntegerField()
    root = models.CharField(max_length=64)
    body = models.TextField()
    signature = models.TextField()

    class Meta:
        """Names."""

        app_label = "ledger"
        db_table = "ledger_checkpoint"


class ImportRun(models.Model):
    """One run of an import and its reconciliation."""

    event_seq = models.BigIntegerField(primary_key=True)
    run_id = models.CharField(max_length=150)
    at = models.CharField(max_length=27)
    by_name = models.TextField()
    mapping = models.CharField(max_length=100)
    system = models.TextField()
    read = models.IntegerField()
    made = models.IntegerField()
    already = models.IntegerField()
    passed_over = models.IntegerField(default=0)
    rows_set_aside = models.IntegerField()
    fields_set_aside = models.IntegerField()
    detail = models.TextField()

    class Meta:
        """Names."""

        app_label = "ledger"
        db_table = "ledger_import_run"
