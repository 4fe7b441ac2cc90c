"""Export one stream's history with its proof of inclusion in a signed checkpoint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from daytwo.kernel.errors import Unknown
from daytwo.kernel.merkle import audit_path
from daytwo.record.ledger import offline_verify
from daytwo.record.ledger.checkpoint import (
    Checkpoint,
    heads_of,
    leaves,
    make_checkpoint,
    public_text,
    read_stored,
    signing_key,
)
from daytwo.record.ledger.reading import stream_events

if TYPE_CHECKING:
    from daytwo.record.ledger.catalogue import Json


def export_stream(stream: str, directory: Path) -> dict[str, Json]:
    """Return a stream's events, a checkpoint that covers its last one, and the audit path.

    Args:
        stream: Such as `batch/B-0001`.
        directory: The data directory; a new checkpoint is made when none covers the head.

    Raises:
        Unknown: There is no such stream.
    """
    events = stream_events(stream)
    if not events:
        raise Unknown("ledger.stream_unknown", f"There is no record {stream}.", {"stream": stream})
    head = (events[-1].version, events[-1].hash)
    checkpoints = read_stored()
    heads = heads_of(checkpoints)
    if heads.get(stream) != head:
        make_checkpoint(directory)
        checkpoints = read_stored()
        heads = heads_of(checkpoints)
    checkpoint: Checkpoint = checkpoints[-1]
    index = sorted(heads).index(stream)
    version = heads[stream][0]
    return {
        "format": "daytwo-stream-1",
        "stream": stream,
        "events": [event.envelope() for event in stream_events(stream) if event.version <= version],
        "checkpoint": {"body": dict(checkpoint.body), "signature": checkpoint.signature},
        "proof": {
            "version": version,
            "index": index,
            "size": len(heads),
            "path": [part.hex() for part in audit_path(index, leaves(heads))],
        },
    }


def write_export(stream: str, directory: Path, target: Path) -> Path:
    """Write `record.json`, `public.key` and the offline verifier into a folder; return it."""
    content = export_stream(stream, directory)
    target.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (target / "record.json").write_text(text, encoding="utf-8")
    key = public_text(signing_key(directory).public_key())
    (target / "public.key").write_text(key + "\n", encoding="ascii")
    verifier = Path(offline_verify.__file__).read_text(encoding="utf-8")
    (target / "verify_export.py").write_text(verifier, encoding="utf-8")
    return target
