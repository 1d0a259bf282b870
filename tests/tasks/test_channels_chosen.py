"""Which channel the settings choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.errors import NotFoundError
from ledger.settings import load_settings
from tasks.channels import channel_for
from tasks.channels.apprise import AppriseChannel
from tasks.channels.mail import MailChannel

if TYPE_CHECKING:
    from pathlib import Path


def test_mail_goes_to_files_unless_a_server_is_set(tmp_path: Path):
    settings = load_settings({"DUBAN_HOME": str(tmp_path)})
    assert repr(channel_for(settings, "mail")) == f"FileChannel('{tmp_path}/outbox')"


def test_a_file_address_may_name_another_folder(tmp_path: Path):
    settings = load_settings({"DUBAN_HOME": str(tmp_path), "DUBAN_MAIL_URL": "file:///tmp/post"})
    assert repr(channel_for(settings, "mail")) == "FileChannel('/tmp/post')"


def test_mail_goes_to_the_server_that_is_set(tmp_path: Path):
    url = "smtp://duban:hidden@mail.example"
    channel = channel_for(
        load_settings({"DUBAN_HOME": str(tmp_path), "DUBAN_MAIL_URL": url}), "mail"
    )
    assert isinstance(channel, MailChannel)
    assert "hidden" not in repr(channel)


def test_a_named_channel_goes_through_apprise(tmp_path: Path):
    settings = load_settings(
        {"DUBAN_HOME": str(tmp_path), "DUBAN_CHANNELS": "hook=json://127.0.0.1/in"}
    )
    assert isinstance(channel_for(settings, "hook"), AppriseChannel)


def test_a_channel_nobody_set_is_not_found(tmp_path: Path):
    with pytest.raises(NotFoundError):
        channel_for(load_settings({"DUBAN_HOME": str(tmp_path)}), "pigeon")
