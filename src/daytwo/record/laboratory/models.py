"""Rows of samples, results and investigations of what lies outside specification."""

from __future__ import annotations

from django.db import models


class Result(models.Model):
    """A final result of a batch or a lot; a later one never overwrites it."""

    id = models.CharField(max_length=200, primary_key=True)
    event_seq = models.BigIntegerField()
    subject_kind = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=100)
    stage = models.CharField(max_length=20)
    test_code = models.CharField(max_length=100, db_index=True)
    test_name = models.TextField()
    value = models.TextField()
    unit = models.CharField(max_length=20)
    verdict = models.CharField(max_length=10, default="")
    sample_id = models.CharField(max_length=100, null=True)
    at = models.CharField(max_length=27)
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "laboratory"
        db_table = "laboratory_result"
        indexes = (
            models.Index(fields=["subject_kind", "subject_id"], name="laboratory_result_subject"),
        )


class Sample(models.Model):
    """A sample on its way from the batch or lot to its last final result."""

    id = models.CharField(max_length=100, primary_key=True)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=100, db_index=True)
    stage = models.CharField(max_length=20)
    plan = models.TextField(default="")
    taken_at = models.CharField(max_length=27)
    received_at = models.CharField(max_length=27, null=True)
    entered = models.IntegerField(default=0)
    final = models.IntegerField(default=0)
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "laboratory"
        db_table = "laboratory_sample"


class OutOfSpecification(models.Model):
    """An investigation of a result outside its specification."""

    id = models.CharField(max_length=100, primary_key=True)
    result_id = models.CharField(max_length=200, default="")
    sample_id = models.CharField(max_length=100, default="")
    subject_kind = models.CharField(max_length=10, default="")
    subject_id = models.CharField(max_length=100, default="", db_index=True)
    test_code = models.CharField(max_length=100, default="")
    opened_at = models.CharField(max_length=27)
    decided_at = models.CharField(max_length=27, null=True)
    outcome = models.CharField(max_length=20, default="")
    reason = models.TextField(default="")
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "laboratory"
        db_table = "laboratory_oos"
