"""Key pair of an office: Ed25519, the private half in a file that only its owner reads."""

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
    """Return the path of the private key; no backup contains it."""
    return home / "bundle-key"


def public(home: Path) -> str:
    """Return the public key as others receive it, `ed25519:` and 64 hex digits.

    The first call creates the pair.
    """
    return f"{FORM}{_own(home).public_key().public_bytes_raw().hex()}"


def existing(home: Path) -> str | None:
    """Return the public key, None where the pair does not exist yet."""
    return public(home) if key_file(home).exists() else None


def sign(home: Path, content: bytes) -> str:
    """Return the signature of `content` with the office's key, in hex."""
    return _own(home).sign(content).hex()


def is_signed(key: str, signature: str, content: bytes) -> bool:
    """Tell whether `signature` is that of `content` under the public `key`."""
    try:
        _public(key).verify(bytes.fromhex(signature), content)
    except InvalidSignature:
        return False
    return True


def fingerprint(key: str) -> str:
    """Return the 32 hex digits of SHA-256 by which two people compare a public key."""
    return hashlib.sha256(_bytes(key)).hexdigest()[:32]


def read_key(text: str, *, place: str) -> str:
    """Return the public key in `text`, its one line that begins `ed25519:`.

    Raises InvalidError without one.
    """
    lines = [line.strip().lower() for line in text.splitlines() if line.strip().startswith(FORM)]
    try:
        (key,) = lines
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
    if not file.exists():  # of two processes at once the first creates it
        put_new(file, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii")))
    except ValueError:
        raise InvalidError("own-key-unreadable", place=file) from None
