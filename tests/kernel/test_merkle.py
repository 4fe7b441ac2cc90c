"""The Merkle tree against RFC 6962's published vectors, its own definition, and forged proofs."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daytwo.kernel.merkle import (
    EMPTY_ROOT,
    audit_path,
    consistency_path,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# The reference tree of Certificate Transparency: eight leaves, the root at each size, the hash of
# each inner node, and the proofs published with them.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_HASHES = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
]
NODE_01, NODE_23, NODE_45, NODE_67, NODE_03, NODE_47 = (
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
AUDIT_PATHS = [
    (0, 1, []),
    (0, 8, [LEAF_HASHES[1], NODE_23, NODE_47]),
    (5, 8, [LEAF_HASHES[4], NODE_67, NODE_03]),
    (2, 3, [NODE_01]),
    (1, 5, [LEAF_HASHES[0], NODE_23, LEAF_HASHES[4]]),
]
CONSISTENCY_PATHS = [
    (1, 1, []),
    (1, 8, [LEAF_HASHES[1], NODE_23, NODE_47]),
    (6, 8, [NODE_45, NODE_67, NODE_03]),
    (2, 5, [NODE_23, LEAF_HASHES[4]]),
    (6, 7, [NODE_45, LEAF_HASHES[6], NODE_03]),
]
SIZES = range(34)  # past 32, so that every shape around a power of two is met
MANY = [bytes([index]) * index for index in range(max(SIZES))]


def by_definition(leaves):
    """Compute MTH as RFC 6962, 2.1 words it: split at the largest power of two below n."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = by_definition(leaves[:half]), by_definition(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(9))
def test_root_equals_the_published_vector(size):
    assert root(LEAVES[:size]).hex() == ROOTS[size]


def test_leaf_hash_equals_the_published_vector():
    assert [leaf_hash(leaf).hex() for leaf in LEAVES] == LEAF_HASHES


@pytest.mark.parametrize(("index", "size", "path"), AUDIT_PATHS)
def test_audit_path_equals_the_published_vector(index, size, path):
    made = audit_path(index, LEAVES[:size])
    assert [node.hex() for node in made] == path
    assert verify_inclusion(LEAVES[index], index, size, made, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("m", "n", "path"), CONSISTENCY_PATHS)
def test_consistency_path_equals_the_published_vector(m, n, path):
    made = consistency_path(m, LEAVES[:n])
    assert [node.hex() for node in made] == path
    old, new = bytes.fromhex(ROOTS[m]), bytes.fromhex(ROOTS[n])
    assert verify_consistency(m, n, old, new, made)


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_root_equals_the_definition(leaves):
    assert root(leaves) == by_definition(leaves)
    assert root(tuple(leaves)) == by_definition(leaves)


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_verifies_at_its_own_place_only(size):
    leaves = MANY[:size]
    whole = root(leaves)
    for index in range(size):
        path = audit_path(index, leaves)
        for other in range(-1, size + 1):
            assert verify_inclusion(leaves[index], other, size, path, whole) == (other == index)


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_fails_when_anything_is_forged(size):
    leaves = MANY[:size]
    whole = root(leaves)
    for index in range(size):
        path = audit_path(index, leaves)
        assert not verify_inclusion(leaves[index] + b"!", index, size, path, whole)
        assert not verify_inclusion(leaves[index], index, size, path, leaf_hash(whole))
        assert not verify_inclusion(leaves[index], index, size, [*path, whole], whole)
        assert not verify_inclusion(leaves[index], index, size, [whole, *path], whole)
        for step in range(len(path)):
            forged = [*path[:step], leaf_hash(path[step]), *path[step + 1 :]]
            assert not verify_inclusion(leaves[index], index, size, forged, whole)
            assert not verify_inclusion(
                leaves[index], index, size, path[:step] + path[step + 1 :], whole
            )


def test_inclusion_of_an_inner_node_as_a_leaf_fails():
    # Without the two prefixes, the pair of hashes below the root would pass as a leaf.
    pair = leaf_hash(b"a") + leaf_hash(b"b")
    assert not verify_inclusion(pair, 0, 1, [], root([b"a", b"b"]))


@pytest.mark.parametrize("junk", [[b""], [b"short"], [b"x" * 33]])
def test_proofs_with_nodes_that_are_no_hashes_fail(junk):
    assert not verify_inclusion(b"a", 0, 2, junk, root([b"a", b"b"]))
    assert not verify_consistency(1, 2, root([b"a"]), root([b"a", b"b"]), junk)


