"""One's own account: what I may do, password, second factor, accountability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.core import signing
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from daytwo.doors.web import answers, failures, said, session, visitors
from daytwo.doors.web.pages import Page
from daytwo.kernel.errors import Denied, Refused
from daytwo.kernel.ids import new_id
from daytwo.record.access import account as accounts
from daytwo.record.access import commands
from daytwo.record.access.rules import PASSWORD_LEAST

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_REFUSED_AT = {
    "access.credentials": "old",
    "segregation.password": "new",
    "web.password_twice": "again",
    "access.totp_code": "code",
}
"""Form fields by what is refused at them."""

PAGE = Page("account/", _("My account"), None, duty=True)

_SEALED = "daytwo.web.totp"
_SEAL_SECONDS = 900


@PAGE.route()
def account(request: HttpRequest) -> HttpResponse:
    """Show who I am here, what I may do, and what I can change."""
    visitor = visitors.present(request)
    context = {"permissions": sorted(visitor.permissions)}
    return answers.page(request, "account/account.html", context)


@PAGE.route("password/", methods=("GET", "POST"))
def password(request: HttpRequest) -> HttpResponse:
    """Change my password; the old one proves that it is me."""
    onward = visitors.safe_next(request, reverse("web:account.account"))
    context: dict[str, Any] = {
        "notice": None,
        "wrong": {},
        "least": PASSWORD_LEAST,
        "command_id": request.POST.get("command_id") or new_id(),
    }
    if request.method == "POST":
        try:
            _change_password(request)
        except (Refused, Denied) as refused:
            context["notice"] = failures.notice(refused, kept=str(_("Your password is unchanged.")))
            context["wrong"] = failures.beside(context["notice"], _REFUSED_AT)
            return answers.page(request, "account/password.html", context, status=409)
        me = visitors.present(request)
        if me.verified and not me.attested:
            return answers.go("account.attestation", said="password")
        changed = HttpResponseRedirect(onward)
        said.say(changed, "password")
        return changed
    return answers.page(request, "account/password.html", context)


@PAGE.route("attestation/", methods=("GET", "POST"))
def attestation(request: HttpRequest) -> HttpResponse:
    """Accept accountability for my signatures, word by word, before the first one."""
    onward = visitors.safe_next(request, reverse("web:home.start"))
    context = {"statement": commands.ATTESTATION, "next": onward, "command_id": new_id()}
    if request.method == "POST":
        commands.attest(
            session.by(request),
            command_id=request.POST.get("command_id", ""),
            statement=request.POST.get("statement", ""),
        )
        return HttpResponseRedirect(onward)
    return answers.page(request, "account/attestation.html", context)


@PAGE.route("authenticator/", methods=("GET", "POST"))
def authenticator(request: HttpRequest) -> HttpResponse:
    """Enrol a second factor: shown once as a code to scan, in force once it answers rightly."""
    visitor = visitors.present(request)
    if request.method == "POST":
        try:
            return _enrol(request)
        except (Refused, Denied) as refused:
            sealed = request.POST.get("sealed", "")
            secret, uri = _unsealed(sealed) or accounts.new_totp(visitor.person_id)
            told = failures.notice(refused, kept=str(_("No authenticator was enrolled.")))
            return _show_code(request, secret, uri, told)
    return _show_code(request, *accounts.new_totp(visitor.person_id), None)


def _change_password(request: HttpRequest) -> None:
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise Refused("web.password_twice", str(_("The two new passwords are not the same.")))
    accounts.change_own_password(
        session.by(request),
        request.POST.get("old", ""),
        new,
        request.POST.get("totp", "").strip(),
        command_id=request.POST.get("command_id", ""),
    )


def _enrol(request: HttpRequest) -> HttpResponse:
    opened = _unsealed(request.POST.get("sealed", ""))
    if opened is None:
        raise Refused("web.totp_expired", str(_("The code was shown too long ago; scan this one.")))
    accounts.confirm_totp(
        session.by(request),
        opened[0],
        request.POST.get("code", ""),
        command_id=request.POST.get("command_id", ""),
    )
    return answers.go("account.account", said="authenticator")


def _show_code(
    request: HttpRequest, secret: str, uri: str, told: failures.Notice | None
) -> HttpResponse:
    drawn = segno.make(uri, error="m").svg_inline(
        svgclass=None, lineclass=None, border=2, omitsize=True
    )
    context = {
        "notice": told,
        "wrong": failures.beside(told, _REFUSED_AT),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "sealed": signing.dumps([secret, uri], salt=_SEALED),
        "qr": Markup(drawn),  # noqa: S704 -- drawn here from an address made here
        "command_id": new_id(),
    }
    status = 409 if told else 200
    return answers.page(request, "account/authenticator.html", context, status=status)


def _unsealed(sealed: str) -> tuple[str, str] | None:
    """Return the secret that this site showed, unless it is too old or was not ours."""
    try:
        secret, uri = signing.loads(sealed, salt=_SEALED, max_age=_SEAL_SECONDS)
    except signing.BadSignature:
        return None
    return str(secret), str(uri)
