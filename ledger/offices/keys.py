"""The key pair of an office: the private half in a file of its home that nobody else reads."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from catalog.errors import InvalidError
from ledger.store.put_once import put_new

if TYPE_CHECKING:
    from pathlib import Path

FORM = "ed25519:"


def key_file(home: Path) -> Path:
    """Return where the private key is kept; no backup holds it."""
    return home / "bundle-key"


def public(home: Path) -> str:
    """Return the public key as others are given it, `ed25519:` and 64 hex digits.

    The pair is made when it is first asked for.
    """
    return f"{FORM}{_own(home).public_key().public_bytes_raw().hex()}"


def known(home: Path) -> str | None:
    """Return the public key, None where none was asked for yet."""
    return public(home) if key_file(home).exists() else None


def sign(home: Path, content: bytes) -> str:
    """Return the signature of `content` with the office's key, in hex."""
    return _own(home).sign(content).hex()


def is_signed(key: str, signature: str, content: bytes) -> bool:
    """Tell whether `signature` is that of `content` by the holder of the public `key`."""
    try:
        _public(key).verify(bytes.fromhex(signature), content)
    except InvalidSignature:
        return False
    return True


def fingerprint(key: str) -> str:
    """Return what two people compare to know a public key: 32 hex digits of its SHA-256."""
    return hashlib.sha256(_bytes(key)).hexdigest()[:32]


def read_key(text: str, *, place: str) -> str:
    """Return the public key in `text`, a line that begins `ed25519:`; InvalidError without one."""
    found = [line.strip().lower() for line in text.splitlines() if line.strip().startswith(FORM)]
    try:
        (key,) = found
        _public(key)
    except ValueError:
        raise InvalidError("key-unreadable", place=place) from None
    return key


def _bytes(key: str) -> bytes:
    return bytes.fromhex(key.removeprefix(FORM))


def _public(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_bytes(key))


def _own(home: Path) -> Ed25519PrivateKey:
    file = key_file(home)
    if not file.exists():  # where two make it at once, the first counts
        put_new(file, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii")))
    except ValueError:
        raise InvalidError("own-key-unreadable", place=file) from None
