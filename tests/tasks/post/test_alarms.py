"""Letters to those who run the installation: short, in their language, and at most one a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from catalog.wording import languages
from ledger.settings import main_settings
from tasks.post import alarms
from tasks.post.alarms import Alarm, Kind

if TYPE_CHECKING:
    from ledger.settings import Settings

KINDS: tuple[Kind, ...] = get_args(Kind)
AT = dt.datetime(2014, 1, 7, 0, 31, tzinfo=dt.UTC)
DEAD = Alarm("dead", number=2, about=("city/officer", "trade/officer"))
TO = "operator@office.example, chat=13800000000"


def settings(home: Path, **environ: str) -> Settings:
    home.mkdir(exist_ok=True)
    channels = {"DUBAN_CHANNELS": "chat=jsons://chat.example/{to}"}
    return main_settings({"DUBAN_HOME": str(home), "DUBAN_ALARM_TO": TO, **channels, **environ})


def test_each_address_gets_its_letter_by_its_channel(home):
    letters = alarms.letters(settings(home), DEAD, AT)
    assert [(channel, letter.to) for channel, letter in letters] == [
        ("mail", "operator@office.example"),
        ("chat", "13800000000"),
    ]
    assert len({letter.message_id for _, letter in letters}) == 2
    assert letters == alarms.letters(settings(home), DEAD, AT)


def test_a_letter_says_what_is_so_of_whom_and_what_to_do(home):
    letter = alarms.letters(settings(home, DUBAN_LANG="en"), DEAD, AT)[0][1]
    assert letter.subject == "[duban alarm] 2 letters could not be delivered"
    first, remedy, *rest = letter.body.splitlines()
    assert first == "2 letters could not be delivered."
    assert remedy.startswith("The page gives the reasons")
    assert remedy.endswith("Page: Outbox. Manual: docs/operations.md, Alarms.")
    assert rest[:3] == ["Among them:", "- city/officer", "- trade/officer"]
    assert rest[-1].startswith("2014-01-07 00:31 UTC, sent by duban on ")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", languages())
def test_every_kind_has_its_words_in_every_language(home, kind, language):
    (_, letter), _ = alarms.letters(settings(home, DUBAN_LANG=language), Alarm(kind, "sweep"), AT)
    assert "sweep" in letter.body
    assert len(letter.body.splitlines()) == 5


def test_the_remedy_links_to_the_page_where_the_desk_has_an_address(home):
    here = settings(home, DUBAN_LANG="en", DUBAN_BASE_URL="https://duban.example")
    letter = alarms.letters(here, Alarm("escalated"), AT)[0][1]
    assert "Page: https://duban.example/slips." in letter.body


def test_the_manual_has_the_headings_that_alarms_name():
    manual = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {f"\n## {each.heading}\n" in manual for each in alarms._HELP.values()} == {True}
    assert alarms._HELP.keys() <= set(KINDS)


def test_a_letter_takes_no_more_than_some_short_lines(home):
    flood = Alarm("tampered", number=9999, about=("x\r\nBcc: all@example.org " * 999,) * 999)
    (_, letter), _ = alarms.letters(settings(home), flood, AT)
    assert len(letter.body.splitlines()) < 20
    assert len(letter.body) < 3000
    assert len(str(letter.event)) < 3000  # a channel of the installation's own sends that


def test_after_one_letter_the_day_is_silent_for_its_kind_and_source(home):
    here, day = settings(home), AT.date()
    assert alarms.silence(here, DEAD, day) == ""
    alarms.note_sent(here, DEAD, day)
    assert alarms.silence(here, DEAD, day) != ""
    others = (Alarm("failed"), Alarm("dead", "xin-cheng"))
    assert [alarms.silence(here, other, day) for other in others] == ["", ""]
    assert alarms.silence(here, DEAD, day + dt.timedelta(1)) == ""


def test_without_an_address_the_setting_is_named(home):
    reason = alarms.silence(settings(home, DUBAN_ALARM_TO=""), DEAD, AT.date())
    assert "DUBAN_ALARM_TO" in reason
