"""One-time codes of an authenticator (RFC 6238) and recovery codes, each accepted once."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING

import pyotp

from tasks.people.passwords import LETTERS

if TYPE_CHECKING:
    import datetime as dt

ISSUER = "duban"  # the name beside the login in an authenticator
RECOVERY_CODES = 10
DRIFT = 1  # steps of thirty seconds a clock may be off, either way


def new_secret() -> str:
    """Return a secret of 160 bits in base32, the form authenticators take."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Tell whether `text` is a secret as `new_secret` makes them."""
    return re.fullmatch("[A-Z2-7]{32}", text) is not None


def link(secret: str, login: str, issuer: str = ISSUER) -> str:
    """Return the `otpauth:` address by which an authenticator takes the secret of `login`."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def new_recovery_codes() -> tuple[str, ...]:
    """Return recovery codes of 59 bits, each good once where the authenticator is lost."""
    return tuple(
        "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        for _ in range(RECOVERY_CODES)
    )


def hashed(code: str) -> str:
    """Return the hash of a recovery code to store, however it is typed."""
    return hashlib.sha256("".join(re.findall("[a-z0-9]", code.lower())).encode()).hexdigest()


def step_of(secret: str, code: str, at: dt.datetime, *, after: int | None) -> int | None:
    """Return the step of `code`, None for a wrong code and one used before.

    A step is the number of thirty-second spans since 1970; `after` is the last one used.
    """
    totp = pyotp.TOTP(secret)
    now, digits = totp.timecode(at), "".join(code.split())
    for step in range(now - DRIFT, now + DRIFT + 1):
        if pyotp.utils.strings_equal(totp.generate_otp(step), digits):
            return step if after is None or step > after else None
    return None
