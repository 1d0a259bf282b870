from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from catalog.errors import UsageRefusedError
from ledger.office_file import office_values, put_office_values
from ledger.offices.installation import load_settings
from ledger.settings import Oidc

if TYPE_CHECKING:
    from pathlib import Path


def test_an_empty_environment_gives_the_embedded_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    settings = load_settings({})

    assert settings.home == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/duban.db"
    assert settings.mail_url == "file:"
    assert settings.lang == "zh-Hant"
    assert settings.evidence_limit == 20 * 1024 * 1024
    assert (dict(settings.channels), settings.base_url, settings.secret) == ({}, None, None)
    assert settings.oidc is None
    assert settings.mail_helo is None


@pytest.mark.parametrize("name", ["duban.example.org", "[192.0.2.1]", "[IPv6:2001:db8::1]"])
def test_a_greeting_is_a_name_with_a_dot_or_an_address(name):
    assert load_settings({"DUBAN_MAIL_HELO": name}).mail_helo == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DUBAN_HOME", __file__),
        ("DUBAN_DATABASE_URL", "mysql://root:hunter2@localhost/duban"),
        ("DUBAN_BASE_URL", "https://duban.example/a b"),
        ("DUBAN_BASE_URL", "https://duban.example//evil.example"),
        ("DUBAN_BASE_URL", "https://duban.example/duban#part"),
        ("DUBAN_DATABASE_URL", "sqlite://"),
        ("DUBAN_DATABASE_URL", "sqlite:///:memory:"),
        ("DUBAN_MAIL_URL", "http://hunter2@mail.example.org"),
        ("DUBAN_MAIL_URL", "smtp://"),
        ("DUBAN_MAIL_URL", "smtp://mail.example.org:hunter2"),
        ("DUBAN_MAIL_URL", "smtp://[hunter2"),
        ("DUBAN_HOME", "~hunter2/duban"),
        ("DUBAN_MAIL_FROM", "no address"),
        ("DUBAN_MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("DUBAN_MAIL_FROM", "督辦 <a@example.org>\nBcc: b@example.org"),
        ("DUBAN_MAIL_FROM", "督辦 <a@example.org> b@example.org"),
        ("DUBAN_MAIL_FROM", "督辦 <a@example.org, b@example.org>"),
        ("DUBAN_REPLY_TO", "督辦"),
        ("DUBAN_MAIL_HELO", "hunter2"),
        ("DUBAN_MAIL_HELO", "hunter2 example.org"),
        ("DUBAN_MAIL_HELO", "[hunter2]"),
        ("DUBAN_MAIL_HELO", "[1.2.3]"),
        ("DUBAN_BOUNCES", "imap://duban:hunter2@mail.example/INBOX"),
        ("DUBAN_BOUNCES", "imaps://duban:hunter2@mail.example"),
        ("DUBAN_BOUNCES", "imaps://hunter2@mail.example/INBOX"),
        ("DUBAN_BOUNCES", "imaps://duban:hunter2@mail.example/INBOX?x"),
        ("DUBAN_BOUNCES", "imaps://duban:hunter2%0a@mail.example/INBOX"),
        ("DUBAN_BOUNCES", "imaps://duban:hunter2@[mail.example/INBOX"),
        ("DUBAN_BOUNCES", "maildir:hunter2"),
        ("DUBAN_BOUNCES", "maildir://hunter2/var/mail"),
        ("DUBAN_CHANNELS", "wecom"),
        ("DUBAN_CHANNELS", "a=json://hunter2\na=json://other"),
        ("DUBAN_CHANNELS", "mail=json://hunter2"),
        ("DUBAN_BASE_URL", "ftp://example.org"),
        ("DUBAN_ALARM_TO", "hunter2"),
        ("DUBAN_ALARM_TO", "chat=hunter2"),
        ("DUBAN_SECRET", "hunter2"),
        ("DUBAN_PROXIES", "*"),
        ("DUBAN_PROXIES", "hunter2.example.org"),
        ("DUBAN_PROXIES", "127.0.0.1, 10.0.0.1/8"),
        ("DUBAN_PROXIES", "127.0.0.1, 0.0.0.0/0"),
        ("DUBAN_PROXIES", "10.0.0.0/7"),
        ("DUBAN_PROXIES", "::/0"),
        ("DUBAN_PROXIES", "fd00::/8"),
        ("DUBAN_LANG", "tlh"),
        ("DUBAN_COURSES", "-1"),
        ("DUBAN_COURSES", "1001"),
        ("DUBAN_EVIDENCE_MB", "0"),
        ("DUBAN_EVIDENCE_MB", "20 MB"),
        ("DUBAN_EVIDENCE_MB", "1e9"),
        ("DUBAN_OIDC_ISSUER", "http://hunter2.example.org"),
        ("DUBAN_OIDC_ISSUER", "https://"),
        ("DUBAN_OIDC_ISSUER", "https://example.org/?hunter2"),
        ("DUBAN_OIDC_ISSUER", "https://[hunter2"),
    ],
)
def test_a_bad_value_is_refused_by_its_name_and_never_shown(name: str, value: str):
    with pytest.raises(UsageRefusedError) as refused:
        load_settings({name: value})

    assert refused.value.key == "setting-invalid"
    assert refused.value.values["name"] == name
    assert "hunter2" not in refused.value.values["reason"]


