"""Rows of classifications, deviations, CAPA, changes and complaints."""

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
    origin = models.CharField(max_length=20, default="native")
    occurred_at = models.CharField(max_length=27, null=True)
    triaged_at = models.CharField(max_length=27, null=True)
    assigned_at = models.CharField(max_length=27, null=True)
    owner = models.TextField(default="")
    cause_approved_at = models.CharField(max_length=27, null=True)
    method = models.CharField(max_length=60, default="")
    due_on = models.CharField(max_length=10, null=True)
    due_first_on = models.CharField(max_length=10, null=True)
    description = models.TextField(default="")
    area = models.TextField(default="")
    process = models.TextField(default="")
    equipment_id = models.CharField(max_length=100, default="")

    class Meta:
        """Names."""

        app_label = "quality"
        db_table = "quality_deviation"


class Capa(models.Model):
    """A corrective or preventive action, with the check of its effect stated beforehand."""

    id = models.CharField(max_length=100, primary_key=True)
    deviation_id = models.CharField(max_length=100, default="", db_index=True)
    action = models.TextField(default="")
    owner = models.TextField(default="")
    opened_at = models.CharField(max_length=27)
    due_first_on = models.CharField(max_length=10, null=True)
    due_on = models.CharField(max_length=10, null=True)
    closed_at = models.CharField(max_length=27, null=True)
    metric = models.TextField(default="")
    baseline = models.TextField(default="")
    target = models.TextField(default="")
    horizon_days = models.IntegerField(default=0)
    evaluated_at = models.CharField(max_length=27, null=True)
    verdict = models.CharField(max_length=20, default="")
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "quality"
        db_table = "quality_capa"


class Change(models.Model):
    """A change under control."""

    id = models.CharField(max_length=100, primary_key=True)
    title = models.TextField(default="")
    kind = models.CharField(max_length=60, default="")
    mbr_id = models.CharField(max_length=100, default="")
    mbr_version = models.IntegerField(default=0)
    opened_at = models.CharField(max_length=27)
    approved_at = models.CharField(max_length=27, null=True)
    implemented_at = models.CharField(max_length=27, null=True)
    closed_at = models.CharField(max_length=27, null=True)
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "quality"
        db_table = "quality_change"


class Complaint(models.Model):
    """A complaint about a product."""

    id = models.CharField(max_length=100, primary_key=True)
    product_code = models.CharField(max_length=100, default="")
    batch_id = models.CharField(max_length=100, default="", db_index=True)
    category = models.CharField(max_length=60, default="")
    description = models.TextField(default="")
    received_at = models.CharField(max_length=27)
    closed_at = models.CharField(max_length=27, null=True)
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "quality"
        db_table = "quality_complaint"
