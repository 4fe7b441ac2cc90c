"""The pages of imports: their place in the rail, and what every step of the flow needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from daytwo.doors.importing import desk
from daytwo.doors.web import answers, failures, session
from daytwo.doors.web.pages import Group, Nav, Page
from daytwo.kernel.errors import ConnectorError, DaytwoError, Refused
from daytwo.record.access.authority import admit
from daytwo.record.access.enums import Permission
from daytwo.record.ledger.envelope import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from daytwo.doors.importing import Judged, Upload

PAGE = Page("imports/", _("Imports"), Permission.LEDGER_VERIFY, Nav(Group.SYSTEM, 10))
MAY = Permission.IMPORT_RUN
EXPECTED = (Refused, ConnectorError)
"""What is told on the page itself, beside what was entered."""
STEPS = (
    ("files", _("Files"), "imports.files"),
    ("mapping", _("Mapping"), "imports.mapping"),
    ("preview", _("Preview"), "imports.preview"),
    ("run", _("Run"), "imports.going"),
    ("reconcile", _("Reconciliation"), ""),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the flow as the page shows it: `done`, `here`, `open` or `shut`."""

    title: str
    state: str
    href: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an upload stands: in words, and the one thing to do next."""

    words: str
    kind: str
    href: str
    action: str
    step: str


def actor(request: HttpRequest) -> Actor:
    """Return who asks, as the record names them; a right that is gone refuses."""
    person, role = admit(session.by(request), MAY)
    return Actor(person.id, person.name, role)


def stage(upload: Upload) -> Stage:
    """Return where an upload stands and what comes next."""
    run = desk().progress(upload.id, "run")
    to = {key: reverse(f"web:{name}", kwargs={"upload_id": upload.id}) for key, _t, name in _LINKED}
    if run is not None and run.state == "running":
        return Stage(now_("being imported"), "now", to["run"], now_("Watch"), "run")
    if run is not None and run.state in {"interrupted", "stopped", "failed"}:
        return Stage(now_("the import did not end"), "stop", to["run"], now_("Go on"), "run")
    rehearsal = desk().progress(upload.id, "rehearsal")
    if rehearsal is not None and rehearsal.state == "running":
        return Stage(now_("being previewed"), "now", to["preview"], now_("Watch"), "preview")
    if not upload.has_mapping:
        if all(file.confirmed for file in upload.files):
            words = now_("needs a mapping")
            return Stage(words, "plain", to["mapping"], now_("Choose a mapping"), "mapping")
        return Stage(now_("to be looked at"), "plain", to["files"], now_("Look"), "files")
    judged = desk().judge(upload.id)
    if judged.issues:
        count = len(judged.issues)
        words = ngettext("%(n)s problem in the mapping", "%(n)s problems in the mapping", count)
        return Stage(words % {"n": count}, "attention", to["mapping"], now_("Mend"), "mapping")
    return _after_mapping(upload, judged, to)


def _after_mapping(upload: Upload, judged: Judged, to: Mapping[str, str]) -> Stage:
    run = desk().progress(upload.id, "run")
    if run is not None and run.state == "done" and run.mapping_sha256 == judged.sha256:
        href = reverse("web:imports.run", kwargs={"seq": run.run_seq})
        return Stage(now_("imported"), "done", href, now_("See the reconciliation"), "reconcile")
    if desk().preview(upload.id) is None:
        return Stage(now_("to be previewed"), "plain", to["preview"], now_("Preview"), "preview")
    return Stage(now_("ready to be imported"), "now", to["preview"], now_("Go on"), "preview")


def steps(upload: Upload, here: str, found: Stage) -> list[Step]:
    """Return the steps of the flow, with links to those that can be opened."""
    order = [key for key, _title, _name in STEPS]
    reached = order.index(found.step)
    shown = []
    for place, (key, title, name) in enumerate(STEPS):
        href = reverse(f"web:{name}", kwargs={"upload_id": upload.id}) if name else ""
        if key == "reconcile" and found.step == "reconcile":
            href = found.href
        state = "here" if key == here else "done" if place < reached else "open"
        if place > reached and state != "here":
            state, href = "shut", ""
        shown.append(Step(str(title), state, href))
    return shown


def flow(
    request: HttpRequest,
    template: str,
    upload: Upload,
    here: str,
    context: Mapping[str, Any],
    *,
    error: DaytwoError | None = None,
    kept: str | None = None,
) -> HttpResponse:
    """Render one step of the flow; what was refused is told on it."""
    found = stage(upload)
    notice = failures.notice(error, kept=kept or now_("Nothing was changed.")) if error else None
    facts = {
        "upload": upload,
        "steps": steps(upload, here, found),
        "stage": found,
        "notice": notice,
    }
    status = failures.status_of(error) if error else 200
    status = 409 if isinstance(error, ConnectorError) else status
    return answers.page(request, f"imports/{template}", {**facts, **context}, status=status)


_LINKED = [step for step in STEPS if step[2]]
