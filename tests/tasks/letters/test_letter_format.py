"""The bytes of a letter: always the same, in their thread, with no title in a header."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tasks.letters.calendar_file import DueDate, due_dates
from tasks.letters.letter_format import Attachment, Letter, message_id, mime

STAMP = dt.datetime(2013, 8, 5, 0, 30, tzinfo=dt.UTC)
KEY = "guangdong-2013/40.meeting/-/2014"
LETTER = Letter(
    message_id="<0123456789abcdef@duban.example>",
    sender="督辦 <duban@duban.example>",
    to="officer@dept.example",
    subject="【綠燈】召開會議",
    body="請於2014年6月30日或之前完成\n",
    date=STAMP,
)
HEADERS = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version"),
    *("content-type", "content-transfer-encoding", "x-auto-response-suppress"),
}


def day(due_on: dt.date, due_version: int = 1, key: str = KEY) -> DueDate:
    return DueDate(key, due_on, due_version, "召開會議", "http://h/d")


def event(due_on: dt.date, due_version: int = 1) -> Attachment:
    return due_dates([day(due_on, due_version)], stamp=STAMP)


def read(letter: Letter, *, eight_bit: bool = True):
    return message_from_bytes(mime(letter, eight_bit=eight_bit), policy=default)


def unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def test_the_same_letter_has_the_same_bytes():
    letter = replace(LETTER, attachments=(event(dt.date(2014, 12, 31), 1),))
    assert mime(letter) == mime(replace(letter))


def test_a_line_too_long_for_mail_is_encoded():
    body = "長" * 400 + "\n"
    content = mime(replace(LETTER, body=body))
    assert max(map(len, content.splitlines())) < 998
    assert unix(read(replace(LETTER, body=body)).get_content()) == body


@given(title=st.text(), name=st.text(max_size=40), to=st.text(max_size=40))
def test_no_text_makes_a_header_or_a_line_end(title: str, name: str, to: str):
    content = mime(replace(LETTER, subject=title, sender=f"{name} <a@b.example>", to=to))
    head, _, body = content.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert {n.decode().lower() for n in names} <= HEADERS
    assert len(names) == len(set(names))
    assert unix(body.decode()) == LETTER.body


@given(title=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=300))
def test_a_title_comes_back_as_it_was(title: str):
    assert read(replace(LETTER, subject=title))["Subject"] == title


def test_a_letter_hangs_on_the_earlier_ones():
    ids = tuple(f"<{n:016x}@a-rather-long-domain.of-the-province.example>" for n in range(60))
    mail = read(replace(LETTER, references=ids, in_reply_to=ids[:1]))
    assert tuple(mail["References"].split()) == ids
    assert mail["In-Reply-To"] == ids[0]


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("duban@gd.example", ""),
        ("Duban <duban@gd.example>", "Duban"),
        ('"辦, 督" <duban@gd.example>', "辦, 督"),
    ],
)
def test_the_sender_is_shown_with_its_name(sender: str, name: str):
    (shown,) = read(replace(LETTER, sender=sender))["From"].addresses
    assert (shown.display_name, shown.addr_spec) == (name, "duban@gd.example")


def test_a_short_english_subject_is_readable_as_it_stands():
    assert b"\r\nSubject: [Red] Annual meeting\r\n" in mime(
        replace(LETTER, subject="[Red] Annual meeting")
    )


def test_identifiers_are_in_the_senders_domain():
    assert message_id("ab", "督辦 <duban@gd.example>") == "<ab@gd.example>"


@pytest.mark.parametrize("eight_bit", [True, False])
def test_a_page_stands_beside_the_plain_text(eight_bit):
    page = "<p>請於2014年6月30日或之前完成</p>\n"
    letter = replace(LETTER, html=page, attachments=(event(dt.date(2014, 6, 30)),))
    mail = read(letter, eight_bit=eight_bit)
    alternative, calendar = mail.iter_parts()
    plain, html = alternative.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    assert alternative.get_content_type() == "multipart/alternative"
    assert calendar.get_content_type() == "text/calendar"
    assert (unix(plain.get_content()), unix(html.get_content())) == (LETTER.body, page)


def invitation(name="invite.ics", method="REQUEST"):
    kind = f"text/calendar; charset=utf-8; method={method}"
    return Attachment(name=name, content_type=kind, content=b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("page", ["", "<p>召開會議</p>\n"])
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_only_invitation_is_a_version_of_the_body_and_a_file(page, method):
    due = event(dt.date(2014, 6, 30))
    letter = replace(LETTER, html=page, attachments=(due, invitation(method=method)))
    alternative, calendar, file = read(letter).iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    *texts, last = alternative.iter_parts()
    assert [t.get_content_type() for t in texts] == ["text/plain", *(["text/html"] if page else [])]
    assert (last.get_content_type(), last.get_param("method")) == ("text/calendar", method)
    assert unix(last.get_content()) == "BEGIN:VCALENDAR\n"
    assert (calendar.get_param("method"), file.get_filename()) == ("PUBLISH", "invite.ics")


def test_several_invitations_are_files_alone():
    files = (invitation("invite-1.ics"), invitation("invite-2.ics"))
    body, *rest = read(replace(LETTER, attachments=files)).iter_parts()
    assert body.get_content_type() == "text/plain"
    assert [part.get_filename() for part in rest] == ["invite-1.ics", "invite-2.ics"]


def test_answers_go_to_the_office_and_machines_keep_silent():
    mail = read(replace(LETTER, reply_to="協調辦公室 <office@gd.example>"))
    (office,) = mail["Reply-To"].addresses
    assert (office.display_name, office.addr_spec) == ("協調辦公室", "office@gd.example")
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_the_calendar_file_comes_back_with_the_due_date():
    mail = read(replace(LETTER, attachments=(event(dt.date(2014, 12, 31), 1),)))
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    calendar = Calendar.from_ical(part.get_content())
    (found,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert found["DTSTART"].dt == dt.date(2014, 12, 31)
    assert found["DTEND"].dt == dt.date(2015, 1, 1)
    assert found["SUMMARY"] == "召開會議"
    assert found["URL"] == "http://h/d"


def test_many_due_dates_are_one_file():
    days = [day(dt.date(2014, 6, n), key=f"guangdong-2013/{n}.x/-/2014") for n in range(1, 31)]
    found = Calendar.from_ical(due_dates(days, stamp=STAMP).content).walk("VEVENT")
    assert [e["DTSTART"].dt for e in found] == [d.due_on for d in days]
    assert len({e["UID"] for e in found}) == 30


def test_a_moved_date_is_the_same_event_with_the_next_sequence():
    first, second = event(dt.date(2014, 6, 30), 1), event(dt.date(2014, 9, 30), 2)
    old, new = (Calendar.from_ical(a.content).walk("VEVENT")[0] for a in (first, second))
    assert old["UID"] == new["UID"]
    assert [old["SEQUENCE"], new["SEQUENCE"]] == [0, 2]


@pytest.mark.parametrize("eight_bit", [True, False])
def test_a_letter_with_a_file_is_told_in_ascii_where_the_server_wants_it(eight_bit):
    letter = replace(LETTER, attachments=(event(dt.date(2014, 6, 30), 1),))
    assert unix(read(letter, eight_bit=eight_bit).get_body().get_content()) == LETTER.body
    assert mime(letter, eight_bit=eight_bit).isascii() is not eight_bit
