"""Rows of reviews and dispositions."""

from __future__ import annotations

from django.db import models


class Review(models.Model):
    """One reading of a record by quality."""

    event_seq = models.BigIntegerField(primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    reviewer_id = models.CharField(max_length=100)
    reviewer_name = models.TextField()
    opened_at = models.CharField(max_length=27)
    closed_at = models.CharField(max_length=27, null=True)
    outcome = models.CharField(max_length=20, default="")
    reason = models.TextField(default="")
    function = models.CharField(max_length=20, default="quality")

    class Meta:
        """Names."""

        app_label = "release"
        db_table = "release_review"


class Disposition(models.Model):
    """The decision on a batch."""

    batch_id = models.CharField(max_length=100, primary_key=True)
    decision = models.CharField(max_length=20)
    rationale = models.TextField()
    decided_at = models.CharField(max_length=27)
    decided_by = models.TextField()
    decided_by_id = models.CharField(max_length=100)

    class Meta:
        """Names."""

        app_label = "release"
        db_table = "release_disposition"
