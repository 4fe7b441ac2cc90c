"""Rows of material lots, equipment and staff."""

from __future__ import annotations

from django.db import models


class MaterialLot(models.Model):
    """A lot as the events left it; quantities as decimal text with their unit."""

    id = models.CharField(max_length=100, primary_key=True)
    material_code = models.CharField(max_length=100, db_index=True)
    material_name = models.TextField()
    status = models.CharField(max_length=20)
    received_at = models.CharField(max_length=27)
    received = models.TextField(null=True)
    used = models.TextField(default="0")
    unit = models.CharField(max_length=20, default="")
    supplier = models.TextField(null=True)
    expires_on = models.CharField(max_length=10, null=True)
    potency_percent = models.TextField(null=True)
    origin = models.CharField(max_length=20)

    class Meta:
        """Names."""

        app_label = "resources"
        db_table = "resources_material_lot"


class Equipment(models.Model):
    """A piece of equipment as the events left it."""

    id = models.CharField(max_length=100, primary_key=True)
    name = models.TextField()
    equipment_class = models.CharField(max_length=100, db_index=True)
    calibrated_until = models.CharField(max_length=27, null=True)
    clean_until = models.CharField(max_length=27, null=True)
    soiled_by = models.CharField(max_length=100, null=True)
    state = models.CharField(max_length=20, default="")
    state_since = models.CharField(max_length=27, null=True)

    class Meta:
        """Names."""

        app_label = "resources"
        db_table = "resources_equipment"


class StaffMember(models.Model):
    """A person of another system; opens no account and gives no right."""

    id = models.CharField(max_length=100, primary_key=True)
    name = models.TextField(default="")
    role = models.CharField(max_length=60, default="")
    team = models.CharField(max_length=60, default="", db_index=True)

    class Meta:
        """Names."""

        app_label = "resources"
        db_table = "resources_staff_member"


class StaffQualification(models.Model):
    """What a person was trained for, and until when."""

    event_seq = models.BigIntegerField(primary_key=True)
    person_id = models.CharField(max_length=100, db_index=True)
    qualification = models.TextField()
    subject = models.TextField(default="")
    since = models.CharField(max_length=27)
    valid_until = models.CharField(max_length=27, null=True)

    class Meta:
        """Names."""

        app_label = "resources"
        db_table = "resources_staff_qualification"
