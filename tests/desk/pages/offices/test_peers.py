"""Other offices are trusted after their fingerprints were compared, and further ones are added."""

from __future__ import annotations

import re

from ledger.offices import bundles, jurisdictions, keys

HOME = "/settings/offices"
KEY = f"ed25519:{'d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'}"
PRINT = keys.fingerprint(KEY)


def post(browser, step, **fields):
    return browser.post_form(f"{HOME}/{step}", shown_on=HOME, **fields)


def trusted(ledger):
    with ledger.read() as conn:
        return [peer.id for peer in bundles.trusted(conn)]


def test_an_office_is_trusted_once_its_fingerprint_was_compared(signed_in, desk_ledger):
    chen = signed_in("chen")
    page = post(chen, "compare", name="town", key=f"# from the town\n{KEY}\n").text
    assert PRINT[:4] in page
    assert trusted(desk_ledger) == []

    unsure = post(chen, "trust", name="town", key=KEY)
    assert (unsure.status_code, trusted(desk_ledger)) == (422, [])

    assert "已信任" in post(chen, "trust", name="town", key=KEY, compared="yes").text
    assert trusted(desk_ledger) == ["town"]
    assert post(chen, "compare", name="village", key=KEY).status_code == 409

    post(chen, "distrust", peer="town")
    assert trusted(desk_ledger) == []
    assert post(chen, "distrust", peer="town").status_code == 409


def test_what_is_wrong_with_a_key_stands_at_its_field(signed_in):
    chen = signed_in("chen")
    for step, more in (("compare", {}), ("trust", {"compared": "yes"})):
        for wrong, field in (({"name": "Stadt 1"}, "name"), ({"key": "rsa"}, "key")):
            page = post(chen, step, **({"name": "town", "key": KEY} | more | wrong))
            assert page.status_code == 422
            assert f'id="{field}-wrong"' in page.text


def test_our_own_key_is_made_and_downloaded(signed_in, desk_ledger):
    lin = signed_in("lin")
    home = desk_ledger.settings.home
    assert keys.existing(home) is None
    assert lin.get(f"{HOME}/key").url.path == HOME

    post(lin, "key")

    assert keys.existing(home) in lin.get(f"{HOME}/key").text


def test_a_second_office_gets_a_ledger_of_its_own(signed_in, desk_ledger):
    lin = signed_in("lin")
    new = {"id": "town", "office": "鎮督辦室", "address": "https://town.example.org"}

    page = post(lin, "add", **new).text

    assert "鎮督辦室" in page
    assert [j.id for j in jurisdictions.listed(desk_ledger.settings)] == ["", "town"]
    for wrong, field in (
        ({}, "id"),
        ({"id": "Town 2"}, "id"),
        ({"id": "village", "office": ""}, "office"),
        ({"id": "village", "address": "nowhere"}, "address"),
        ({"id": "village"}, "address"),
    ):
        answer = post(lin, "add", **(new | wrong))
        assert answer.status_code in {409, 422}
        assert re.search(rf'id="{field}-wrong"', answer.text)


def test_only_the_administrator_adds_an_office(signed_in):
    assert post(signed_in("chen"), "add", id="town").status_code == 403
    assert signed_in("li").get(HOME).status_code == 403
