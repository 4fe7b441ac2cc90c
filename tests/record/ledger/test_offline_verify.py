"""The offline verifier agrees with the house about canonical JSON, trees and signatures."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from daytwo.kernel import canonical as house
from daytwo.kernel.merkle import audit_path, root
from daytwo.record.ledger import offline_verify
from daytwo.record.ledger.offline_verify import _included, _signed, canonical, main

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=10,
)


@given(TREES)
def test_canonical_is_the_houses(tree):
    assert canonical(tree) == house.canonical(tree)


@pytest.mark.parametrize("tree", [1.0, [0.5], {"a": {"b": float("nan")}}])
def test_float_has_no_place_in_a_record(tree):
    with pytest.raises((TypeError, ValueError)):
        canonical(tree)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=8), min_size=1, max_size=20, unique=True), st.data())
def test_inclusion_is_the_houses(items, data):
    index = data.draw(st.integers(0, len(items) - 1))
    path = [part.hex() for part in audit_path(index, items)]
    proof, top = {"index": index, "size": len(items), "path": path}, root(items).hex()
    assert _included(items[index], proof, top)
    other = data.draw(st.integers(0, len(items) - 1))
    if other != index:
        assert not _included(items[other], proof, top)
    assert not _included(items[index], proof | {"index": len(items)}, top)
    assert not _included(items[index], proof | {"index": -1}, top)
    assert not _included(items[index], proof | {"path": [*path, "00" * 32]}, top)
    if path:
        assert not _included(items[index], proof | {"path": path[:-1]}, top)


def test_signature_by_another_key_does_not_hold():
    import base64

    key = Ed25519PrivateKey.generate()
    body = {"number": 1}
    signature = base64.b64encode(key.sign(canonical(body))).decode()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    assert _signed({"body": body, "signature": signature}, public)
    assert not _signed({"body": {"number": 2}, "signature": signature}, public)
    other = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    assert not _signed({"body": body, "signature": signature}, other)


def test_script_imports_nothing_but_the_library_and_cryptography():
    tree = ast.parse(Path(offline_verify.__file__).read_text(encoding="utf-8"))
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    import sys

    assert names - set(sys.stdlib_module_names) == {"cryptography"}


def test_main_prints_the_verdict(site, tmp_path, capsys):
    from daytwo.record.ledger.export import write_export
    from tests.record.ledger.notes import write_notes

    write_notes("one")
    folder = write_export("batch/B-1", site, tmp_path / "out")
    record, key = str(folder / "record.json"), str(folder / "public.key")
    assert main([record, key]) == main([record]) == 0
    assert capsys.readouterr().out.count("1 events, whole") == 2
    (folder / "record.json").write_text(Path(record).read_text().replace('"one"', '"two"'))
    assert main([record, key]) == 1
    assert capsys.readouterr().out == "version 1: the content does not match its hash\n"
