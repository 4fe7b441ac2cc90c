"""Checkpoints: every head in one tree, the root signed, the one before named."""

from __future__ import annotations

import base64
import stat
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from daytwo.kernel.canonical import canonical, digest
from daytwo.kernel.merkle import audit_path, root, verify_inclusion
from daytwo.record.ledger.checkpoint import (
    Checkpoint,
    heads_of,
    latest,
    leaf,
    leaves,
    make_checkpoint,
    public_text,
    read_stored,
    signature_holds,
    signing_key,
)
from daytwo.record.ledger.sql import fetch_all
from daytwo.record.ledger.verify import verify
from tests.record.ledger.crowd import at_once
from tests.record.ledger.notes import write_notes, write_streams

if TYPE_CHECKING:
    from pathlib import Path


def live_heads() -> dict[str, tuple[int, str]]:
    rows = fetch_all("SELECT stream, version, hash FROM ledger_stream")
    return {stream: (version, hash_) for stream, version, hash_ in rows}


def test_checkpoint_holds_every_head_and_is_signed(site):
    write_streams("A", "B")
    made = make_checkpoint(site)
    assert made.number == 1
    assert heads_of([made]) == live_heads()
    assert made.body["streams"] == len(live_heads())
    assert made.body["root"] == root(leaves(live_heads())).hex()
    assert made.body["last_seq"] == fetch_all("SELECT MAX(seq) FROM ledger_event")[0][0]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(made.body["key"]))
    key.verify(base64.b64decode(made.signature), canonical(made.body))


def test_checkpoint_is_stored_and_exported_alike(site):
    made = make_checkpoint(site)
    assert read_stored() == [made]
    assert (site / "checkpoints" / "000001.json").read_bytes() == made.as_file()
    published = (site / "checkpoints" / "public.key").read_text().strip()
    assert published == made.body["key"] == public_text(signing_key(site).public_key())
    assert not list((site / "checkpoints").glob("*.part"))


def test_each_checkpoint_names_the_one_before_and_only_what_changed(site):
    write_streams("A", "B")
    made = [make_checkpoint(site)]
    write_notes("more", stream="batch/A")
    made.append(make_checkpoint(site))
    made.append(make_checkpoint(site))
    assert [c.number for c in made] == [1, 2, 3]
    assert made[0].body["previous"] is None
    for before, after in pairwise(made):
        assert after.body["previous"] == digest(before.body)
    assert [stream for stream, _, _ in made[1].body["changed"]] == ["batch/A"]
    assert made[2].body["changed"] == []
    assert heads_of(made) == live_heads()
    assert made[2].body["root"] == made[1].body["root"] != made[0].body["root"]


def test_every_stream_is_included_and_no_other_head_is(site):
    write_streams("A", "B", "C")
    made = make_checkpoint(site)
    heads = heads_of([made])
    all_leaves, size = leaves(heads), len(heads)
    top = bytes.fromhex(made.body["root"])
    for index, stream in enumerate(sorted(heads)):
        path = audit_path(index, all_leaves)
        assert verify_inclusion(leaf(stream, heads[stream]), index, size, path, top)
        version, hash_ = heads[stream]
        for other in ((version + 1, hash_), (version, hash_[::-1])):
            assert not verify_inclusion(leaf(stream, other), index, size, path, top)


def test_signature_holds_for_its_body_and_key_alone(site):
    made = make_checkpoint(site)
    key = made.body["key"]
    assert signature_holds(made, key)
    assert not signature_holds(Checkpoint(dict(made.body) | {"streams": 0}, made.signature), key)
    other = public_text(Ed25519PrivateKey.generate().public_key())
    assert not signature_holds(made, other)
    for nonsense in ("", "AAAA", "not base64", made.signature[:-4]):
        assert not signature_holds(Checkpoint(made.body, nonsense), key)
        assert not signature_holds(made, nonsense)


def test_key_is_made_once_and_is_its_owners_alone(site):
    first = signing_key(site)
    path = site / "keys" / "checkpoint.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public_text(signing_key(site).public_key()) == public_text(first.public_key())
    path.unlink()
    assert public_text(signing_key(site).public_key()) != public_text(first.public_key())


def test_checkpoint_of_an_empty_row_of_changes_still_has_a_root(site):
    make_checkpoint(site)
    assert make_checkpoint(site).body["root"] == read_stored()[0].body["root"]


def exported(site) -> list[Path]:
    return sorted((site / "checkpoints").glob("*.json"))


def test_file_that_could_not_be_exported_is_written_with_the_next(site):
    made = [make_checkpoint(site), make_checkpoint(site)]
    exported(site)[0].unlink()
    made.append(make_checkpoint(site))
    assert [path.read_bytes() for path in exported(site)] == [c.as_file() for c in made]


def test_exported_file_is_never_overwritten(site):
    make_checkpoint(site)
    exported(site)[0].write_bytes(b"doctored")
    make_checkpoint(site)
    assert exported(site)[0].read_bytes() == b"doctored"


def test_checkpoints_made_at_once_stand_in_one_row(site):
    made = at_once([lambda: make_checkpoint(site)] * 4)
    assert [outcome for outcome in made if isinstance(outcome, Exception)] == []
    assert sorted(c.number for c in made) == [1, 2, 3, 4]
    assert [path.read_bytes() for path in exported(site)] == [c.as_file() for c in read_stored()]
    assert verify(site).ok


@pytest.mark.requirement("R10")
def test_time_of_a_checkpoint_is_the_servers(site):
    before = write_notes("one").events[0].recorded_text
    made = make_checkpoint(site)
    after = write_notes("two").events[0].recorded_text
    assert before <= made.body["made_at"] <= after


def test_latest_is_the_last_one_made(site):
    assert latest() is None
    make_checkpoint(site)
    made = make_checkpoint(site)
    assert latest() == made == read_stored()[-1]
