"""Limits on tries: so many at once, and one more with every span of time.

A try counts under several names at once. Nobody's tries under one name slow another name down, so
wrong passwords from elsewhere keep no person out (docs/sign-in.md, Failed sign-ins).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from catalog.errors import DubanError
from ledger.people import signin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.session import Ledger, Transaction

SUBSCRIBER = 64  # bits of an IPv6 address that one subscriber has for themself
MINUTE = dt.timedelta(minutes=1)


class RefusedError(DubanError):
    """Nobody was signed in; the text never says whether it was the name or the password."""

    exit_code: ClassVar[int] = 5


class Limit(NamedTuple):
    """So many tries at once; each is forgotten after `each`, one after the other."""

    free: int
    each: dt.timedelta


# `here`: one login from one address. `login`: one login from unfamiliar places together.
# `code`, `codes`: the same two for one-time codes. `browser`: one login in a browser it knows.
# `trip`: trips to the provider from an address. `setup`, `setups`: the code of an empty home, from
# one address and from all together.
LIMITS = {
    "here": Limit(5, 5 * MINUTE),
    "browser": Limit(5, 5 * MINUTE),
    "address": Limit(100, MINUTE),
    "login": Limit(100, MINUTE),
    "code": Limit(5, 5 * MINUTE),
    "codes": Limit(20, 30 * MINUTE),
    "trip": Limit(50, MINUTE),
    "setup": Limit(5, 5 * MINUTE),
    "setups": Limit(50, MINUTE),
}


def name(kind: str, *parts: str) -> str:
    """Return the name under which tries of this kind count; it holds no login and no address."""
    return f"{kind}:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()}"


def network(address: str) -> str:
    """Return what counts as one address: that of IPv4, the network of a subscriber of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ip_network((parsed.packed, SUBSCRIBER), strict=False))
    return address


@contextmanager
def counted(ledger: Ledger, names: Sequence[str], at: dt.datetime) -> Iterator[None]:
    """Count a try under all `names`; RefusedError while one of them has to wait.

    The try is counted before the password is checked, so that many at once count as many, and
    stays counted when the block raises RefusedError. A success takes it back, and under the first
    of the names, the narrowest, all tries.
    """
    with ledger.transaction() as tx:
        count(tx, names, at)
    yield
    with ledger.transaction() as tx:
        forgive(tx, names[:1], at)
        _add(tx, names[1:], at, -1)


def count(tx: Transaction, names: Sequence[str], at: dt.datetime) -> None:
    """Count a try under all `names`; RefusedError while one of them has to wait."""
    _add(tx, names, at, 1)


def forgive(tx: Transaction, names: Sequence[str], at: dt.datetime) -> None:
    """Forget all tries under these names."""
    for each in names:
        signin.put(tx, "tries", each, {"clear_at": at})


def _add(tx: Transaction, names: Sequence[str], at: dt.datetime, tries: int) -> None:
    for each in sorted(names):  # one order of locks
        tx.hold("try", each)
    before = {row.id: row.clear_at for row in signin.tries(tx.conn, names)}
    for each in names:
        limit = LIMITS[each.partition(":")[0]]
        clear_at = before.get(each, at)
        if not at <= clear_at <= at + limit.free * limit.each:  # over, or a clock was once ahead
            clear_at = at
        wait = clear_at - at - (limit.free - 1) * limit.each
        if tries > 0 and wait > dt.timedelta():
            raise RefusedError("sign-in-waits", minutes=-(-wait // MINUTE))
        signin.put(tx, "tries", each, {"clear_at": max(at, clear_at + tries * limit.each)})
