"""Texts within the limits of each kind of channel, one post a letter."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tasks.letters.letter_format import Letter
from tasks.post.channels.apprise import ALLOWED
from tasks.post.channels.limits import CUT, LIMITS, Limit, fitted, limit_of, size

SHORT = "督辦：26項任務，最近時限6月30日。詳見 https://duban.example/ 或致電 020-8888"
LINES = [
    f"{n}. 請於2014年6月30日或之前完成：召開粵港、粵澳合作聯席會議（第{n}項）" for n in range(1, 80)
]
LETTER = Letter(
    message_id="<1@duban.example>",
    sender="duban@duban.example",
    to="+8620",
    subject="關於交辦79項任務的通知（最近時限6月30日）",
    body="\n".join(LINES),
    short=SHORT,
    date=dt.datetime(2014, 5, 30, 0, 30, tzinfo=dt.UTC),
)
PLAIN = {"json", "jsons", "form", "forms", "xml", "xmls", "gotify", "gotifys"}


def text(kind, letter=LETTER, **options):
    subject, body = fitted(letter, limit_of(f"{kind}://x"), **options)
    return f"{subject}\r\n{body}" if subject else body


@pytest.mark.parametrize("kind", sorted(ALLOWED))
@pytest.mark.parametrize(
    "letter", [LETTER, replace(LETTER, short=""), replace(LETTER, body="x" * 9999)]
)
def test_every_kind_gets_a_text_within_its_limit(kind, letter):
    limit = limit_of(f"{kind}://x")
    assert limit.size is None or size(text(kind, letter), limit.unit) <= limit.size
    assert text(kind, letter).strip()


def test_kinds_without_a_limit_are_the_plain_ones():
    assert ALLOWED - LIMITS.keys() == PLAIN


def test_a_text_that_fits_is_whole():
    letter = replace(LETTER, body="\n".join(LINES[:3]))
    assert fitted(letter, LIMITS["wecombot"]) == (letter.subject, letter.body)
    assert fitted(LETTER, limit_of("json://x")) == (LETTER.subject, LETTER.body)


def test_a_long_text_has_the_lines_that_fit_and_then_the_link():
    subject, body = fitted(LETTER, LIMITS["wecombot"])
    lines = body.splitlines()
    assert subject == LETTER.subject
    assert lines[-3:] == ["", CUT, SHORT]
    assert lines[:-3] == LINES[: len(lines) - 3]
    more = "\n".join([*LINES[: len(lines) - 2], *lines[-3:]])
    assert size(f"{subject}\r\n{more}", "bytes") > 2048


def test_without_room_for_a_line_the_short_form_stands_alone():
    letter = replace(LETTER, body="督" * 3000)
    assert fitted(letter, LIMITS["wecombot"]) == ("", SHORT)


def test_an_sms_is_the_short_form_even_if_more_would_fit():
    assert fitted(replace(LETTER, body="a line"), LIMITS["twilio"]) == ("", SHORT)
    assert fitted(replace(LETTER, short=""), LIMITS["twilio"]) == (
        "",
        f"{LETTER.subject}\n{LINES[0]}",
    )


@pytest.mark.parametrize(
    ("character", "number", "parts"),
    [
        *(("a", 160, 1), ("a", 161, 2), ("a", 306, 2), ("a", 307, 3), ("€", 80, 1), ("€", 81, 2)),
        *(
            ("督", 70, 1),
            ("督", 71, 2),
            ("督", 134, 2),
            ("督", 135, 3),
            ("😀", 35, 1),
            ("😀", 36, 2),
        ),
    ],
)
def test_the_parts_of_an_sms(character, number, parts):
    assert size(character * number, "sms") == parts


def test_a_short_form_too_long_by_itself_is_cut():
    _, body = fitted(replace(LETTER, short="督" * 400), LIMITS["twilio"])
    assert body == "督" * 334 + "…"
    assert fitted(LETTER, Limit(3, "bytes")) == ("", "…")


def test_a_keyword_is_in_every_text_and_counts():
    letter = replace(LETTER, body="a line")
    assert fitted(letter, LIMITS["dingtalk"], keyword="任務") == (letter.subject, "a line")
    assert fitted(letter, LIMITS["dingtalk"], keyword="提醒") == (letter.subject, "提醒: a line")
    long = text("dingtalk", replace(LETTER, body="\n".join(LINES * 9)), keyword="提醒")
    assert "提醒" in long
    assert size(long, "json") <= 19_000
