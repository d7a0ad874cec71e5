"""Merkle tree: the vectors of transparency-dev/merkle (Apache-2.0), exhaustive small trees, an oracle."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.maths.merkle import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "merkle"
SIZES = range(1, 65)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % i) for i in range(count)]


def plain_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 9162 section 2.1.1, word by word."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node_hash(plain_root(hashes[:k]), plain_root(hashes[k:]))


def vectors(kind: str) -> list[dict[str, object]]:
    if not VECTORS.is_dir():
        pytest.skip("the vectors of transparency-dev/merkle are not at ../shared/data/merkle")
    return [json.loads(path.read_text()) for path in sorted((VECTORS / kind).rglob("*.json"))]


def raw(text: object) -> bytes:
    return base64.b64decode(str(text)) if text else b""


def proof_of(vector: dict[str, object]) -> list[bytes]:
    proof = vector["proof"]
    return [raw(step) for step in proof] if isinstance(proof, list) else []


def number(value: object) -> int:
    assert isinstance(value, int)
    return value


def test_every_published_inclusion_vector_is_judged_as_published() -> None:
    cases = vectors("inclusion")
    assert len(cases) == 98
    for v in cases:
        got = verify_inclusion(
            raw(v["leafHash"]), number(v["leafIdx"]), number(v["treeSize"]), proof_of(v), raw(v["root"])
        )
        assert got is not v["wantErr"], v


def test_every_published_consistency_vector_is_judged_as_published() -> None:
    cases = vectors("consistency")
    assert len(cases) == 98
    for v in cases:
        got = verify_consistency(
            number(v["size1"]), number(v["size2"]), raw(v["root1"]), raw(v["root2"]), proof_of(v)
        )
        assert got is not v["wantErr"], v


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Tree().root() == Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_root_of_every_past_size_follows_the_definition() -> None:
    hashes = leaves(64)
    tree = Tree(hashes)
    for size in SIZES:
        assert tree.root(size) == plain_root(hashes[:size])


def test_every_inclusion_proof_up_to_64_leaves_verifies_only_in_its_place() -> None:
    tree = Tree(leaves(64))
    for size in SIZES:
        root = tree.root(size)
        for index in range(size):
            proof = tree.inclusion_proof(index, size)
            assert verify_inclusion(tree.leaf(index), index, size, proof, root)
            assert not verify_inclusion(tree.leaf(index), index ^ 1, size, proof, root) or size == 1
            assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)


def test_every_consistency_proof_up_to_64_leaves_verifies_only_for_its_roots() -> None:
    tree = Tree(leaves(64))
    for new in SIZES:
        for old in range(1, new + 1):
            proof = tree.consistency_proof(old, new)
            assert verify_consistency(old, new, tree.root(old), tree.root(new), proof)
            assert not verify_consistency(old, new, EMPTY_ROOT, tree.root(new), proof)
            assert not verify_consistency(old, new, tree.root(old), EMPTY_ROOT, proof)


def test_a_frontier_goes_on_where_it_was_stored() -> None:
    hashes = leaves(64)
    tree, edge = Tree(hashes), Frontier()
    for size, leaf in enumerate(hashes, 1):
        assert edge.append(leaf) == size - 1
        edge = Frontier(edge.size, edge.hashes)
        assert (edge.size, edge.root()) == (size, tree.root(size))
        assert tree.frontier(size).hashes == edge.hashes


def test_a_frontier_with_a_lost_hash_is_refused() -> None:
    edge = Tree(leaves(7)).frontier()
    with pytest.raises(ValueError, match="right edge"):
        Frontier(7, edge.hashes[1:])


def test_hashes_that_are_not_32_bytes_are_refused() -> None:
    root = Tree(leaves(2)).root()
    for bad in (b"", root[:-1], root + b"\0"):
        with pytest.raises(ValueError, match="32 bytes"):
            Tree().append(bad)
        with pytest.raises(ValueError, match="32 bytes"):
            Frontier().append(bad)
        assert not verify_inclusion(bad, 0, 1, [], bad)
        assert not verify_consistency(1, 2, bad, root, [root])
        assert not verify_consistency(1, 2, root, bad, [root])


def test_proofs_outside_the_tree_are_not_made() -> None:
    tree = Tree(leaves(3))
    for index, size in ((3, 3), (-1, 3), (0, 0), (0, 4)):
        with pytest.raises(ValueError):
            tree.inclusion_proof(index, size)
    for old, new in ((0, 3), (3, 2), (1, 4)):
        with pytest.raises(ValueError):
            tree.consistency_proof(old, new)


def test_a_proof_is_as_long_as_the_tree_is_high() -> None:
    size = (1 << 14) - 1
    tree = Tree([leaf_hash(b"")] * size)
    assert max(len(tree.inclusion_proof(i, size)) for i in (0, size // 2, size - 1)) == 14
    assert len(tree.frontier().hashes) == 14


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_bit_anywhere_in_a_proof_is_found(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 200))
    tree = Tree(leaves(size))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    bit = data.draw(st.integers(0, 255))
    path, chain = tree.inclusion_proof(index), tree.consistency_proof(old)

    def spoil(proof: list[bytes]) -> list[bytes]:
        at = data.draw(st.integers(0, len(proof) - 1))
        step = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
        return [*proof[:at], step, *proof[at + 1 :]]

    assert not verify_inclusion(tree.leaf(index), index, size, spoil(path), tree.root())
    assert not verify_consistency(old, size, tree.root(old), tree.root(), spoil(chain))
    assert not verify_inclusion(tree.leaf(index), index, size, path[:-1], tree.root())
    assert not verify_consistency(old, size, tree.root(old), tree.root(), chain + chain[-1:])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=300), st.data())
def test_roots_agree_with_pymerkle(entries: list[bytes], data: st.DataObject) -> None:
    pymerkle = pytest.importorskip("pymerkle")
    oracle = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in entries:
        oracle.append_entry(entry)
    tree = Tree(map(leaf_hash, entries))
    size = data.draw(st.integers(0, len(entries)))
    assert tree.root(size) == oracle.get_root(size)