@pytest.mark.parametrize(
    ("value", "channels"),
    [
        ("wecom=wecombot://key", {"wecom": "wecombot://key"}),
        ("a=json://h/x, b=jsons://k/y", {"a": "json://h/x", "b": "jsons://k/y"}),
        ("a=json://h/x\n\nb=jsons://k/y\n", {"a": "json://h/x", "b": "jsons://k/y"}),
        ("a=json://h/x,y?+k=1", {"a": "json://h/x,y?+k=1"}),
    ],
)
def test_channels_come_by_name_in_lines_or_with_commas(value: str, channels: dict[str, str]):
    assert dict(load_settings({"DUBAN_CHANNELS": value}).channels) == channels


def test_alarms_go_by_mail_or_by_the_channel_that_is_named():
    environ = {"DUBAN_CHANNELS": "chat=json://h/{to}", "DUBAN_ALARM_TO": "a@b.example, chat=138"}
    assert load_settings(environ).alarm_to == (("mail", "a@b.example"), ("chat", "138"))
    assert load_settings({}).alarm_to == ()


def test_a_value_may_lie_in_a_file(tmp_path: Path):
    (tmp_path / "mail").write_text("smtp://duban:hunter2@mail.example.org:25\n")

    settings = load_settings({"DUBAN_MAIL_URL_FILE": str(tmp_path / "mail")})

    assert settings.mail_url == "smtp://duban:hunter2@mail.example.org:25"


def test_a_value_and_its_file_together_are_refused(tmp_path: Path):
    (tmp_path / "lang").write_text("en")

    with pytest.raises(UsageRefusedError) as refused:
        load_settings({"DUBAN_LANG": "en", "DUBAN_LANG_FILE": str(tmp_path / "lang")})

    assert refused.value.values["name"] == "DUBAN_LANG"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(UsageRefusedError) as refused:
        load_settings({"DUBAN_SECRET_FILE": str(tmp_path / "absent")})

    assert refused.value.values["name"] == "DUBAN_SECRET"


def test_what_may_hold_a_password_is_not_in_the_repr():
    settings = load_settings(
        {
            "DUBAN_DATABASE_URL": "postgresql://duban:hunter2@db/duban",
            "DUBAN_MAIL_URL": "smtp://duban:hunter2@mail.example.org",
            "DUBAN_CHANNELS": "a=json://hunter2@example.org",
            "DUBAN_SECRET": "hunter2" * 5,
        }
    )

    assert "hunter2" not in repr(settings)


PROVIDER = {
    "DUBAN_BASE_URL": "https://duban.example.org",
    "DUBAN_OIDC_ISSUER": "https://sign-in.example.org/realm/",
    "DUBAN_OIDC_CLIENT": "duban",
}


def test_a_provider_is_known_by_issuer_client_and_secret(tmp_path: Path):
    (tmp_path / "secret").write_text("hunter2\n")
    environ = PROVIDER | {"DUBAN_OIDC_SECRET_FILE": str(tmp_path / "secret")}

    oidc = load_settings(environ).oidc

    assert oidc == Oidc(
        "https://sign-in.example.org/realm/", "duban", "hunter2", "preferred_username"
    )
    assert "hunter2" not in repr(load_settings(environ))


@pytest.mark.parametrize("name", ["DUBAN_BASE_URL", "DUBAN_OIDC_CLIENT", "DUBAN_OIDC_SECRET"])
def test_a_provider_of_whom_something_is_missing_is_refused_by_its_name(name: str):
    environ = PROVIDER | {"DUBAN_OIDC_SECRET": "hunter2"} | {name: ""}
    with pytest.raises(UsageRefusedError) as refused:
        load_settings(environ)

    assert refused.value.values["name"] == name


def test_the_sender_may_carry_a_name(home, database):
    settings = database.settings(home, DUBAN_MAIL_FROM="省外經貿廳督辦 <duban@office.example>")

    assert settings.mail_from == "省外經貿廳督辦 <duban@office.example>"
    assert settings.sender == "duban@office.example"
    assert replace(settings, jurisdiction="town").sender == "duban@town.office.example"


def test_what_the_office_chose_counts_below_the_environment(tmp_path):
    chosen = {"mail_url": "smtp://a.example:25", "mail_from": "a@a.example", "lang": "zh-Hans"}
    put_office_values(tmp_path, chosen)
    environ = {"DUBAN_HOME": str(tmp_path)}
    settings = load_settings(environ)
    assert (settings.mail_url, settings.lang) == ("smtp://a.example:25", "zh-Hans")
    settings = load_settings({**environ, "DUBAN_MAIL_URL": "smtp://b.example:25"})
    assert (settings.mail_url, settings.mail_from) == ("smtp://b.example:25", "a@a.example")


def test_the_file_of_the_office_is_for_its_owner_and_loses_what_is_emptied(tmp_path):
    put_office_values(tmp_path, {"mail_url": "smtp://a.example:25", "lang": "en"})
    put_office_values(tmp_path, {"mail_url": ""})
    assert office_values(tmp_path) == {"lang": "en"}
    assert (tmp_path / "office.toml").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["mail_url = 1", "other = 'x'", "no toml", "mail_url = 'gopher:'"])
def test_a_file_of_the_office_that_is_wrong_is_refused_without_its_text(tmp_path, text):
    (tmp_path / "office.toml").write_text(f"{text} # s3cret\n", encoding="utf-8")
    with pytest.raises(UsageRefusedError) as refusal:
        load_settings({"DUBAN_HOME": str(tmp_path)})
    assert "s3cret" not in str(refusal.value)
    assert "gopher" not in str(refusal.value)
