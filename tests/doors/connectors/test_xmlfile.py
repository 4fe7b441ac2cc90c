"""XML is read as a stream; what would expand, reach out or exhaust is refused with its line."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from daytwo.doors.connectors import xmlfile
from daytwo.doors.connectors.formats import Misfit
from daytwo.doors.connectors.xmlfile import End, Start, read_xml


def read(text: str | bytes) -> list[Start | End]:
    return [*read_xml(io.BytesIO(text.encode() if isinstance(text, str) else text))]


def refused(text: str | bytes) -> str:
    with pytest.raises(Misfit) as error:
        read(text)
    return str(error.value)


def test_elements_come_with_namespace_attributes_text_and_line() -> None:
    text = '<a xmlns="urn:x" xmlns:y="urn:y">\n<b c="1" y:d="2">t&amp;u<!-- no --> v</b>\n</a>'
    assert read(text) == [
        Start("urn:x", "a", {}, 1),
        Start("urn:x", "b", {"c": "1", "{urn:y}d": "2"}, 2),
        End("urn:x", "b", "t&u v", 2),
        End("urn:x", "a", "", 3),
    ]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
        f'<!DOCTYPE a [<!ENTITY l9 "{"x" * 100_000}">]>',
        '<!DOCTYPE a [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY % l9 SYSTEM "http://127.0.0.1:9/x"> %l9;]>',
        '<!DOCTYPE a SYSTEM "a.dtd">',
        "<!DOCTYPE a>",
    ],
    ids=["billion-laughs", "quadratic", "external", "parameter", "subset", "plain"],
)
def test_document_type_is_refused_before_anything_expands(doctype: str) -> None:
    text = f"<?xml version='1.0'?>\n{doctype}\n<a>{'&l9;' * 1000}</a>"
    tracemalloc.start()
    assert "line 2: has a document type declaration" in refused(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<a>\n<b></a>", "line 2: is not well-formed XML: mismatched tag"),
        ("<a>\n<b>", "is the file cut off?"),
        ("<a><b", "is the file cut off?"),
        ("", "no element found"),
        ("<a/><b/>", "junk after document element"),
        ("<a>&nbsp;</a>", "undefined entity"),
        ("<?xml version='1.0' encoding='klingon'?><a/>", "encoding"),
        ("<a>Überzug</a>".encode("cp1252"), "line 1: is not well-formed XML"),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>", "encoding"),
        ("<a>" * 300, "line 1: more than 200 elements inside each other"),
    ],
)
def test_broken_xml_is_refused_with_its_line(text: str | bytes, why: str) -> None:
    assert why in refused(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "cp1252"])
def test_declared_encoding_is_followed(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><a>Überzug</a>"
    assert read(text.encode(encoding))[-1] == End("", "a", "Überzug", 1)


def test_overlong_text_and_tag_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlfile, "LONGEST", 1000)
    monkeypatch.setattr(xmlfile, "LARGEST", 100_000)
    assert len(read(f"<a>{'x' * 1000}</a>")) == 2
    assert "a text is longer than" in refused(f"<a>{'x' * 1001}</a>")
    assert "a tag is larger than" in refused(f"<a b='{'x' * 500_000}'/>")
    assert "a tag is larger than" in refused(f"<a><!--{'x' * 500_000}--></a>")
