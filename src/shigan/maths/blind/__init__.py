"""Blind RSA signatures after RFC 9474 (RSABSSA): a signer signs what it neither sees nor recognizes later.

The four steps, and who takes them:

    holder    message = prepare(text)                    blinding = blind(public, message)
    signer    blind_signature = blind_sign(private, blinding.message)
    holder    signature = finalize(public, message, blind_signature, blinding.inverse)
    anyone    verify(public, message, signature)

Blindness does not rest on any computation being hard: the blinded message is uniform whatever is inside, so
nobody can ever tell which of the signatures belongs to which of the signings, not even with the private key.
What the signer can see is when it was asked, and by whom.

Everything here is the standard library alone, so that an outsider can check with nothing but Python. A key is
for one purpose, one variant only (RFC 9474, 6.2); the signer cannot look into the message, so whatever must
hold of every signature (this vote, this class) has to be said by the key, never by the message.

What plain Python cannot promise: its whole numbers take longer or shorter with their values, and stay in
memory until overwritten by chance. `signer` says what is done about the first; nothing is done about the
second. Nor does RSA withstand quantum computers: one that comes later could forge, but unmask nobody.
"""

from shigan.maths.blind.keys import BadKey, PrivateKey, PublicKey
from shigan.maths.blind.scheme import (
    PSS_DETERMINISTIC,
    PSS_RANDOMIZED,
    PSSZERO_DETERMINISTIC,
    PSSZERO_RANDOMIZED,
    VARIANTS,
    BadSignature,
    Blinding,
    Variant,
    blind,
    blinded_by,
    finalize,
    prepare,
    verify,
)
from shigan.maths.blind.signer import BadBlinded, SigningFailure, blind_sign

__all__ = [
    "PSSZERO_DETERMINISTIC",
    "PSSZERO_RANDOMIZED",
    "PSS_DETERMINISTIC",
    "PSS_RANDOMIZED",
    "VARIANTS",
    "BadBlinded",
    "BadKey",
    "BadSignature",
    "Blinding",
    "PrivateKey",
    "PublicKey",
    "SigningFailure",
    "Variant",
    "blind",
    "blind_sign",
    "blinded_by",
    "finalize",
    "prepare",
    "verify",
]
