"""The templates' environment: strict, escaped, translated."""

from __future__ import annotations

import re

import pytest
from django.template import engines
from django.utils import translation
from jinja2 import UndefinedError

from daytwo.doors.web.environment import blocker_href, is_digest, url
from daytwo.record.release.rules import Blocker

ENV = next(iter(engines.all())).env


def test_name_that_no_view_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        ENV.from_string("{{ forgotten }}").render()


def test_text_is_escaped() -> None:
    assert ENV.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    assert ENV.from_string('{{ _("n %(n)s", n=x) }}').render(x="<b>") == "n &lt;b&gt;"


@pytest.mark.parametrize("name", ENV.list_templates(extensions=["html"]))
def test_every_template_compiles(name: str) -> None:
    ENV.get_template(name)


def test_texts_of_templates_go_through_gettext(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that is only marks shows what was said without being translatable."""
    ENV.install_gettext_callables(
        gettext=lambda text: f"«{text}»",
        ngettext=lambda one, many, n: f"«{one if n == 1 else many}»",
        newstyle=True,
    )
    try:
        from datetime import UTC, datetime

        page = ENV.get_template("shell/failure.html")
        context = {
            "title": "T",
            "status": 404,
            "language": "en",
            "visitor": None,
            "rail": [],
            "shown_at": datetime(2026, 1, 1, tzinfo=UTC),
            "idle_seconds": 1,
        }
        from daytwo.doors.web.failures import Notice

        text = page.render(**context, notice=Notice("happened", "kept", "todo", code="c"))
        assert "«Skip to the content»" in text
        assert "«To the start»" in text
    finally:
        ENV.install_gettext_callables(
            gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
        )


NAMES = {"daytwo", "CSV", "SHA", "YAML", "YYYY", "Parquet", "min"}
"""Words that are names in every language."""


@pytest.mark.parametrize("name", ENV.list_templates(extensions=["html"]))
def test_no_text_for_people_stands_outside_gettext(name: str) -> None:
    """What is left of a template without its expressions, tags and names has no word in it."""
    source = ENV.loader.get_source(ENV, name)[0]
    source = re.sub(r"{% block (width|body_class) %}.*?{% endblock %}", "", source)
    for pattern in (r"{#.*?#}", r"{%.*?%}", r"{{.*?}}"):
        source = re.sub(pattern, "", source, flags=re.DOTALL)
    source = re.sub(r" hx-[a-z]+=(\"[^\"]*\"|'[^']*')", "", source)
    source = re.sub(r' aria-(?!label)[a-z]+="[^"]*"', "", source)
    spoken = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', source)
    spoken.append(re.sub(r"<[^>]*>", " ", source))
    words = {word for text in spoken for word in re.findall(r"[A-Za-z]{3,}", text)}
    assert words <= NAMES


def test_address_of_a_view_with_a_query() -> None:
    assert url("masters.draft", query={"of": "M 1"}) == "/masters/draft/?of=M+1"


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("discrepancy/B-1/2", "/batches/B-1/exceptions/B-1~2F2/"),
        ("deviation/D-1", "/batches/B-1/deviations/D-1/"),
        ("review/B-1", "/release/B-1/"),
        ("batch/B-1", "/batches/B-1/"),
    ],
)
def test_blocker_leads_to_where_it_is_removed(target: str, where: str) -> None:
    assert blocker_href(Blocker("x", "says", target), "B-1") == where


def test_digest_is_told_from_any_other_text() -> None:
    assert is_digest("0f" * 32)
    assert not is_digest("0F" * 32)
    assert not is_digest("0f" * 31)
