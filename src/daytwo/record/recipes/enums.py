"""Words of the master batch record: kinds of step, criticality, signatures, life cycle."""

from __future__ import annotations

from enum import StrEnum


class StepKind(StrEnum):
    """What a step asks of the person who performs it."""

    CONFIRM = "confirm"
    ENTER_VALUE = "enter_value"
    WEIGH = "weigh"
    CHARGE_MATERIAL = "charge_material"
    CHECK_EQUIPMENT = "check_equipment"
    LINE_CLEARANCE = "line_clearance"
    YIELD = "yield"


class Datatype(StrEnum):
    """What an `enter_value` step takes."""

    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"


class Criticality(StrEnum):
    """Why a step matters: process parameter, quality attribute, good practice, or none."""

    CPP = "CPP"
    CQA = "CQA"
    GMP = "GMP"
    NONE = "none"


class SignatureNeed(StrEnum):
    """Which signatures close a step; in the order of strength."""

    NONE = "none"
    PERFORMED = "performed"
    PERFORMED_AND_VERIFIED = "performed_and_verified"


class PerformedBy(StrEnum):
    """The role that performs a step; the words are those of the roles of access."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


class Check(StrEnum):
    """Who or what checks a critical entry: a second person, or validated equipment."""

    PERSON = "person"
    AUTOMATIC = "automatic"


class OnException(StrEnum):
    """What follows when a step's result is outside its limits or not as required."""

    REFUSE = "refuse"
    DISCREPANCY = "discrepancy"
    HOLD = "hold"


class Severity(StrEnum):
    """An error stops submission; a warning is shown to author and approvers."""

    ERROR = "error"
    WARNING = "warning"


class MbrStatus(StrEnum):
    """State of one version of a master batch record."""

    REQUESTED = "requested"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    IMPORTED = "imported"


class ApprovalFunction(StrEnum):
    """For which part of the house an approver speaks; a record needs both."""

    PRODUCTION = "production"
    QUALITY = "quality"
