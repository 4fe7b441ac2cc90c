"""Rows of laboratory results."""

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
    at = models.CharField(max_length=27)
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "laboratory"
        db_table = "laboratory_result"
        indexes = (
            models.Index(fields=["subject_kind", "subject_id"], name="laboratory_result_subject"),
        )
