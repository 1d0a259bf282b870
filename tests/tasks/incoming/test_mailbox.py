"""DUBAN_BOUNCES names the mailbox, in parts that were percent-encoded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ledger.offices.installation import load_settings
from tasks.incoming.imap import Account
from tasks.incoming.mailbox import mailbox


def of(value):
    return mailbox(load_settings({"DUBAN_BOUNCES": value}), on=date(2014, 1, 15))


def test_an_imap_folder_has_account_and_name():
    source = of("imaps://duban%40office.example:p%3As%2Fw@mail.example/%E9%80%80%E4%BF%A1")
    account = Account("mail.example", 993, "duban@office.example", "p:s/w", "退信")
    assert source._account == account
    assert of("imap+starttls://a:b@mail.example:1143/INBOX")._account.port == 1143


def test_a_maildir_has_a_path():
    assert of("maildir:/var/mail/du%20ban")._path == Path("/var/mail/du ban")


def test_without_the_setting_nothing_is_read():
    assert of("") is None
