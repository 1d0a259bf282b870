"""Every format of entry that was ever written keeps its formula, and an unknown one is one line."""

from __future__ import annotations

import pytest

from catalog.errors import ConflictError
from ledger.proof import verify
from ledger.proof.ledger_verification import verify_ledger
from tasks.proof.pack import Scope, stream_pack
from tests.databases import tamper

FIELDS = ("2014-03-14T00:30:00Z", "li", "file", "a/1/-/2014", '{"changes":[],"x":"簽"}')
# Never changed: a new format adds a line.
WRITTEN = {1: "28112aaefea077dbf3ead246c5f48c7cae08ec3e64d8475b8674a5fce4294c79"}


def test_every_format_has_a_digest_here():
    assert WRITTEN.keys() == verify.BODIES.keys()


@pytest.mark.parametrize("number", WRITTEN)
def test_a_format_gives_what_it_always_gave(number):
    assert verify.chained(verify.GENESIS, verify.body(7, FIELDS, number)) == WRITTEN[number]


@pytest.mark.parametrize("number", [2, 0, -1])
def test_a_changed_format_is_noticed_once_and_not_for_each_entry(held, number):
    with held.engine.begin() as conn:
        tamper(conn, f"UPDATE entries SET format = {number} WHERE seq > 2")  # noqa: S608  numbers of our own
    with held.read() as conn:
        (fault,) = verify_ledger(conn).faults

    assert fault.seq == 3
    assert fault.what.startswith(f"of format {number}, which this version does not know")


def test_a_pack_of_an_unknown_format_is_refused(held):
    with held.engine.begin() as conn:
        tamper(conn, "UPDATE entries SET format = 2 WHERE seq = 3")
    scope = Scope("duty", "nothing", (), ())
    with pytest.raises(ConflictError) as refused:
        list(stream_pack(held, scope, summary=""))
    assert refused.value.key == "entry-format"
