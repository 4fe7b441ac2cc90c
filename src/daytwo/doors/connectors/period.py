"""The period that an export tells of: days of the site, or instants."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click


def moment(text: str) -> str:
    """Return a day (in the site's zone) or an instant as canonical UTC text.

    Raises:
        click.ClickException: It is neither.
    """
    from django.conf import settings  # noqa: PLC0415 - after setup

    from daytwo.kernel.clock import stamp  # noqa: PLC0415

    if not text:
        return ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no ISO 8601 day or instant, such as 2024-05-31."
        raise click.ClickException(message) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(settings.SITE_TIME_ZONE))
    return stamp(found.astimezone(UTC))


def within(at: str, since: str, until: str) -> bool:
    """Tell whether a time lies in a period; all three canonical UTC text, empty for no bound."""
    return (not since or at >= since) and (not until or at < until)
