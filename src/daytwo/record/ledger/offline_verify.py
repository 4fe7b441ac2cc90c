"""Verify one exported record offline: needs Python, its standard library and `cryptography`.

Usage: python verify_export.py record.json [public.key]

The second argument is the site's public key as it was published; without it the key inside the
file is used, which shows that the file is whole, but not who made it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def canonical(value: object) -> bytes:
    """Return RFC 8785 JSON; a record holds no floats, so that sorting and spacing are all of it."""
    return json.dumps(
        _sorted(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _sorted(value: object) -> object:
    if isinstance(value, float):
        message = "a record holds no floats"
        raise TypeError(message)
    if isinstance(value, dict):
        return {k: _sorted(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be"))}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value


def problems(export: dict[str, Any], public_key: str = "") -> list[str]:
    """Return every reason why an export is not what was recorded; empty when it is whole."""
    found = []
    prev = "0" * 64
    hashes = {}
    for version, event in enumerate(export["events"], start=1):
        body = {key: value for key, value in event.items() if key != "hash"}
        if event["stream"] != export["stream"] or event["version"] != version:
            found.append(f"version {version}: missing, doubled, reordered or of another record")
        if event["prev_hash"] != prev:
            found.append(f"version {version}: does not continue the chain")
        if hashlib.sha256(canonical(body)).hexdigest() != event["hash"]:
            found.append(f"version {version}: the content does not match its hash")
        prev = hashes[version] = event["hash"]
    checkpoint, proof = export["checkpoint"], export["proof"]
    leaf = canonical([export["stream"], proof["version"], hashes.get(proof["version"], "")])
    if proof["version"] not in hashes:
        found.append(f"version {proof['version']}: missing, the checkpoint holds it")
    elif proof["version"] != version:
        found.append(f"version {proof['version'] + 1}: the checkpoint does not hold it")
    body = checkpoint["body"]
    if proof["size"] != body["streams"] or not _included(leaf, proof, body["root"]):
        found.append("the record is not in the checkpoint's tree")
    if not _signed(checkpoint, public_key or body["key"]):
        found.append("the checkpoint's signature does not hold")
    return found


def _included(leaf: bytes, proof: dict[str, Any], root: str) -> bool:
    """Check an RFC 6962 audit path (RFC 9162 §2.1.3.2)."""
    node, last = proof["index"], proof["size"] - 1
    if not 0 <= node <= last:
        return False
    value = hashlib.sha256(b"\x00" + leaf).digest()
    for step in (bytes.fromhex(part) for part in proof["path"]):
        if last == 0:
            return False
        if node % 2 or node == last:
            value = hashlib.sha256(b"\x01" + step + value).digest()
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + step).digest()
        node, last = node >> 1, last >> 1
    return last == 0 and value.hex() == root


def _signed(checkpoint: dict[str, Any], public_key: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        key.verify(base64.b64decode(checkpoint["signature"]), canonical(checkpoint["body"]))
    except (InvalidSignature, ValueError):
        return False
    return True


def main(arguments: list[str]) -> int:
    """Print what was found; return 0 when the export is whole."""
    export = json.loads(Path(arguments[0]).read_bytes())
    public_key = Path(arguments[1]).read_text().strip() if len(arguments) > 1 else ""
    found = problems(export, public_key)
    for problem in found:
        print(problem)
    if not found:
        body = export["checkpoint"]["body"]
        print(
            f"{export['stream']}: {len(export['events'])} events, whole;"
            f" version {export['proof']['version']} is in checkpoint {body['number']}"
            f" of {body['made_at']}"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
