"""Rows of master batch record versions and their approvals."""

from __future__ import annotations

from django.db import models


class MbrVersion(models.Model):
    """One version as the events left it; `id` is `<mbr>:<version>`."""

    id = models.CharField(max_length=60, primary_key=True)
    mbr_id = models.CharField(max_length=40, db_index=True)
    version = models.IntegerField()
    status = models.CharField(max_length=20)
    product_code = models.CharField(max_length=100, default="")
    product_name = models.TextField(default="")
    content_hash = models.CharField(max_length=64, default="")
    yaml = models.TextField(default="")
    authors = models.TextField(default="")
    approval_round = models.IntegerField(default=0)
    requested_at = models.CharField(max_length=27)
    drafted_at = models.CharField(max_length=27, null=True)
    submitted_at = models.CharField(max_length=27, null=True)
    returned_at = models.CharField(max_length=27, null=True)
    return_reason = models.TextField(default="")
    effective_at = models.CharField(max_length=27, null=True)
    superseded_at = models.CharField(max_length=27, null=True)
    validated_at = models.CharField(max_length=27, null=True)
    trained_at = models.CharField(max_length=27, null=True)
    first_used_at = models.CharField(max_length=27, null=True)
    retired_at = models.CharField(max_length=27, null=True)
    change_id = models.CharField(max_length=100, default="")

    class Meta:
        """Names."""

        app_label = "recipes"
        db_table = "recipes_mbr_version"


class MbrApproval(models.Model):
    """One person's approval in one round."""

    event_seq = models.BigIntegerField(primary_key=True)
    mbr_id = models.CharField(max_length=40, db_index=True)
    version = models.IntegerField()
    approval_round = models.IntegerField()
    function = models.CharField(max_length=20)
    content_hash = models.CharField(max_length=64)
    person_id = models.CharField(max_length=100)
    person_name = models.TextField()
    at = models.CharField(max_length=27)

    class Meta:
        """Names."""

        app_label = "recipes"
        db_table = "recipes_mbr_approval"