def test_proofs_of_a_larger_tree_fail_for_a_smaller_one():
    whole = root(LEAVES)
    path = audit_path(7, LEAVES)
    assert verify_inclusion(LEAVES[7], 7, 8, path, whole)
    for index, size in ((3, 4), (1, 2), (0, 1)):
        assert not verify_inclusion(LEAVES[7], index, size, path, whole)
    path = consistency_path(7, LEAVES)
    assert verify_consistency(7, 8, root(LEAVES[:7]), whole, path)
    assert not verify_consistency(3, 4, root(LEAVES[:7]), whole, path)


def test_proofs_of_a_smaller_tree_fail_for_a_larger_one():
    whole = root(LEAVES[:4])
    assert not verify_inclusion(LEAVES[3], 3, 8, audit_path(3, LEAVES[:4]), whole)
    path = consistency_path(3, LEAVES[:4])
    assert not verify_consistency(3, 8, root(LEAVES[:3]), whole, path)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_verifies_every_earlier_size(size):
    leaves = MANY[:size]
    for m in range(size + 1):
        path = consistency_path(m, leaves)
        assert verify_consistency(m, size, root(leaves[:m]), root(leaves), path)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_fails_when_the_past_was_changed(size):
    leaves = MANY[:size]
    for m in range(1, size + 1):
        changed = [*leaves[: m - 1], leaves[m - 1] + b"!", *leaves[m:]]
        path = consistency_path(m, changed)
        assert not verify_consistency(m, size, root(leaves[:m]), root(changed), path)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_fails_when_anything_is_forged(size):
    leaves = MANY[:size]
    whole = root(leaves)
    for m in range(1, size):
        old, path = root(leaves[:m]), consistency_path(m, leaves)
        assert not verify_consistency(m, size, leaf_hash(old), whole, path)
        assert not verify_consistency(m, size, old, leaf_hash(whole), path)
        assert not verify_consistency(m, size, old, whole, [*path, whole])
        assert not verify_consistency(m, size, old, whole, [])
        for step in range(len(path)):
            forged = [*path[:step], leaf_hash(path[step]), *path[step + 1 :]]
            assert not verify_consistency(m, size, old, whole, forged)
            assert not verify_consistency(m, size, old, whole, path[:step] + path[step + 1 :])


def test_consistency_of_an_empty_tree_needs_the_empty_root():
    whole = root(LEAVES)
    assert verify_consistency(0, 8, EMPTY_ROOT, whole, [])
    assert not verify_consistency(0, 8, whole, whole, [])
    assert not verify_consistency(0, 8, EMPTY_ROOT, whole, [whole])
    assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not verify_consistency(0, 0, EMPTY_ROOT, whole, [])


def test_consistency_of_a_tree_with_itself_needs_equal_roots():
    whole = root(LEAVES)
    assert verify_consistency(8, 8, whole, whole, [])
    assert not verify_consistency(8, 8, whole, leaf_hash(whole), [])
    assert not verify_consistency(8, 8, whole, whole, [whole])


@pytest.mark.parametrize(("m", "n"), [(-1, 8), (9, 8), (1, -1)])
def test_consistency_of_impossible_sizes_fails(m, n):
    assert not verify_consistency(m, n, EMPTY_ROOT, EMPTY_ROOT, [])


def test_consistency_of_a_larger_tree_with_a_smaller_one_fails():
    # Followed blindly, this path leads from its own first node to both roots.
    path = [leaf_hash(leaf) for leaf in LEAVES[:2]]
    assert not verify_consistency(3, 2, path[0], root(LEAVES[:2]), path)


@pytest.mark.parametrize("index", [-1, 8])
def test_audit_path_refuses_a_leaf_that_is_not_there(index):
    with pytest.raises(ValueError, match="no leaf"):
        audit_path(index, LEAVES)


@pytest.mark.parametrize("m", [-1, 9])
def test_consistency_path_refuses_an_earlier_tree_that_is_larger(m):
    with pytest.raises(ValueError, match="no earlier tree"):
        consistency_path(m, LEAVES)


def test_functions_leave_their_leaves_alone():
    leaves = list(LEAVES)
    root(leaves)
    audit_path(3, leaves)
    consistency_path(3, leaves)
    assert leaves == LEAVES


def test_cost_grows_with_the_number_of_leaves_only(monkeypatch):
    hashed = []
    sha256 = hashlib.sha256

    def counting(data=b""):
        hashed.append(len(data))
        return sha256(data)

    monkeypatch.setattr("daytwo.kernel.merkle.sha256", counting)
    leaves = [index.to_bytes(4, "big") for index in range(10_001)]
    for work in (
        lambda: root(leaves),
        lambda: audit_path(7_777, leaves),
        lambda: consistency_path(7_777, leaves),
    ):
        hashed.clear()
        work()
        assert len(hashed) < 2 * len(leaves)
