"""One-time codes of an authenticator (RFC 6238: SHA-1, six digits, thirty seconds)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

STEP = 30  # seconds a code stands for
DRIFT = 1  # steps a clock may be off, either way
DIGITS = 6


def new_secret() -> str:
    """Return a secret of 160 bits in base32, as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def is_secret(text: str) -> bool:
    """Tell whether `text` is a secret as `new_secret` makes them."""
    return re.fullmatch("[A-Z2-7]{32}", text) is not None


def code(secret: str, step: int) -> str:
    """Return the code of a step, the number of thirty-second spans since 1970."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, typed: str, at: dt.datetime, *, after: int | None) -> int | None:
    """Return the step whose code was typed, None for a wrong code and one used before.

    `after` is the last step that was used; each code is good once.
    """
    now = int(at.timestamp()) // STEP
    typed = "".join(typed.split())
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()):
            return step if after is None or step > after else None
    return None
