"""Rows of initiatives and of what was measured for them."""

from __future__ import annotations

from django.db import models


class Initiative(models.Model):
    """Something that is to make a KPI better, with the baseline it is measured against."""

    initiative_id = models.CharField(max_length=100, primary_key=True)
    title = models.TextField()
    kpi_id = models.CharField(max_length=40, db_index=True)
    site = models.CharField(max_length=100, default="")
    product_code = models.CharField(max_length=100, default="")
    expected_change = models.CharField(max_length=40, default="")
    promised_eur_per_year = models.CharField(max_length=40, default="")
    rationale = models.TextField(default="")
    state = models.CharField(max_length=20)
    stated_by_id = models.CharField(max_length=100)
    stated_by = models.TextField()
    stated_at = models.CharField(max_length=27)
    kpi_version = models.IntegerField(null=True)
    base_since = models.CharField(max_length=10, default="")
    base_until = models.CharField(max_length=10, default="")
    base_value = models.CharField(max_length=40, default="")
    base_low = models.CharField(max_length=40, default="")
    base_high = models.CharField(max_length=40, default="")
    base_n = models.IntegerField(null=True)
    base_seq = models.BigIntegerField(null=True)
    base_ledger_seq = models.BigIntegerField(null=True)
    base_checkpoint = models.IntegerField(null=True)
    base_root = models.CharField(max_length=64, default="")
    base_sha256 = models.CharField(max_length=64, default="")
    frozen_by = models.TextField(default="")
    frozen_at = models.CharField(max_length=27, default="")
    target = models.CharField(max_length=40, default="")
    target_on = models.CharField(max_length=10, default="")
    live_on = models.CharField(max_length=10, default="")
    action = models.TextField(default="")
    confounders = models.TextField(default="")
    recurring_eur_per_year = models.CharField(max_length=40, default="")
    one_off_eur = models.CharField(max_length=40, default="")
    run_cost_eur_per_year = models.CharField(max_length=40, default="")
    signed_by = models.TextField(default="")
    signed_at = models.CharField(max_length=27, default="")
    ended_reason = models.TextField(default="")

    class Meta:
        """Names."""

        app_label = "governance"
        db_table = "governance_initiative"


class Measurement(models.Model):
    """What a KPI was after an action went live."""

    event_seq = models.BigIntegerField(primary_key=True)
    initiative_id = models.CharField(max_length=100, db_index=True)
    since = models.CharField(max_length=10)
    until = models.CharField(max_length=10)
    value = models.CharField(max_length=40)
    low = models.CharField(max_length=40)
    high = models.CharField(max_length=40)
    n = models.IntegerField()
    change = models.CharField(max_length=40)
    beyond_noise = models.BooleanField()
    measured_by = models.TextField()
    measured_at = models.CharField(max_length=27)

    class Meta:
        """Names."""

        app_label = "governance"
        db_table = "governance_measurement"
