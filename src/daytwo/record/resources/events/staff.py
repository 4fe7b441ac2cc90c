"""Who works at the site, as other systems tell: persons, training, attendance (211.25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daytwo.record.ledger.catalogue import event


@event("staff.member.registered", stream="staff/{person_id}", key=("person_id",))
@dataclass(frozen=True, slots=True)
class StaffMemberRegistered:
    """A person of another system; opens no account here and gives no right.

    Attributes:
        person_id: As the source names the person.
        name: Printed name; empty where the source gives only a number.
        role: What the person does.
        team: The team; productivity is shown for teams only.
        experience_months: Months in the job at the time; None where the source does not say.
    """

    person_id: str
    name: str = ""
    role: str = ""
    team: str = ""
    experience_months: int | None = None


@event("staff.qualified", stream="staff/{person_id}")
@dataclass(frozen=True, slots=True)
class StaffQualified:
    """A person was trained and may do something (21 CFR 211.25).

    Attributes:
        person_id: The person.
        qualification: What for.
        subject: What it is about, such as a master batch record and version.
        valid_until: From then on it no longer counts, UTC; None for no end.
    """

    person_id: str
    qualification: str
    subject: str = ""
    valid_until: datetime | None = None


@event("staff.shift.worked", stream="staff/{person_id}")
@dataclass(frozen=True, slots=True)
class ShiftWorked:
    """A person was there (ISO 22400-2: actual personnel attendance time).

    Attributes:
        person_id: The person.
        team: The team of that shift.
        ended_at: End of the attendance, UTC; it began when the event occurred.
    """

    person_id: str
    team: str
    ended_at: datetime
