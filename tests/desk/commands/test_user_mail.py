"""`duban user mail`: the address at which a substitute gets letters."""

from __future__ import annotations

import pytest

from tests.world import small_plan

ADD = ("user", "add", "li", "--name", "李敏", "--agency", "city")


@pytest.fixture(autouse=True)
def _published(duban, tmp_path):
    plan = small_plan(tmp_path, {"parties": ["city"]})
    assert (
        duban(
            "plan", "publish", str(tmp_path / f"{plan.plan}.toml"), "--start-on", "2013-08-05"
        ).code
        == 0
    )


def mail_of(duban, user):
    return next(u["mail"] for u in duban("user", "list", "--json").json if u["id"] == user)


def test_a_user_has_a_mail_address_from_the_first_day_or_later(duban):
    assert duban(*ADD, "--mail", "li@X.example").code == 0
    assert mail_of(duban, "li") == "li@x.example"
    assert duban("user", "mail", "li", "min@x.example").code == 0
    assert mail_of(duban, "li") == "min@x.example"
    assert duban("user", "mail", "li", "--end").code == 0
    assert mail_of(duban, "li") is None
    deeds = [e["deed"] for e in duban("history", "--json").json]
    assert deeds.count("mail-recorded") == 2


def test_an_address_that_is_none_is_refused(duban):
    assert duban(*ADD, "--mail", "li").code == 4
    assert duban(*ADD).code == 0
    said = duban("user", "mail", "li", "李敏 <li@x.example>")
    assert (said.code, "li@x.example" in said.err, said.err.count("\n")) == (4, True, 1)


def test_a_substitute_without_an_address_is_named_when_the_substitution_is_recorded(duban):
    for user in ("li", "wu"):
        assert duban("user", "add", user, "--name", user, "--agency", "city").code == 0
    delegate = ("delegate", "li", "wu", "--as", "li", "--until", "2199-01-01")

    assert "wu has no mail address" in duban(*delegate).err
    assert duban("user", "mail", "wu", "wu@x.example").code == 0
    assert duban(*delegate).err == ""
