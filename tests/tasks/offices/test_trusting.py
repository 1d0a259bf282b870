"""Trust in other offices: a key is trusted once, by name, and read from a file they send."""

from __future__ import annotations

import re

import pytest

from catalog.errors import DubanError
from ledger.offices import keys
from ledger.proof import chain
from tasks.offices.trusting import distrust, trust
from tests.tasks.offices.conftest import CHEN


@pytest.mark.parametrize(
    ("name", "whose", "key"),
    [
        ("Ministry!", "own", "peer-name"),
        ("me", "own", "peer-self"),
        ("ministry", "new", "peer-there"),
        ("second", "same", "peer-there"),
    ],
)
def test_a_key_is_trusted_once_under_one_name(office, ministry, name, whose, key):
    new = ministry / "new"
    new.mkdir()
    homes = {"own": office.settings.home, "new": new, "same": ministry}
    with pytest.raises(DubanError) as error:
        trust(office, name, keys.public(homes[whose]), CHEN)
    assert error.value.key == key


def test_trusting_and_its_end_are_told_with_the_fingerprint(office, ministry):
    distrust(office, "ministry", CHEN)
    trust(office, "ministry", keys.public(ministry), CHEN)
    with office.read() as conn:
        told_ = [(e.deed, e.payload["fingerprint"]) for e in chain.entries(conn, "peer/ministry")]
    print_ = keys.fingerprint(keys.public(ministry))
    assert told_ == [("trusted", print_), ("distrusted", print_), ("trusted", print_)]


@pytest.mark.parametrize("text", ["", "ed25519:", "ed25519:zz", "ed25519:00\ned25519:11", "x"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(DubanError) as error:
        keys.read_key(text, place="city.key")
    assert error.value.key == "key-unreadable"


def test_a_key_is_read_among_remarks(ministry):
    key = keys.public(ministry)
    assert keys.read_key(f"# 省協調辦\n{key}\n", place="x") == key
    assert re.fullmatch("ed25519:[0-9a-f]{64}", key)
