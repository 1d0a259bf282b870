"""Passwords by command, and the demonstration's own."""

from __future__ import annotations

import datetime as dt
import io
import re
import stat

import pytest

from catalog.errors import ConflictError
from desk.access import tokens
from ledger.offices.installation import load_settings
from ledger.people import signin
from ledger.proof import chain
from ledger.session import Ledger
from tasks.demo import play
from tasks.people import passwords

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
OFFICER = "dongguan/officer"


@pytest.fixture
def typing(monkeypatch):
    """Type words on stdin."""
    return lambda words: monkeypatch.setattr("sys.stdin", io.StringIO(words))


def opened() -> Ledger:
    return Ledger.open(load_settings())


def kept(user=OFFICER):
    with opened() as ledger, ledger.read() as conn:
        return signin.credential(conn, user)


@pytest.mark.usefixtures("demo_home")
@pytest.mark.parametrize("typed", ["correct horse battery", ""])
def test_a_password_given_is_printed_once_kept_hashed_and_to_be_changed(duban, typing, typed):
    typing(f"{typed}\n")
    answer = duban("user", "password", OFFICER)
    password = answer.out.strip()

    assert (answer.code, password if typed else typed) == (0, typed)
    assert re.fullmatch("([a-z2-9]{4}-){3}[a-z2-9]{4}", password) or typed
    assert kept().one_time
    assert passwords.verify(password, kept().password)


@pytest.mark.usefixtures("demo_home")
def test_the_history_tells_that_it_was_given_and_not_what_it_is(duban, typing):
    typing("correct horse battery\n")
    duban("user", "password", OFFICER, "--as", "office/administrator")

    with opened() as ledger, ledger.read() as conn:
        last = list(chain.entries(conn, subject=OFFICER))[-1]
    assert (last.deed, last.actor) == ("password-given", "office/administrator")
    (_, _, digest) = last.payload["sealed"][0]
    assert last.payload == {"changes": [], "sealed": [["credentials", OFFICER, digest]]}
    assert kept().password not in str(last)


@pytest.mark.usefixtures("demo_home")
@pytest.mark.parametrize(
    ("user", "typed", "code"), [("nobody", "correct horse battery", 3), (OFFICER, "short", 4)]
)
def test_what_cannot_be_is_refused(duban, typing, user, typed, code):
    typing(f"{typed}\n")

    assert duban("user", "password", user).code == code


@pytest.mark.usefixtures("demo_home")
def test_nobody_gives_themself_a_password_by_command(duban, typing):
    typing("")
    administrator = "office/administrator"

    assert duban("user", "password", administrator, "--as", administrator).code == 5


@pytest.mark.usefixtures("demo_home")
def test_a_dry_run_keeps_nothing(duban, typing):
    typing("correct horse battery\n")

    assert duban("user", "password", OFFICER, "--dry-run").code == 0
    assert kept() is None


@pytest.mark.usefixtures("demo_home")
def test_a_token_is_made_by_its_owner_who_types_their_password(duban, typing):
    with opened() as ledger:
        passwords.set_password(ledger, [OFFICER], "correct horse battery", at=AT, actor=OFFICER)
    typing("a wrong horse battery\n")
    refused = duban("user", "token", "--as", OFFICER)
    typing("correct horse battery\n")
    made = duban("user", "token", "--as", OFFICER)
    with opened() as ledger, ledger.read() as conn:
        holder = tokens.holder(conn, made.out.strip(), "api", on=AT.date())

    assert (refused.code, refused.out, made.code) == (5, "", 0)
    assert holder.user == OFFICER


@pytest.mark.usefixtures("demo_home")
def test_a_one_time_password_makes_no_token(duban, typing):
    typing("correct horse battery\n")
    duban("user", "password", OFFICER)
    typing("correct horse battery\n")

    refused = duban("user", "token", "--as", OFFICER)
    assert refused.code == 5
    assert "one-time password" in refused.err


def test_the_cast_has_one_password_made_once_for_its_home_alone(demo_home):
    with opened() as ledger:
        first = play.password(ledger, at=AT)
        again = play.password(ledger, at=AT)

    assert first == again
    assert passwords.verify(first, kept().password)
    assert stat.S_IMODE((demo_home / "demo-password").stat().st_mode) == 0o600


@pytest.mark.usefixtures("demo_home")
def test_the_demonstrations_password_leaves_the_history_as_it_was():
    with opened() as ledger:
        with ledger.read() as conn:
            before = chain.head(conn)
        play.password(ledger, at=AT)
        with ledger.read() as conn:
            assert chain.head(conn) == before


def test_there_are_no_such_accounts_in_real_use(ledger):
    with pytest.raises(ConflictError) as refused:
        play.password(ledger, at=AT)

    assert refused.value.key == "not-a-demonstration"
