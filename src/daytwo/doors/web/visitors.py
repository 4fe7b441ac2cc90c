"""Who stands at this door: the signed-in person as the pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


class Duty(StrEnum):
    """What a signed-in person must settle before any other page opens."""

    PASSWORD = "password"  # noqa: S105 -- the name of a duty, not a secret
    SECOND_FACTOR = "authenticator"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person.

    Args:
        person_id: The person's id in the record.
        name: Printed name.
        roles: Role names in the reader's language, most important first.
        role_names: The same as the record names them.
        session_id: The session this request came with.
        permissions: Everything their roles allow.
        duty: What they must settle first, if anything.
        totp: Whether a second factor is enrolled, so that forms ask for it.
        verified: Whether somebody has seen proof of their identity.
        attested: Whether they have accepted accountability for their signatures.
    """

    person_id: str
    name: str
    roles: tuple[str, ...]
    session_id: str
    permissions: frozenset[str]
    role_names: frozenset[str] = frozenset()
    duty: Duty | None = None
    totp: bool = False
    verified: bool = False
    attested: bool = False

    def may(self, permission: str) -> bool:
        """Return whether this person's roles allow the permission."""
        return permission in self.permissions


def of(request: HttpRequest) -> Visitor | None:
    """Return who is signed in on this request, or None."""
    return cast("Visitor | None", getattr(request, "visitor", None))


def present(request: HttpRequest) -> Visitor:
    """Return who is signed in; only behind a guard, where somebody always is."""
    visitor = of(request)
    if visitor is None:
        message = "a view without a guard asked for its visitor"
        raise LookupError(message)
    return visitor


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send an anonymous request to the sign-in page, to come back to where it was going."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    return _redirect(request, f"{reverse('web:sign_in.sign_in')}?{urlencode({'next': back})}")


def to_duty(request: HttpRequest, duty: Duty) -> HttpResponse:
    """Send a person who must settle something first to where they can."""
    return _redirect(request, reverse(f"web:account.{duty}"))


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Return the address the form or query asks to go on to, if it lies inside this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    inside = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if asked and inside else fallback


def _redirect(request: HttpRequest, where: str) -> HttpResponse:
    """Redirect a page, or tell htmx to leave a fragment for the whole page."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)
