"""Export: one record's history with its proof, checked by a script that needs nothing of ours."""

from __future__ import annotations

import base64
import copy
import json
import os
import subprocess
import sys
import venv
from importlib.metadata import files
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daytwo.kernel.canonical import canonical
from daytwo.kernel.errors import Unknown
from daytwo.record.ledger.checkpoint import make_checkpoint, public_text, read_stored
from daytwo.record.ledger.envelope import GENESIS, hash_of
from daytwo.record.ledger.export import export_stream, write_export
from daytwo.record.ledger.offline_verify import problems
from daytwo.record.ledger.reading import stream_events
from tests.record.ledger.notes import write_notes, write_streams

pytestmark = pytest.mark.requirement("R03")
ONLY = ("cryptography", "cffi")
"""What the machine of an inspector has, beside Python's own library."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    """Return the Python of an environment in which only `cryptography` is installed."""
    folder = tmp_path_factory.mktemp("bare")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    packages = next(folder.glob("lib/python*/site-packages"))
    for name in ONLY:
        for file in files(name) or ():
            top = Path(str(file)).parts[0]
            source = Path(str(file.locate())).parents[len(Path(str(file)).parts) - 1] / top
            if top != ".." and source.exists() and not (packages / top).exists():
                (packages / top).symlink_to(source)
    return folder / "bin" / "python"


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the exported verifier as the inspector would, isolated from this checkout."""
    return subprocess.run(
        [str(python), "-I", "verify_export.py", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_exported_record_verifies_where_only_cryptography_is_installed(site, bare, tmp_path):
    write_streams("A", "B", "C")
    folder = write_export("batch/B", site, tmp_path / "export")
    assert sorted(p.name for p in folder.iterdir()) == [
        "public.key",
        "record.json",
        "verify_export.py",
    ]
    without = subprocess.run(
        [str(bare), "-I", "-c", "import daytwo"], capture_output=True, check=False
    )
    assert without.returncode != 0, "the environment is not bare"
    done = run(bare, folder, "record.json", "public.key")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("batch/B: 4 events, whole; version 4 is in checkpoint 1 of 20")

    text = (folder / "record.json").read_text(encoding="utf-8")
    (folder / "record.json").write_text(text.replace("B says 2", "B says 5"), encoding="utf-8")
    done = run(bare, folder, "record.json", "public.key")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "version 2: the content does not match its hash\n"


@pytest.fixture
def good(site) -> dict:
    write_streams("A", "B", "C", events=3)
    write_notes('Zoë says "no"\u2028\U0001f48a', stream="batch/B")
    return json.loads(json.dumps(export_stream("batch/B", site)))


@pytest.fixture
def key(good, site) -> str:
    return (site / "checkpoints" / "public.key").read_text().strip()


def test_export_holds_the_whole_stream_and_a_checkpoint_of_its_head(good, key):
    assert problems(good, key) == problems(good) == []
    assert [e["version"] for e in good["events"]] == [1, 2, 3, 4]
    assert [e["hash"] for e in good["events"]] == [e.hash for e in stream_events("batch/B")]
    assert good["proof"]["version"] == 4
    assert good["checkpoint"]["body"] == read_stored()[-1].body


def rehash(export: dict) -> None:
    """Hash the events anew from the first on, as a careful forger does."""
    prev = GENESIS
    for event in export["events"]:
        event["prev_hash"] = prev
        body = {name: value for name, value in event.items() if name != "hash"}
        import hashlib

        prev = event["hash"] = hashlib.sha256(canonical(body)).hexdigest()


def forge(change):
    def forger(export: dict) -> None:
        change(export["events"])
        rehash(export)

    return forger


def plain(change):
    def tamperer(export: dict) -> None:
        change(export)

    return tamperer


def more(events: list) -> None:
    events.append(copy.deepcopy(events[-1]))
    events[-1]["version"] += 1
    events[-1]["payload"]["comment"] = "made up afterwards"


TAMPERED = {
    "payload changed": plain(lambda x: x["events"][1]["payload"].update(comment="fine")),
    "reason added": plain(lambda x: x["events"][1].update(reason="because")),
    "actor changed": plain(lambda x: x["events"][0].update(actor_name="Nobody")),
    "time changed": plain(
        lambda x: x["events"][0].update(recorded_at=x["events"][1]["recorded_at"])
    ),
    "hash changed": plain(lambda x: x["events"][3].update(hash="0" * 64)),
    "last event dropped": plain(lambda x: x["events"].pop()),
    "first event dropped": plain(lambda x: x["events"].pop(0)),
    "middle dropped": plain(lambda x: x["events"].pop(1)),
    "two swapped": plain(lambda x: x["events"].insert(1, x["events"].pop(2))),
    "one doubled": plain(lambda x: x["events"].insert(1, x["events"][1])),
    "all dropped": plain(lambda x: x["events"].clear()),
    "another stream's name": plain(lambda x: x.update(stream="batch/A")),
    "field added": plain(lambda x: x["events"][0].update(note="new")),
    "field removed": plain(lambda x: x["events"][0].pop("reason")),
    "payload changed, rehashed": forge(lambda e: e[1]["payload"].update(comment="fine")),
    "last dropped, rehashed": forge(lambda e: e.pop()),
    "middle dropped, renumbered, rehashed": forge(
        lambda e: (e.pop(1), [v.update(version=n) for n, v in enumerate(e, 1)])
    ),
    "one added at the end, rehashed": forge(more),
    "proof of an earlier version": plain(lambda x: x["proof"].update(version=3)),
    "proof of a later version": plain(lambda x: x["proof"].update(version=9)),
    "another place in the tree": plain(lambda x: x["proof"].update(index=0)),
    "another size of the tree": plain(lambda x: x["proof"].update(size=x["proof"]["size"] + 1)),
    "path cut": plain(lambda x: x["proof"]["path"].pop()),
    "path lengthened": plain(lambda x: x["proof"]["path"].append("00" * 32)),
    "path changed": plain(lambda x: x["proof"]["path"].__setitem__(0, "00" * 32)),
    "root changed": plain(lambda x: x["checkpoint"]["body"].update(root="00" * 32)),
    "time of the checkpoint changed": plain(
        lambda x: x["checkpoint"]["body"].update(made_at="2030-01-01T00:00:00.000000Z")
    ),
    "signature cut": plain(lambda x: x["checkpoint"].update(signature="")),
    "signature of nonsense": plain(lambda x: x["checkpoint"].update(signature="%%%")),
}


def test_every_tampered_export_is_found(good, key):
    for name, tamper in TAMPERED.items():
        export = copy.deepcopy(good)
        tamper(export)
        assert problems(export, key), name


def test_export_signed_anew_by_a_forger_is_found_by_the_published_key(good, key):
    """With the key inside the file alone, it shows to be whole; with the site's, to be forged."""
    forger = Ed25519PrivateKey.generate()
    forged = copy.deepcopy(good)
    forged["checkpoint"]["body"]["key"] = public_text(forger.public_key())
    signature = forger.sign(canonical(forged["checkpoint"]["body"]))
    forged["checkpoint"]["signature"] = base64.b64encode(signature).decode()
    assert problems(forged) == []
    assert problems(forged, key) == ["the checkpoint's signature does not hold"]


def test_verifier_says_no_to_files_that_are_no_export(good, tmp_path):
    from daytwo.record.ledger import offline_verify

    for text in ("", "[]", "{}", '{"events": 1}', json.dumps(good)[:-40]):
        path = tmp_path / "record.json"
        path.write_text(text)
        done = subprocess.run(
            [sys.executable, "-I", offline_verify.__file__, str(path)],
            capture_output=True,
            check=False,
        )
        assert done.returncode != 0, text[:20]


def test_export_makes_a_checkpoint_only_when_none_covers_the_head(site):
    write_notes("one")
    make_checkpoint(site)
    assert export_stream("batch/B-1", site)["checkpoint"]["body"]["number"] == 1
    write_notes("two")
    assert export_stream("batch/B-1", site)["checkpoint"]["body"]["number"] == 2
    assert len(read_stored()) == 2


def test_export_of_an_old_stream_uses_the_latest_checkpoint(site):
    write_notes("one")
    make_checkpoint(site)
    write_notes("two", stream="batch/B-2")
    make_checkpoint(site)
    export = export_stream("batch/B-1", site)
    assert export["checkpoint"]["body"]["number"] == 2
    assert problems(export) == []


def test_every_stream_of_a_record_exports_and_verifies(reviewed, site):
    from daytwo.record.ledger.sql import fetch_all

    make_checkpoint(site)
    for (stream,) in fetch_all("SELECT stream FROM ledger_stream"):
        export = json.loads(json.dumps(export_stream(stream, site)))
        assert problems(export) == [], stream


def test_copy_read_back_is_the_record(good):
    """Export, re-import: every value of the ledger's row comes out of the file again."""
    from daytwo.record.ledger.envelope import COLUMNS

    for event, stored in zip(good["events"], stream_events("batch/B"), strict=True):
        texts = {k: canonical(event[k]).decode() for k in ("payload", "origin")}
        row = tuple((event | texts)[name] for name in COLUMNS)
        assert row == stored.as_row()
        assert hash_of(row) == stored.hash


def test_unknown_record_cannot_be_exported(site):
    with pytest.raises(Unknown, match="no record batch/none"):
        export_stream("batch/none", site)
    assert read_stored() == []
