"""Rows of classifications and deviations."""

from __future__ import annotations

from django.db import models


class Classification(models.Model):
    """How quality classified a discrepancy."""

    discrepancy_id = models.CharField(max_length=120, primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    route = models.CharField(max_length=20)
    rationale = models.TextField()
    at = models.CharField(max_length=27)
    by_name = models.TextField()

    class Meta:
        """Names."""

        app_label = "quality"
        db_table = "quality_classification"


class Deviation(models.Model):
    """A deviation as the events left it."""

    id = models.CharField(max_length=100, primary_key=True)
    batch_id = models.CharField(max_length=100, db_index=True)
    discrepancy_id = models.CharField(max_length=120)
    classification = models.CharField(max_length=20)
    title = models.TextField()
    state = models.CharField(max_length=20, db_index=True)
    detected_at = models.CharField(max_length=27)
    opened_at = models.CharField(max_length=27)
    closed_at = models.CharField(max_length=27, null=True)
    root_cause = models.TextField(default="")
    category = models.CharField(max_length=60, default="")

    class Meta:
        """Names."""

        app_label = "quality"
        db_table = "quality_deviation"
