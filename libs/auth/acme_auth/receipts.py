"""Receipts of erasure: JSON that anybody can read, with a JWS (EdDSA, RFC 8037) that anybody can check."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from acme_config.settings import ReceiptSettings

ALGORITHM: Final = "EdDSA"
TYPE: Final = "acme-erasure-receipt+json"
Document = dict[str, Any]


class ReceiptInvalidError(Exception):
    """Says what is wrong with it."""


class ReceiptSigner:
    def __init__(self, settings: ReceiptSettings) -> None:
        self._settings = settings

    def sign(self, receipt: Mapping[str, object]) -> str:
        """A compact JWS; the same for the same receipt and key."""
        return jwt.api_jws.encode(
            _canonical(receipt), self._key, ALGORITHM, headers={"kid": self._kid, "typ": TYPE}
        )

    @cached_property
    def key_set(self) -> Document:
        """A JWK set (RFC 7517) of public keys: the one that signs first, then those before it."""
        own = _encoded(self._key.public_key().public_bytes_raw())
        return {"keys": [_as_jwk(x) for x in (own, *self._settings.retired_keys)]}

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(_decoded(self._settings.signing_key.get_secret_value()))

    @property
    def _kid(self) -> str:
        kid: str = self.key_set["keys"][0]["kid"]
        return kid


def verify_receipt(document: Mapping[str, object], key_set: Mapping[str, Any]) -> str:
    """The id of the key that signed it. Raises `ReceiptInvalidError`.

    What is signed must be what is shown: the readable part says nothing of its own.
    """
    signature, receipt = document.get("signature"), document.get("receipt")
    if not isinstance(signature, str) or not isinstance(receipt, dict):
        raise ReceiptInvalidError("it is no receipt: `receipt` and `signature` are missing")
    try:
        header = jwt.get_unverified_header(signature)
        kid = str(header.get("kid"))
        signed = jwt.api_jws.decode(signature, _public_key(key_set, kid), algorithms=[ALGORITHM])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise ReceiptInvalidError("the signature does not hold") from error
    if header.get("typ") != TYPE:
        raise ReceiptInvalidError("the signature is of something else")
    if signed != _canonical(receipt):
        raise ReceiptInvalidError("the receipt says something else than what was signed")
    return kid


def _public_key(key_set: Mapping[str, Any], kid: str) -> Ed25519PublicKey:
    for key in key_set.get("keys", ()):
        if key.get("kid") == kid and key.get("crv") == "Ed25519":
            return Ed25519PublicKey.from_public_bytes(_decoded(str(key.get("x"))))
    raise ReceiptInvalidError(f"the key {kid} is not the platform's")


def _canonical(receipt: Mapping[str, object]) -> bytes:
    """Of the same values the same bytes (RFC 8785, for text, whole numbers, lists and objects)."""
    return json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _as_jwk(x: str) -> Document:
    """Its id is its thumbprint (RFC 7638)."""
    required = {"crv": "Ed25519", "kty": "OKP", "x": x}
    kid = _encoded(hashlib.sha256(_canonical(required)).digest())
    return {**required, "kid": kid, "alg": ALGORITHM, "use": "sig"}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}")
