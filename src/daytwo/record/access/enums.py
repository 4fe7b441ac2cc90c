"""Roles, permissions, meanings of signatures, states of an account."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is at the site; a person may have several that do not conflict."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    QUALITY = "quality"
    QUALIFIED_PERSON = "qualified_person"
    ANALYST = "analyst"
    AUTHOR = "author"
    ENGINEER = "engineer"
    LEADER = "leader"
    AUDITOR = "auditor"
    INTEGRATOR = "integrator"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a command or a page asks for."""

    ACCOUNT_OWN = "account.own"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    MBR_READ = "mbr.read"
    MBR_WRITE = "mbr.write"
    MBR_CHECK = "mbr.check"
    MBR_APPROVE = "mbr.approve"
    MBR_RETURN = "mbr.return"
    ORDER_ISSUE = "order.issue"
    RESOURCE_READ = "resource.read"
    RESOURCE_MANAGE = "resource.manage"
    LOT_RELEASE = "lot.release"
    BATCH_READ = "batch.read"
    BATCH_EXECUTE = "batch.execute"
    BATCH_VERIFY = "batch.verify"
    BATCH_SUPERVISE = "batch.supervise"
    DISCREPANCY_RAISE = "discrepancy.raise"
    DISCREPANCY_CLASSIFY = "discrepancy.classify"
    BATCH_REVIEW = "batch.review"
    BATCH_DISPOSE = "batch.dispose"
    KPI_READ = "kpi.read"
    VALUE_MANAGE = "value.manage"
    AUDIT_READ = "audit.read"
    RECORD_EXPORT = "record.export"
    LEDGER_VERIFY = "ledger.verify"
    IMPORT_RUN = "import.run"
    METRICS_READ = "metrics.read"


class Meaning(StrEnum):
    """What a signature says (21 CFR 11.50(a)(3))."""

    PERFORMED = "performed"
    VERIFIED = "verified"
    CORRECTED = "corrected"
    ANSWERED = "answered"
    PREPARED = "prepared"
    CHECKED = "checked"
    APPROVED = "approved"
    PRODUCTION_REVIEWED = "production reviewed"
    CLASSIFIED = "classified"
    DEVIATION_CLOSED = "deviation closed"
    QUALITY_REVIEWED = "quality reviewed"
    RELEASED = "certified and released"
    REJECTED = "rejected"
    BASELINE_FROZEN = "frozen as baseline"
    TARGET_SET = "set as target"
    VALUE_CONFIRMED = "benefit confirmed"


class PersonStatus(StrEnum):
    """State of an account; there is no way back from deactivated, and none to deletion."""

    ACTIVE = "active"
    LOCKED = "locked"
    DEACTIVATED = "deactivated"
