"""People and rights: who is here, what each may do, who gave it, and what needs a hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import acts, answers, failures, session, tables, visitors
from daytwo.doors.web.labels import label
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.doors.web.people.matrix import matrix
from daytwo.kernel.errors import Denied, Refused
from daytwo.kernel.ids import new_id
from daytwo.record.access import account, commands, queries
from daytwo.record.access.enums import Permission, Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from daytwo.record.access.models import RoleGrant
    from daytwo.record.access.queries import PersonView

PAGE = Page(
    "people/", _("People and rights"), Permission.PEOPLE_READ, Nav(Group.SYSTEM, 30, _("People"))
)

_MANAGE = Permission.PEOPLE_MANAGE
_PEOPLE: tuple[tables.Column[PersonView], ...] = (
    tables.Column("name", _("Name"), lambda p: p.name),
    tables.Column("id", _("Id"), lambda p: p.id),
    tables.Column("roles", _("Roles"), lambda p: ", ".join(label(r) for r in p.roles)),
    tables.Column("status", _("Account"), lambda p: p.status),
    tables.Column("signing", _("May sign"), lambda p: "yes" if p.verified and p.attested else "no"),
)
_GRANTS: tuple[tables.Column[RoleGrant], ...] = (
    tables.Column("person", _("Person"), lambda g: g.person_id),
    tables.Column("role", _("Role"), lambda g: g.role),
    tables.Column("granted", _("Given"), lambda g: g.granted_at),
    tables.Column("by", _("By"), lambda g: g.granted_by),
    tables.Column("reason", _("Reason"), lambda g: g.reason),
    tables.Column("revoked", _("Taken back"), lambda g: g.revoked_at),
    tables.Column("revoked_by", _("By"), lambda g: g.revoked_by or None),
)
_VERBS = {
    "grant": (commands.grant_role, ("role", "reason")),
    "revoke": (commands.revoke_role, ("role", "reason")),
    "verify": (commands.verify_identity, ("document",)),
    "unlock": (commands.unlock, ("reason",)),
    "deactivate": (commands.deactivate, ("reason",)),
    "remove-authenticator": (commands.remove_totp, ("reason",)),
}

_FACTORS = {"require": commands.require_second_factor, "lift": commands.lift_second_factor}


@PAGE.route()
def people(request: HttpRequest) -> HttpResponse:
    """List everybody, with what needs a hand."""
    return _people(request, acts.Outcome())


@PAGE.route("alerts/<int:number>/", methods=("POST",), permission=_MANAGE)
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """Close an alert, with what was found and done."""
    comment = request.POST.get("comment", "")
    outcome = acts.attempt(request, commands.acknowledge_alert, alert=number, comment=comment)
    return (
        answers.go("people.people", said="account") if outcome.done else _people(request, outcome)
    )


@PAGE.route("rights/")
def rights(request: HttpRequest) -> HttpResponse:
    """Show the role x action matrix, as the program has it."""
    return _rights(request, acts.Outcome())


@PAGE.route("rights/second-factor/<slug:verb>/", methods=("POST",), permission=_MANAGE)
def second_factor(request: HttpRequest, verb: str) -> HttpResponse:
    """Ask a second factor of a role, or ask it no longer."""
    if verb not in _FACTORS:
        return failures.not_found(request)
    given = {field: request.POST.get(field, "") for field in ("role", "reason")}
    outcome = acts.attempt(request, _FACTORS[verb], **given)
    return (
        answers.go("people.rights", said="account") if outcome.done else _rights(request, outcome)
    )


@PAGE.route("register/")
def register(request: HttpRequest) -> HttpResponse:
    """Show every grant ever made: who had what, since and until when, by whom, why."""
    view = tables.view(request, _GRANTS, queries.access_register(), sort="-granted")
    return tables.as_csv(request, "access-register", _GRANTS, view) or answers.page(
        request, "people/register.html", {"view": view}
    )


@PAGE.route("new/", methods=("GET", "POST"), permission=_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Open an account."""
    person_id, name = (request.POST.get(field, "").strip() for field in ("person", "name"))
    context: dict[str, Any] = {
        "person": person_id,
        "name": name,
        "notice": None,
        "wrong": {},
        "command_id": new_id(),
    }
    if request.method == "POST":
        outcome = acts.attempt(request, commands.register_person, person_id=person_id, name=name)
        if outcome.done:
            return answers.go("people.person", said="opened", person_id=person_id)
        context["notice"] = outcome.notice
        context["wrong"] = failures.beside(outcome.notice, {"person_id": "person"})
        return answers.page(request, "people/new.html", context, status=outcome.status)
    return answers.page(request, "people/new.html", context)


@PAGE.route("of/<str:person_id>/")
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show one person with their grants, and what can be done."""
    return _person(request, person_id)


@PAGE.route("of/<str:person_id>/<slug:verb>/", methods=("POST",), permission=_MANAGE)
def act(request: HttpRequest, person_id: str, verb: str) -> HttpResponse:
    """Do one thing to an account: give or take a role, verify, unlock, close."""
    if verb == "password":
        return _reset(request, person_id)
    if verb not in _VERBS:
        return failures.not_found(request)
    command, fields = _VERBS[verb]
    given = {field: request.POST.get(field, "") for field in fields}
    outcome = acts.attempt(request, command, person_id=person_id, **given)
    if outcome.done:
        return answers.go("people.person", said="account", person_id=person_id)
    return _person(request, person_id, notice=outcome.notice, status=outcome.status)


def _rights(request: HttpRequest, outcome: acts.Outcome) -> HttpResponse:
    factors = {row.role: row for row in queries.second_factors()}
    context: dict[str, Any] = {
        "matrix": matrix(),
        "roles": list(Role),
        "factors": factors,
        "free": [(r.value, label(r)) for r in Role if r not in factors],
        "asked": [(r, label(r)) for r in factors],
        "notice": outcome.notice,
        "new_id": new_id,
    }
    return answers.page(request, "people/rights.html", context, status=outcome.status)


def _people(request: HttpRequest, outcome: acts.Outcome) -> HttpResponse:
    view = tables.view(request, _PEOPLE, queries.people(), sort="name")
    context = {
        "view": view,
        "alerts": queries.open_alerts(),
        "notice": outcome.notice,
        "new_id": new_id,
    }
    return tables.as_csv(request, "people", _PEOPLE, view) or answers.page(
        request, "people/people.html", context, status=outcome.status
    )


def _reset(request: HttpRequest, person_id: str) -> HttpResponse:
    """Set a password to hand over; it is shown once and must be changed before it can sign."""
    try:
        made = account.reset_password(
            session.by(request),
            person_id,
            request.POST.get("reason", ""),
            command_id=request.POST.get("command_id", ""),
        )
    except (Refused, Denied) as refused:
        told = failures.notice(refused)
        return _person(request, person_id, notice=told, status=failures.status_of(refused))
    return _person(request, person_id, password=made)


def _person(
    request: HttpRequest,
    person_id: str,
    *,
    notice: failures.Notice | None = None,
    password: str = "",
    status: int = 200,
) -> HttpResponse:
    known = queries.person(person_id)
    me = visitors.present(request)
    context: dict[str, Any] = {
        "known": known,
        "grants": [g for g in queries.access_register() if g.person_id == person_id],
        "grantable": [(r.value, label(r)) for r in Role if r not in known.roles],
        "held": [(role, label(role)) for role in known.roles],
        "manages": me.may(_MANAGE) and me.person_id != person_id,
        "notice": notice,
        "handed": password,
        "new_id": new_id,
    }
    return answers.page(request, "people/person.html", context, status=status)
