"""Mail addresses as people type them: taken, or refused with the slip named."""

from __future__ import annotations

import pytest

from catalog.errors import InvalidError
from catalog.offices.mail_addresses import ascii_address, mail_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Li.Min@Office.Example ", "Li.Min@office.example"),
        ("officer@商務廳.廣東", "officer@商務廳.廣東"),
        ("officer@xn--fiqs8s.example", "officer@中国.example"),
        ("officer@mail.local", "officer@mail.local"),
        ("duban@localhost", "duban@localhost"),
        ("officer@demo.invalid", "officer@demo.invalid"),
    ],
)
def test_an_address_is_taken(typed, address):
    assert mail_address(typed, "city/officer") == address


@pytest.mark.parametrize(
    ("typed", "key", "values"),
    [
        ("officer", "address-invalid", {}),
        ("officer@", "address-invalid", {}),
        ("officer@@x.example", "address-invalid", {}),
        ("officer@x..example", "address-invalid", {}),
        ("officer@office", "address-invalid", {}),
        ("officer@10.0.0.1", "address-invalid", {}),
        ("offi cer@x.example", "address-invalid", {}),
        ("officer@x.example\nBcc: b@x.example", "address-invalid", {}),
        ("officer＠x.example", "address-full-width", {"character": "＠", "plain": "@"}),
        ("officer@x．example", "address-full-width", {"character": "．", "plain": "."}),
        ("officer@x。example", "address-full-width", {"character": "。", "plain": "."}),
        ("李敏 <li@x.example>", "address-with-name", {"address": "li@x.example"}),
        ("<li@x.example>", "address-with-name", {"address": "li@x.example"}),
        ("李敏@x.example", "address-not-ascii", {"address": "李敏@x.example"}),
    ],
)
def test_a_slip_is_named(typed, key, values):
    with pytest.raises(InvalidError) as refusal:
        mail_address(typed, "city/officer")

    assert refusal.value.key == key
    assert refusal.value.values.items() >= {"place": "city/officer", **values}.items()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("officer@x.example", "officer@x.example"),
        ("officer@中国.example", "officer@xn--fiqs8s.example"),
        ("officer@-中国-.example", "officer@-中国-.example"),
    ],
)
def test_a_domain_of_other_letters_leaves_in_ascii(address, wire):
    assert ascii_address(address) == wire
