"""The working days of a year are taken in on a page, after their effect was shown."""

from __future__ import annotations

import re

from ledger import holiday_notices

PATH = "/settings/workdays"
NOTICE = "放假 2014-03-03 2014-03-07\n上班 2014-03-08\n依據 粵府辦〔2014〕1號\n"


def test_a_notice_is_shown_with_its_effect_and_recorded(signed_in, desk_ledger):
    chen = signed_in("chen")
    page = chen.post_form(PATH, text=NOTICE)
    assert "2014年3月8日" in page.text
    assert re.search(r"\d+項事項的期限變動", page.text)
    with desk_ledger.read() as conn:
        assert holiday_notices.recorded(conn, "CN") == ()

    page = chen.post_form(f"{PATH}/record", shown_on=PATH, text=NOTICE)

    assert "通知已登記" in page.text
    assert "本處登記" in page.text
    with desk_ledger.read() as conn:
        assert [notice.year for notice in holiday_notices.recorded(conn, "CN")] == [2014]


def test_the_example_can_be_sent_back_as_a_file(signed_in):
    lin = signed_in("lin")
    example = lin.get(f"{PATH}/example").text
    token = re.search(r'name="token" value="(\w+)"', lin.get(PATH).text)[1]
    page = lin.post(PATH, data={"token": token}, files={"upload": ("2027.txt", example)})
    assert (page.status_code, "2027" in page.text) == (200, True)
    wrong = lin.post(PATH, data={"token": token}, files={"upload": ("2027.txt", b"\xff\xfe")})
    assert wrong.status_code == 422


def test_what_is_wrong_with_a_notice_stands_at_its_field(signed_in):
    lin = signed_in("lin")
    for step in ("", "/record"):
        page = lin.post_form(f"{PATH}{step}", shown_on=PATH, text="放假 明天")
        assert page.status_code == 422
        assert 'id="text-wrong"' in page.text
