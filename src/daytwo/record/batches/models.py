"""Rows of batches, their steps, entries, discrepancies and genealogy."""

from __future__ import annotations

from django.db import models


class Batch(models.Model):
    """A batch as the events left it."""

    id = models.CharField(max_length=100, primary_key=True)
    order_id = models.CharField(max_length=100, default="")
    product_code = models.CharField(max_length=100, db_index=True)
    product_name = models.TextField()
    strength = models.TextField(default="")
    size = models.TextField(default="")
    unit = models.CharField(max_length=20, default="")
    mbr_id = models.CharField(max_length=40, default="")
    mbr_version = models.IntegerField(default=0)
    mbr_hash = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=20, db_index=True)
    record_state = models.CharField(max_length=20, db_index=True)
    origin = models.CharField(max_length=20)
    promised_on = models.CharField(max_length=10, null=True)
    planned_at = models.CharField(max_length=27)
    started_at = models.CharField(max_length=27, null=True)
    started_precision = models.CharField(max_length=10, default="instant")
    ended_at = models.CharField(max_length=27, null=True)
    completed_at = models.CharField(max_length=27, null=True)
    reviewed_at = models.CharField(max_length=27, null=True)
    disposed_at = models.CharField(max_length=27, null=True)
    hold_reason = models.TextField(default="")
    steps_total = models.IntegerField(default=0)
    steps_done = models.IntegerField(default=0)
    returns = models.IntegerField(default=0)
    line = models.CharField(max_length=100, default="")
    source_status = models.TextField(default="")
    aborted_at = models.CharField(max_length=27, null=True)
    packaged_at = models.CharField(max_length=27, null=True)
    content_form = models.IntegerField(default=1)

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_batch"


class BatchStep(models.Model):
    """A step of a batch; `id` is `<batch>/<step>`."""

    id = models.CharField(max_length=200, primary_key=True)
    batch_id = models.CharField(max_length=100)
    step_id = models.CharField(max_length=20)
    position = models.IntegerField()
    title = models.TextField()
    unit_procedure = models.TextField()
    operation = models.TextField()
    phase = models.TextField()
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=20)
    offered_at = models.CharField(max_length=27, null=True)
    claimed_at = models.CharField(max_length=27, null=True)
    claimed_by = models.CharField(max_length=100, null=True)
    done_at = models.CharField(max_length=27, null=True)
    performer_id = models.CharField(max_length=100, null=True)
    performer_name = models.TextField(default="")
    verified_at = models.CharField(max_length=27, null=True)
    verifier_id = models.CharField(max_length=100, null=True)
    verifier_name = models.TextField(default="")
    entry = models.TextField(default="{}")
    result = models.TextField(default="{}")
    corrections = models.IntegerField(default=0)

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_step"
        indexes = (models.Index(fields=["batch_id", "position"], name="batches_step_place"),)


class StepEntry(models.Model):
    """One entry at a step, the first or a corrected one: none is ever overwritten."""

    event_seq = models.BigIntegerField(primary_key=True)
    batch_id = models.CharField(max_length=100)
    step_id = models.CharField(max_length=20)
    entry = models.TextField()
    result = models.TextField()
    at = models.CharField(max_length=27)
    person_id = models.CharField(max_length=100)
    person_name = models.TextField()
    reason = models.TextField(default="")

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_entry"
        indexes = (models.Index(fields=["batch_id", "step_id"], name="batches_entry_step"),)


class Discrepancy(models.Model):
    """A discrepancy, its answer, and how quality classified it."""

    id = models.CharField(max_length=120, primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    number = models.IntegerField()
    step_id = models.CharField(max_length=20, null=True)
    discrepancy_class = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=20)
    description = models.TextField()
    blocking = models.BooleanField()
    raised_at = models.CharField(max_length=27)
    raised_by = models.TextField()
    answered_at = models.CharField(max_length=27, null=True)
    answered_by = models.TextField(default="")
    answer = models.TextField(default="")
    closed_at = models.CharField(max_length=27, null=True)
    deviation_id = models.CharField(max_length=100, default="")

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_discrepancy"


class MaterialUse(models.Model):
    """A lot that went into a batch."""

    event_seq = models.BigIntegerField(primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    lot_id = models.CharField(max_length=100, db_index=True)
    material_code = models.CharField(max_length=100)
    quantity = models.TextField(default="")
    unit = models.CharField(max_length=20, default="")
    step_id = models.CharField(max_length=20, null=True)

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_material_use"


class EquipmentUse(models.Model):
    """Equipment that a batch was made on."""

    event_seq = models.BigIntegerField(primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    equipment_id = models.CharField(max_length=100, db_index=True)
    equipment_class = models.CharField(max_length=100)
    step_id = models.CharField(max_length=20)
    at = models.CharField(max_length=27)

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_equipment_use"


class BatchValue(models.Model):
    """A yield or process value of a whole batch."""

    event_seq = models.BigIntegerField(primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    value = models.TextField()
    unit = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_value"


class Comment(models.Model):
    """A comment on a batch or one of its steps."""

    event_seq = models.BigIntegerField(primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    step_id = models.CharField(max_length=20, null=True)
    comment = models.TextField()
    at = models.CharField(max_length=27)
    person_name = models.TextField()

    class Meta:
        """Names."""

        app_label = "batches"
        db_table = "batches_comment"
