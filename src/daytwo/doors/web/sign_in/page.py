"""Sign-in and sign-out: both components, one answer for every wrong one, no way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from daytwo.doors.web import answers, failures, session, visitors
from daytwo.doors.web.pages import Page
from daytwo.kernel.errors import Denied, Refused
from daytwo.record.access import account
from daytwo.record.access.queries import find_person

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = Page("sign-in/", _("Sign in"), None, public=True)


@PAGE.route(methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or open a session and go on to where the person was going."""
    onward = visitors.safe_next(request, reverse("web:home.start"))
    shown = {"next": onward, "person": "", "notice": None, "idle": "idle" in request.GET}
    if request.method != "POST":
        if visitors.of(request) is not None:
            return HttpResponseRedirect(onward)
        return answers.page(request, "sign_in/sign_in.html", shown)
    person_id = request.POST.get("person", "").strip()
    try:
        opened = account.sign_in(
            person_id, request.POST.get("password", ""), request.POST.get("totp", "").strip()
        )
    except (Denied, Refused) as refused:
        told = failures.notice(
            refused,
            kept=str(_("The attempt was recorded.")),
            todo=str(_("Check your id, password and code, and try again.")),
        )
        context = {**shown, "person": person_id, "notice": told, "idle": False}
        return answers.page(request, "sign_in/sign_in.html", context, status=403)
    session.begin(request, opened)
    known = find_person(opened.person_id)
    if known is not None and known.verified and not (known.attested or known.must_change):
        onward = f"{reverse('web:account.attestation')}?next={onward}"
    return HttpResponseRedirect(onward)


@PAGE.route("out/", methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the next person goes on where the form says, once signed in."""
    onward = visitors.safe_next(request, "")
    session.end(request)
    address = reverse("web:sign_in.sign_in")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': onward})}" if onward else address)


@PAGE.route("keep/")
def keep(request: HttpRequest) -> HttpResponse:
    """Answer a page on which somebody is typing: being asked is what keeps the session."""
    return HttpResponse(status=204 if visitors.of(request) else 401)


@PAGE.route("expired/")
def expired(request: HttpRequest) -> HttpResponse:
    """Say that the session ended by itself; end it if its own page was the first to notice."""
    if visitors.of(request) is not None:
        session.end(request, "idle")
    return HttpResponseRedirect(f"{reverse('web:sign_in.sign_in')}?idle=1")
