"""Merkle tree: one hash that commits to a list, and short proofs about what the list holds.

References:
    RFC 6962, 2.1 (tree, audit path, consistency proof); RFC 9162, 2.1.3.2 and 2.1.4.2 (the two
    verifications).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EMPTY_ROOT = sha256().digest()
"""Root of the tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf; its prefix keeps a leaf from passing as an inner node."""
    return sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root hash over raw leaf data, in time linear in the number of leaves."""
    return _fold([leaf_hash(data) for data in leaves])


def audit_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the sibling hashes that lead from one leaf to the root, lowest first.

    Args:
        index: Position of the leaf, from 0.
        leaves: Raw data of all leaves.

    Raises:
        ValueError: No leaf has this index.
    """
    if not 0 <= index < len(leaves):
        message = f"no leaf {index} in a tree of {len(leaves)}"
        raise ValueError(message)
    path: list[bytes] = []
    level = [leaf_hash(data) for data in leaves]
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        index >>= 1
        level = _parents(level)
    return path


def verify_inclusion(
    data: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether a tree of `size` leaves with this root has `data` as its leaf `index`."""
    if not 0 <= index < size:
        return False
    node, last, current = leaf_hash(data), size - 1, index
    for sibling in path:
        if last == 0:
            return False  # the path is longer than the tree is high
        if current & 1 or current == last:
            node = _parent(sibling, node)
            while not current & 1 and current:
                current, last = current >> 1, last >> 1
        else:
            node = _parent(node, sibling)
        current, last = current >> 1, last >> 1
    return last == 0 and node == root


def consistency_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes which prove that the first `m` leaves were the whole earlier tree.

    Args:
        m: Number of leaves of the earlier tree, 0 to the number of leaves.
        leaves: Raw data of all leaves of the later tree.

    Raises:
        ValueError: The earlier tree is larger than the later one.
    """
    if not 0 <= m <= len(leaves):
        message = f"no earlier tree of {m} in a tree of {len(leaves)}"
        raise ValueError(message)
    if m in {0, len(leaves)}:
        return []
    hashes = [leaf_hash(data) for data in leaves]
    path: list[bytes] = []
    is_old_root = True  # the subtree in view is the whole earlier tree, whose root is known
    while m != len(hashes):
        half = 1 << (len(hashes) - 1).bit_length() - 1
        if m <= half:
            path.append(_fold(hashes[half:]))
            hashes = hashes[:half]
        else:
            path.append(_fold(hashes[:half]))
            hashes, m, is_old_root = hashes[half:], m - half, False
    if not is_old_root:
        path.append(_fold(hashes))
    return path[::-1]


def verify_consistency(
    m: int, n: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Tell whether the tree of `n` leaves only added leaves to the tree of `m` leaves.

    Every tree only adds to an empty one, so `m` = 0 takes the empty root and no path.
    """
    if not 0 <= m <= n:
        return False
    if m in {0, n}:
        return not path and (m > 0 or old_root == EMPTY_ROOT) and (m < n or old_root == new_root)
    # A complete earlier tree is itself a node of the later one: the proof leaves it out.
    nodes = [old_root, *path] if m & (m - 1) == 0 else list(path)
    if len(nodes) < 2:  # noqa: PLR2004 - a larger tree has at least one hash beside the old one
        return False
    current, last = m - 1, n - 1
    while current & 1:
        current, last = current >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False  # the path is longer than the tree is high
        if current & 1 or current == last:
            old, new = _parent(node, old), _parent(node, new)
            while not current & 1 and current:
                current, last = current >> 1, last >> 1
        else:
            new = _parent(new, node)
        current, last = current >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _parent(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _parents(level: list[bytes]) -> list[bytes]:
    """Pair neighbours; an odd last node moves up as it is, which is RFC 6962's split."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    if len(level) & 1:
        above.append(level[-1])
    return above


def _fold(level: list[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    while len(level) > 1:
        level = _parents(level)
    return level[0] if level else EMPTY_ROOT
