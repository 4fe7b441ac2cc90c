"""The Jinja2 environment of the pages: strict about names, translated, written for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from daytwo.doors.web.causes import cause
from daytwo.doors.web.formats import FILTERS
from daytwo.doors.web.labels import label, labelled
from daytwo.insight.kpis.calendar import at

if TYPE_CHECKING:
    from daytwo.record.release.rules import Blocker

_DIGEST = re.compile(r"[0-9a-f]{64}")


def url(name: str, *, query: dict[str, str] | None = None, **parts: object) -> str:
    """Return the address of a view of this door, named `<folder>.<function>`."""
    address = reverse(f"web:{name}", kwargs=parts or None)
    if query:
        address = f"{address}?{urlencode(query)}"
    return address


def blocker_href(blocker: Blocker, batch_id: str) -> str:
    """Return where a person can remove what blocks a batch."""
    kind, _slash, name = blocker.target.partition("/")
    if kind == "discrepancy":
        return url("batches.discrepancy", batch_id=batch_id, discrepancy_id=name)
    if kind == "deviation":
        return url("batches.deviation", batch_id=batch_id, deviation_id=name)
    if kind == "review":
        return url("release.review", batch_id=batch_id)
    return url("batches.batch", batch_id=batch_id)


def is_digest(text: str) -> bool:
    """Return whether a text is a SHA-256 in hexadecimal digits."""
    return _DIGEST.fullmatch(text) is not None


def environment(**options: Any) -> Environment:
    """Build the environment that Django's Jinja2 backend asks for.

    A name that no view gave is an error, not an empty cell: silence never passes.
    """
    options["undefined"] = StrictUndefined
    env = Environment(  # noqa: S701 -- the backend hands `autoescape=True` over in the options
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=gettext, ngettext=ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.policies["ext.i18n.trimmed"] = True
    env.tests["digest"] = is_digest
    env.globals.update(static=static, url=url)
    env.filters.update(
        FILTERS, label=label, labelled=labelled, blocker_href=blocker_href, cause=cause, instant=at
    )
    return env
