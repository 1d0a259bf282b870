"""Fields that a page does not read are refused by name."""

from __future__ import annotations

import pytest

from desk.web.fields import unknown_field


@pytest.mark.parametrize(
    ("path", "field"), [("/language", "colour"), ("/views", "owner"), ("/account/tokens", "user")]
)
def test_a_field_that_a_form_does_not_read_is_refused_and_named(signed_in, path, field):
    answer = signed_in("chen").post_form(path, **{field: "x"})
    assert (answer.status_code, field in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/circulars/2014-01/words", {}),
        ("/bulk", {"do": "urge", "name": "a" * 32}),
    ],
)
def test_a_page_that_reads_the_whole_form_refuses_it_too(signed_in, path, fields):
    answer = signed_in("chen").post_form(path, colour="x", **fields)
    assert (answer.status_code, "colour" in answer.text) == (422, True)


def test_who_signs_in_with_a_field_more_is_told_so(browser):
    answer = browser.post("/sign-in", data={"user": "chen", "password": "x", "otp": "1"})
    assert (answer.status_code, "otp" in answer.text) == (422, True)


def test_where_nothing_is_read_it_says_so():
    assert str(unknown_field("page", [])) == "page is not read here; no field or parameter is."
