"""Signatures: RFC 8032 in its strict reading, whatever the library lets pass."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scenes.wire import signing
from scenes.wire.errors import FieldsInvalid
from tests.vectors.edwards import BASE, FIELD, NEUTRAL, ORDER, Signer, add, encode, spell, times, torsion_points
from tests.vectors.loose_signatures import small_order_heights

# RFC 8032, section 7.1, tests 1 to 3: private key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
]

SMALL_ORDER_KEYS = [spell(y, sign) for y in [*small_order_heights(), FIELD, FIELD + 1] for sign in (0, 1)]


@pytest.mark.parametrize(("private", "public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_hold(private: str, public: str, message: str, signature: str) -> None:
    assert signing.public_key_of(bytes.fromhex(private)).hex() == public
    assert signing.sign(bytes.fromhex(private), bytes.fromhex(message)).hex() == signature
    assert signing.verify(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))
    assert not signing.verify(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message) + b"\0")


@pytest.mark.parametrize(("private", "public", "message", "signature"), RFC_8032)
def test_the_vectors_own_arithmetic_agrees_with_rfc_8032(
    private: str, public: str, message: str, signature: str
) -> None:
    signer = Signer(bytes.fromhex(private))
    assert signer.public.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature


def test_fresh_private_keys_differ_and_sign() -> None:
    first, second = signing.generate_private_key(), signing.generate_private_key()
    assert first != second
    assert len(first) == len(second) == 32
    assert signing.verify(signing.public_key_of(first), signing.sign(first, b"act"), b"act")
    assert not signing.verify(signing.public_key_of(second), signing.sign(first, b"act"), b"act")


@pytest.mark.parametrize("public", SMALL_ORDER_KEYS, ids=bytes.hex)
def test_a_key_of_small_order_verifies_nothing_though_the_library_lets_it_pass(public: bytes) -> None:
    r = 5
    r_bytes = encode(times(r, BASE))
    signature = r_bytes + r.to_bytes(32, "little")
    passed = [message for message in map(_numbered, range(200)) if _library_takes(public, signature, message)]
    assert passed != []
    assert [message for message in passed if signing.verify(public, signature, message)] == []
    with pytest.raises(FieldsInvalid):
        signing.check_public_key(public)


@pytest.mark.parametrize("y", [FIELD + low for low in range(19)] + [2**255 - 1])
def test_a_key_that_is_not_canonical_is_refused(y: int) -> None:
    for sign in (0, 1):
        with pytest.raises(FieldsInvalid, match="public_key"):
            signing.check_public_key(spell(y, sign))


@pytest.mark.parametrize(
    "public", [b"", b"\x01" * 31, b"\x01" * 33, spell(2, 0)], ids=["empty", "short", "long", "off"]
)
def test_what_is_no_point_of_the_curve_is_no_key(public: bytes) -> None:
    assert not signing.verify(public, bytes(64), b"act")
    with pytest.raises(FieldsInvalid):
        signing.check_public_key(public)


def test_honest_keys_pass_the_check() -> None:
    for number in range(50):
        signing.check_public_key(signing.public_key_of(number.to_bytes(32, "big")))


def test_s_that_is_not_below_the_group_order_is_refused() -> None:
    signer = Signer(bytes(32))
    signature = signer.sign(b"act")
    s = int.from_bytes(signature[32:], "little")
    assert signing.verify(signer.public, signature, b"act")
    for multiple in range(1, 16):
        if s + multiple * ORDER < 2**256:
            raised = signature[:32] + (s + multiple * ORDER).to_bytes(32, "little")
            assert not signing.verify(signer.public, raised, b"act")


@pytest.mark.parametrize("r_bytes", [spell(FIELD + 1, 0), spell(1, 1), spell(FIELD + 1, 1)], ids=bytes.hex)
def test_an_r_that_is_not_canonical_is_refused(r_bytes: bytes) -> None:
    signer = Signer(bytes(32))
    assert signing.verify(signer.public, signer.sign_as(b"act", encode(NEUTRAL), 0), b"act")
    assert not signing.verify(signer.public, signer.sign_as(b"act", r_bytes, 0), b"act")


def test_a_signature_that_holds_only_with_cofactor_is_refused() -> None:
    signer = Signer(bytes(32))
    for torsion in torsion_points()[1:]:
        shifted = encode(add(times(7, BASE), torsion))
        assert not signing.verify(signer.public, signer.sign_as(b"act", shifted, 7), b"act")


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    signer = Signer(bytes(32))
    assert not signing.verify(signer.public, (signer.sign(b"act") * 2)[:length], b"act")


def _numbered(number: int) -> bytes:
    return number.to_bytes(2, "big")


def _library_takes(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
