"""Blind signatures, byte for byte: one published vector typed in, six of the RFC and its draft from file.

The typed one is the second in test_vectors.json of cfrg/draft-irtf-cfrg-blind-signatures (an RSA-2048 key, no
salt, the message as it is); of its long results the SHA-256 stand here.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from shigan.maths.blind import (
    PSS_RANDOMIZED,
    PSSZERO_DETERMINISTIC,
    VARIANTS,
    PrivateKey,
    PublicKey,
    Variant,
    blind_sign,
    blinded_by,
    finalize,
    verify,
)
from shigan.maths.blind.pss import encode

FILES = Path(__file__).resolve().parents[3] / "shared" / "data" / "rfc9474"
KEY = PrivateKey(
    int(
        "ca9d82e9059fa3b145da850e0c451ff31093d819644ba29a3409393de2adfa1bcd65e8669a5c5140142c1404204edbc3"
        "80d4e7a5c866c06bb2427c76b9e3d16bbfc1b1668dec219b8c59fee90b7baf557fc2feb13f2f4b30d8606d20b9928f4f"
        "588a3b34baa659b3bd1dd590c83e90e6251b5239fbbb73b12e90534a375e3f71",
        16,
    ),
    int(
        "c075694f69db6a07456e19eeace01b430f2d6cc6cd5495d569e242b6f5e8ded7df27e6aeea4db4e307554fb519b68279"
        "a58d9e2d25cee4b37668554eec2f2feb79246955a07bd526f02a6afedc7a3aff2b8953287fef2c4a02207ccb9f14e461"
        "2e9af3447dd3401728a8957871b759b6bbf22aa0e8271b82f32dd5a2d2550197",
        16,
    ),
)
MESSAGE = b"Test vector with deterministic padding"
INVERSE = int(
    "6e69972553327ee6240ce0de7146aea2243927cf9f7f52c0103367df79e3bafebfa61c2ffdc41ea397a38523654a1a80"
    "6f4eebcd5fe9a2592a463f1faa26c3601f83f29141eda488f14f7c0aa82faa025e37adbe77e02e575f72f7b9d0958829"
    "23476f2328dfaeb23b607d2f706c6c8ef6c2aee50ddb14e6d27e043e7dec8e5dede6844aa80b2206b6019350d37925bb"
    "8819653aa7a13bfb9cc3c95b53378f278903b5c06a10c0b3ce0aa028e9600f7b2733f0278565f9b88e9d92e039db7830"
    "0170d7bbd32ce2b89ad8944167839880e3a2aeba05bf00edc8032a63e6279bf42a131ccc9bb95b8693764b27665274fb"
    "673bdfb7d69b7957ee8b64a99efbeed9",
    16,
)
ENCODED = "d5d8190367289c543a3ee7dc8db2af335db248162388610cf021c9e4b944be07"
BLINDED = "2a676a3e62b92da77fe8dc29861d8653c241f11cb8abe7640e22e8d03fde59c9"
BLIND_SIGNATURE = "9eb00a1fb92f4719f3e56be050b0d713f23bbbc9f46eecd89aaf26acbc53f6be"
SIGNATURE = "12d64152068e3e4bd2bedc2f71c4bfa6a29c0c7deacf50f40a39fa658893434b"


@dataclass(frozen=True)
class Steps:
    """What comes out at every step of one signing, given the salt and the inverse of the blind."""

    encoded: bytes
    blinded: bytes
    blind_signature: bytes
    signature: bytes


def walk(key: PrivateKey, message: bytes, salt: bytes, inverse: int, variant: Variant) -> Steps:
    encoded = encode(message, key.public.bits - 1, salt)
    blinding = blinded_by(key.public, encoded, pow(inverse, -1, key.public.n))
    assert blinding.inverse == inverse
    answer = blind_sign(key, blinding.message)
    signature = finalize(key.public, message, answer, inverse, variant)
    return Steps(encoded, blinding.message, answer, signature)


def openssl(key: PublicKey, message: bytes, signature: bytes, salt_bytes: int) -> bool:
    public = rsa.RSAPublicNumbers(key.e, key.n).public_key()
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), salt_bytes)
    try:
        public.verify(signature, message, pss, hashes.SHA384())
    except InvalidSignature:
        return False
    return True


def vectors(name: str) -> list[dict[str, str]]:
    if not FILES.is_dir():
        pytest.skip("the vectors of RFC 9474 are not at ../shared/data/rfc9474")
    loaded: list[dict[str, str]] = json.loads((FILES / name).read_text())
    return loaded


def number(text: str) -> int:
    return int(text, 16)


def key_of(vector: dict[str, str]) -> PrivateKey:
    key = PrivateKey(number(vector["p"]), number(vector["q"]), number(vector["e"]))
    assert key.public.n == number(vector["n"])
    return key


def compare(vector: dict[str, str], message: bytes, variant: Variant) -> None:
    key, salt = key_of(vector), bytes.fromhex(vector["salt"])
    steps = walk(key, message, salt, number(vector["inv"]), variant)
    if "encoded_msg" in vector:  # one of the six does not tell it
        assert steps.encoded.hex() == vector["encoded_msg"]
    assert steps.blinded.hex() == vector["blinded_msg"]
    assert steps.blind_signature.hex() == vector["blind_sig"]
    assert steps.signature.hex() == vector["sig"]
    assert openssl(key.public, message, steps.signature, len(salt))
    assert not openssl(key.public, message + b"!", steps.signature, len(salt))


def test_the_typed_vector_comes_out_byte_for_byte_at_every_step() -> None:
    steps = walk(KEY, MESSAGE, b"", INVERSE, PSSZERO_DETERMINISTIC)
    found = (steps.encoded, steps.blinded, steps.blind_signature, steps.signature)
    assert [hashlib.sha256(step).hexdigest() for step in found] == [
        ENCODED,
        BLINDED,
        BLIND_SIGNATURE,
        SIGNATURE,
    ]
    assert verify(KEY.public, MESSAGE, steps.signature, PSSZERO_DETERMINISTIC)
    assert not verify(KEY.public, MESSAGE, steps.signature, PSS_RANDOMIZED)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_the_vectors_of_the_rfc_come_out_byte_for_byte(variant: Variant) -> None:
    (vector,) = (v for v in vectors("test_vectors_rfc9474.json") if v["name"] == variant.name)
    message = bytes.fromhex(vector["input_msg"])
    assert number(vector["sLen"]) == variant.salt_bytes
    assert bool(number(vector["is_randomized"])) == variant.randomized
    assert message == bytes.fromhex(vector["msg_prefix"] + vector["msg"])
    compare(vector, message, variant)


@pytest.mark.parametrize("index", [0, 1])
def test_the_vectors_of_the_draft_come_out_byte_for_byte(index: int) -> None:
    vector = vectors("draft_vectors.json")[index]
    salt_bytes = len(bytes.fromhex(vector["salt"]))
    (variant,) = (v for v in VARIANTS if v.salt_bytes == salt_bytes and not v.randomized)
    compare(vector, bytes.fromhex(vector["msg"]), variant)
