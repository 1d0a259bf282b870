"""`duban agency key`: with which key an agency's own system checks what comes from us."""

from __future__ import annotations

import pytest

from tasks.post.channels.webhook import signing_key
from tests.world import small_plan

SECRET = "thirty-two characters at the least"
ASKED = ("agency", "key", "city", "officer", "--channel", "oa")


@pytest.fixture
def reached(duban, tmp_path, monkeypatch):
    """The city's officer is reached by the hook `oa`, at city-1."""
    plan = small_plan(tmp_path, {"parties": ["city"]})
    path = tmp_path / f"{plan.plan}.toml"
    assert duban("plan", "publish", str(path), "--start-on", "2013-08-05").code == 0
    monkeypatch.setenv("DUBAN_CHANNELS", "oa=hooks://oa.example/in/{to}")
    monkeypatch.setenv("DUBAN_SECRET", SECRET)
    assert duban("agency", "contact", "city", "officer", "city-1", "--channel", "oa").code == 0


@pytest.mark.usefixtures("reached")
def test_the_key_told_is_the_one_that_signs(duban):
    said = duban(*ASKED)

    assert (said.code, said.out.strip()) == (0, signing_key(SECRET, "oa", "city-1"))
    assert duban(*ASKED, "--json").json["key"] == said.out.strip()


@pytest.mark.usefixtures("reached")
@pytest.mark.parametrize(
    ("setting", "code", "word"),
    [
        ("DUBAN_CHANNELS=oa=ntfy://topic", 3, "no hook"),
        ("DUBAN_CHANNELS=", 3, "no hook"),
        ("DUBAN_SECRET=", 4, "DUBAN_SECRET"),
    ],
)
def test_without_a_hook_or_a_secret_there_is_no_key(duban, monkeypatch, setting, code, word):
    name, _, value = setting.partition("=")
    monkeypatch.setenv(name, value)
    said = duban(*ASKED)

    assert (said.code, word in said.err) == (code, True)


@pytest.mark.usefixtures("reached")
def test_who_is_not_reached_by_the_hook_has_no_key(duban):
    said = duban("agency", "key", "trade", "officer", "--channel", "oa")

    assert (said.code, "trade/officer" in said.err) == (3, True)


@pytest.mark.usefixtures("reached")
def test_each_of_several_systems_has_its_own_key(duban):
    assert duban("agency", "contact", "city", "officer", "a,b", "--channel", "oa").code == 0

    said = duban(*ASKED)

    assert said.out.split() == [signing_key(SECRET, "oa", address) for address in ("a", "b")]
    assert duban(*ASKED, "--json").json["keys"] == dict(zip("ab", said.out.split(), strict=True))
