"""The channel chosen by the settings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from catalog.errors import InvalidError, NotFoundError
from ledger.offices.installation import load_settings
from tasks.post.channels import channel_for
from tasks.post.channels.apprise import AppriseChannel
from tasks.post.channels.mail import MailChannel

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.settings import Settings
    from tasks.post.channels.channel import Channel


def chosen(settings: Settings, name: str) -> Channel:
    return channel_for(settings, name, clock=lambda: dt.datetime(2014, 5, 30, tzinfo=dt.UTC))


def test_mail_goes_to_files_unless_a_server_is_set(tmp_path: Path):
    settings = load_settings({"DUBAN_HOME": str(tmp_path)})
    assert repr(chosen(settings, "mail")) == f"FileChannel('{tmp_path}/outbox')"


def test_a_file_address_may_name_another_folder(tmp_path: Path):
    settings = load_settings({"DUBAN_HOME": str(tmp_path), "DUBAN_MAIL_URL": "file:///tmp/post"})
    assert repr(chosen(settings, "mail")) == "FileChannel('/tmp/post')"


def test_mail_goes_to_the_server_that_is_set(tmp_path: Path):
    url = "smtp://duban:hidden@mail.example"
    channel = chosen(load_settings({"DUBAN_HOME": str(tmp_path), "DUBAN_MAIL_URL": url}), "mail")
    assert isinstance(channel, MailChannel)
    assert "hidden" not in repr(channel)


def test_a_named_channel_goes_through_apprise(tmp_path: Path):
    settings = load_settings(
        {"DUBAN_HOME": str(tmp_path), "DUBAN_CHANNELS": "hook=json://127.0.0.1/in"}
    )
    assert isinstance(chosen(settings, "hook"), AppriseChannel)


def test_our_own_hooks_do_not_go_through_apprise(tmp_path: Path):
    environ = {
        "DUBAN_HOME": str(tmp_path),
        "DUBAN_CHANNELS": "oa=hooks://oa.example/in",
        "DUBAN_SECRET": "s" * 32,
    }
    with chosen(load_settings(environ), "oa") as channel:
        assert repr(channel) == "HookChannel('oa')"


def test_a_hook_without_a_secret_to_sign_with_is_refused(tmp_path: Path):
    environ = {"DUBAN_HOME": str(tmp_path), "DUBAN_CHANNELS": "oa=hooks://oa.example/in"}
    with pytest.raises(InvalidError) as refused:
        chosen(load_settings(environ), "oa")
    assert refused.value.key == "channel-needs-secret"


def test_a_channel_nobody_set_is_not_found(tmp_path: Path):
    with pytest.raises(NotFoundError):
        chosen(load_settings({"DUBAN_HOME": str(tmp_path)}), "pigeon")
